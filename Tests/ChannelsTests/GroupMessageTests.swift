import Domain
import Foundation
import TestSupport
import Testing

@testable import Channels

/// What people read of several alarms in one message.
@Suite struct GroupMessageTests {
  private var event: Event {
    var event = Event.sample()
    func member(_ name: String, _ notice: AlarmTransition.Notice, _ state: Alarm.State) -> EventGroup.Member {
      EventGroup.Member(
        checker: QualifiedName(name, defaultNamespace: "shop"), notice: notice, state: state, severity: .warning,
        summary: "what <\(name)> says", since: sampleTime)
    }
    event.group = EventGroup(
      key: "namespace=shop",
      alarms: [
        member("shop/emails", .red, .red), member("shop/orders", .resolved, .green), member("b", .error, .error),
      ])
    return event
  }

  static let kinds = HTTPCase.all.filter { ["slack", "teams", "discord", "telegram", "ntfy"].contains($0.key) }

  @Test(arguments: kinds) func everyAlarmOfAGroupIsInTheMessage(_ kind: HTTPCase) async throws {
    for template in ["", "Look: {{message}}"] {
      let receiver = try TestReceiver([.status(200)])
      try await kind.channel(receiver.url, ["template": template]).send(event)
      let body = String(decoding: try #require(receiver.requests.first).body, as: UTF8.self)
      #expect(body.contains("and 2 more"), "\(kind.key): \(body)")
      for part in ["Resolved: shop", "orders", "Error: shop", "what"] { #expect(body.contains(part)) }
    }
  }

  @Test func anAlarmCanBeAcknowledgedFromItsMessage() async throws {
    var event = Event.sample()
    event.links = EventLinks(
      checker: "https://c.example.com/checkers/shop/emails", acknowledge: "https://c.example.com/act?t=ack",
      snooze: "https://c.example.com/act?t=snooze")
    let others = HTTPCase.all.filter { ["pagerduty", "opsgenie"].contains($0.key) }
    for kind in Self.kinds + others {
      let receiver = try TestReceiver([.status(200)])
      try await kind.channel(receiver.url).send(event)
      let body = String(decoding: try #require(receiver.requests.first).body, as: UTF8.self)
        .replacing("\\/", with: "/")
      for text in ["Acknowledge", "Snooze 1 h", "act?t=ack", "act?t=snooze"] {
        #expect(body.contains(text), "\(kind.key): \(body)")
      }
    }
    // Of several alarms nobody could tell which one the link is for.
    event.group = self.event.group
    let receiver = try TestReceiver([.status(200)])
    let slack = try #require(Self.kinds.first { $0.key == "slack" })
    try await slack.channel(receiver.url).send(event)
    #expect(!String(decoding: try #require(receiver.requests.first).body, as: UTF8.self).contains("t=ack"))
    event.group = nil
    let mail = try EmailChannel(
      ChannelSetup(
        settings: ["url": "smtp://127.0.0.1", "from": "a@example.com", "to": "b@example.com"], environment: [:],
        links: Links(base: "https://c.example.com"))
    ).mail(for: event)
    for text in [mail.text, mail.html] { #expect(text.contains("act?t=ack") && text.contains("act?t=snooze")) }
  }

  @Test func channelsForPeopleGroupAndOthersDoNot() {
    let kinds = ChannelCatalogue(environment: [:]).kinds
    #expect(
      Set(kinds.filter(\.tellsOfGroups).map(\.key)) == ["email", "slack", "teams", "discord", "telegram", "ntfy"])
  }

  @Test func cloudEventsTellWhyAndWhatElse() throws {
    var event = event
    event.reason = "the alarm opened"
    event.lastedSeconds = 90.5
    event.acknowledgement = Acknowledgement(author: "ana", comment: "mine", at: sampleTime)
    event.links = EventLinks(checker: "https://c.example.com/checkers/shop/emails", acknowledge: "", snooze: "")
    let json = try object(CloudEvent(event: event, includesRows: false).encoded)
    let data = try #require(json["data"] as? [String: Any])
    #expect(data["reason"] as? String == "the alarm opened")
    #expect(data["lasted_seconds"] as? Double == 90.5)
    #expect((data["acknowledgement"] as? [String: Any])?["author"] as? String == "ana")
    #expect((data["links"] as? [String: String]) == ["checker": "https://c.example.com/checkers/shop/emails"])
    let group = try #require(data["group"] as? [String: Any])
    #expect(group["key"] as? String == "namespace=shop")
    #expect((group["alarms"] as? [[String: Any]])?.map { $0["notice"] as? String } == ["red", "resolved", "error"])
  }

  @Test func anOverdueAlarmThatTurnsRedIsNotOverdueAnyMore() async throws {
    let receiver = try TestReceiver([.status(200)])
    var event = Event.sample()
    guard case .alarm(var transition) = event.subject else { return }
    transition.from = .stale
    event.subject = .alarm(transition)
    let kind = try #require(HTTPCase.all.first { $0.key == "pagerduty" })
    try await kind.channel(receiver.url).send(event)
    let acts = try receiver.requests.map { try object($0.body)["event_action"] as? String }
    #expect(acts == ["resolve", "trigger"])
  }
}
