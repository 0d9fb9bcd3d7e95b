package import Domain
import Foundation

/// Creates alerts in Opsgenie, or in what answers the same requests, and closes them.
///
/// Format and limits: docs.opsgenie.com/docs/alert-api.
package struct OpsgenieChannel: PostingChannel {
  package static let key = "opsgenie"
  package static let title = "Opsgenie"
  static let templates: [TemplateSlot] = [
    .title("{{heading}}: {{checker}}{{#row}} ({{row}}){{/row}}: {{message}}"), .body(TemplateSlot.defaultText, .plain),
  ]
  package static let settings: [ChannelSetting] =
    [
      ChannelSetting(
        key: "api_key", label: "API key", help: "Of an API integration; ${NAME} keeps it out of the store.",
        kind: .secret, isRequired: true),
      ChannelSetting(
        key: "responders", label: "Teams", help: "Names of the teams to call, with commas between them."),
      ChannelSetting(
        key: "url", label: "Server", help: "https://api.opsgenie.com, or https://api.eu.opsgenie.com.", kind: .url,
        defaultValue: "https://api.opsgenie.com"),
    ] + templates.map(\.setting) + CommonSettings.declared(perMinute: 120)

  let outlet: Outlet
  private let key: String
  private let teams: [String]

  init(_ setup: ChannelSetup) throws(ChannelSettingsError) {
    let reader = try setup.reader(Self.settings)
    key = try reader.token("api_key")
    teams = try reader.text("responders").split(separator: ",").map { String($0).trimmingASCIISpace }
      .filter { !$0.isEmpty }
    var outlet = try Outlet(setup, reader, Self.templates, secrets: [key])
    outlet.receiver.advice = { status, _ in
      [401, 403].contains(status) ? "Set the key of an API integration that may create and close alerts" : nil
    }
    self.outlet = outlet
  }

  func postings(for event: Event) -> [Posting] {
    let situation = Situation(event)
    let red = Situation.key(event, .problem)
    let trouble = Situation.key(event, .trouble)
    switch situation.kind {
    case .problem: return (situation.endsTrouble ? [close(trouble)] : []) + [create(event, red)]
    case .trouble: return [create(event, trouble)]
    case .resolved: return [close(red), close(trouble)]
    case .acknowledged: return [post(red, "acknowledge")]
    case .test:
      let alias = Situation.key(event, .test)
      return [create(event, alias), close(alias)]
    case .ending, .finished: return []
    }
  }

  private var headers: HTTPReceiver.Headers { [(name: "Authorization", value: "GenieKey \(key)")] }

  private func create(_ event: Event, _ alias: String) -> Posting {
    let message = message(for: event)
    let tags = event.tags.prefix(20).map { JSON.string(TextLimit.cut($0, utf16: 50)) }
    let details = message.links.map { ($0.label, $0.url) } + Facts.of(event, message.situation)
    let members: [String: JSON] = [
      "message": .string(TextLimit.cut(message.title, utf16: 130)), "alias": .string(Self.alias(alias)),
      "description": .string(TextLimit.cut(message.body, utf16: 15_000)),
      "priority": .string(Self.priority(event, message.situation)),
      "source": .string("malleable-checker"), "entity": .string(TextLimit.cut("\(event.checker)", utf16: 512)),
      "tags": .array(tags),
      "details": .object(
        Dictionary(details.map { ($0.0, JSON.string(TextLimit.cut($0.1, utf16: 1000))) }) { first, _ in first }),
      "responders": .array(teams.prefix(50).map { .object(["type": .string("team"), "name": .string($0)]) }),
    ]
    return Posting(outlet.address.appending("/v2/alerts"), .object(members), headers: headers)
  }

  private func close(_ alias: String) -> Posting { post(alias, "close") }

  private func post(_ alias: String, _ verb: String) -> Posting {
    let path = "/v2/alerts/\(Links.part(Self.alias(alias)))/\(verb)?identifierType=alias"
    return Posting(outlet.address.appending(path), .object(["source": .string("malleable-checker")]), headers: headers)
  }

  /// At most 512 characters.
  private static func alias(_ text: String) -> String { StableName.bounded(text, utf16: 512) }

  private static func priority(_ event: Event, _ situation: Situation) -> String {
    switch situation.kind {
    case .trouble: return "P3"
    case .problem where !situation.isWarning:
      return switch event.severity {
      case .critical: "P1"
      case .warning: "P3"
      case .info: "P5"
      }
    case .problem: return event.severity == .info ? "P5" : "P4"
    default: return "P5"
    }
  }
}
