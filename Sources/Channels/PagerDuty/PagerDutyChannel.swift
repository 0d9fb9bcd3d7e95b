package import Domain
import Foundation

/// Sends events to PagerDuty's Events API, version 2.
///
/// Format and limits: developer.pagerduty.com, "PD-CEF" and "Send an Event": 512 KB for all, 1,024 characters of
/// summary, 255 of key.
package struct PagerDutyChannel: PostingChannel {
  package static let key = "pagerduty"
  package static let title = "PagerDuty"
  static let templates: [TemplateSlot] = [
    .title("{{heading}}: {{checker}}{{#row}} ({{row}}){{/row}}: {{message}}"),
    .body(TemplateSlot.defaultText, label: "Details", .plain),
  ]
  package static let settings: [ChannelSetting] =
    [
      ChannelSetting(
        key: "routing_key", label: "Integration key",
        help: "Of an Events API v2 integration; ${NAME} keeps it out of the store.", kind: .secret, isRequired: true),
      ChannelSetting(
        key: "url", label: "Server", help: "https://events.pagerduty.com, or https://events.eu.pagerduty.com.",
        kind: .url, defaultValue: "https://events.pagerduty.com"),
    ] + templates.map(\.setting) + CommonSettings.declared(perMinute: 120)

  private static let maximumBytes = 512_000

  let outlet: Outlet
  private let routingKey: String

  init(_ setup: ChannelSetup) throws(ChannelSettingsError) {
    let reader = try setup.reader(Self.settings)
    routingKey = try reader.token("routing_key")
    var outlet = try Outlet(setup, reader, Self.templates, secrets: [routingKey])
    outlet.receiver.advice = { status, _ in
      status == 400 || status == 403 ? "Is 'routing_key' that of an Events API v2 integration?" : nil
    }
    self.outlet = outlet
  }

  func postings(for event: Event) -> [Posting] {
    let situation = Situation(event)
    let red = Situation.key(event, .problem)
    let trouble = Situation.key(event, .trouble)
    switch situation.kind {
    case .problem: return (situation.endsTrouble ? [act("resolve", trouble)] : []) + [trigger(event, red)]
    // The data may be as bad as it was: what red has opened stays open.
    case .trouble: return [trigger(event, trouble)]
    case .resolved: return [act("resolve", red), act("resolve", trouble)]
    case .acknowledged: return [act("acknowledge", red)]
    case .test:
      let key = Situation.key(event, .test)
      return [trigger(event, key), act("resolve", key)]
    case .ending, .finished: return []
    }
  }

  private func act(_ action: String, _ key: String) -> Posting { posting(action, key, [:]) }

  private func posting(_ action: String, _ key: String, _ more: [String: JSON]) -> Posting {
    let members: [String: JSON] = [
      "routing_key": .string(routingKey), "event_action": .string(action),
      "dedup_key": .string(StableName.bounded(key, utf16: 255)),
    ]
    return Posting(outlet.address.appending("/v2/enqueue"), .object(members.merging(more) { $1 }))
  }

  private func trigger(_ event: Event, _ key: String) -> Posting {
    let message = message(for: event)
    let whole = posting("trigger", key, members(event, message, details: details(event, message)))
    if whole.body.count <= Self.maximumBytes { return whole }
    let note = JSON.object(["note": .string("The details were longer than PagerDuty takes, and were left out.")])
    return posting("trigger", key, members(event, message, details: note))
  }

  private func members(_ event: Event, _ message: Message, details: JSON) -> [String: JSON] {
    let worst = event.run.assertions.first { $0.outcome == event.run.outcome }
    let payload: [String: JSON] = [
      "summary": .string(TextLimit.cut(message.title, utf16: 1024)), "source": .string("\(event.checker)"),
      "severity": .string(Self.severity(event, message.situation)),
      "timestamp": .string(TimeWords.rfc3339(message.situation.since)),
      "component": .string(TextLimit.cut(worst?.dataset ?? "", utf16: 255)),
      "group": .string(event.checker.namespace), "class": .string(TextLimit.cut(worst?.check ?? "", utf16: 255)),
      "custom_details": details,
    ]
    let links = message.links.map { label, url in JSON.object(["href": .string(url), "text": .string(label)]) }
    var members: [String: JSON] = [
      "client": .string("malleable-checker"), "payload": .object(payload), "links": .array(links),
    ]
    if let link = message.links.first { members["client_url"] = .string(link.url) }
    return members
  }

  private func details(_ event: Event, _ message: Message) -> JSON {
    var data = EventData(event, includesRows: outlet.rows.includesRows)
    while data.json.encoded.count > CloudEvent.maximumBytes, data.cut() {}
    return .object(["text": .string(TextLimit.cut(message.body, utf16: 16_000)), "event": data.json])
  }

  private static func severity(_ event: Event, _ situation: Situation) -> String {
    switch situation.kind {
    case .trouble: "error"
    case .problem where !situation.isWarning || event.severity == .info: event.severity.rawValue
    case .problem: "warning"
    default: "info"
    }
  }
}
