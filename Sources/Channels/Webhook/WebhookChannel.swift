package import Domain
import Foundation

/// Posts events to an HTTP receiver, signed.
package struct WebhookChannel: TemplatedChannel {
  package static let key = "webhook"
  package static let title = "Webhook"
  package static let settings = WebhookSettings.declared
  static let templates = [WebhookSettings.template]

  private let settings: WebhookSettings
  private let outlet: Outlet

  init(_ setup: ChannelSetup) throws(ChannelSettingsError) {
    let reader = try setup.reader(Self.settings)
    settings = try WebhookSettings(reader)
    var template = WebhookSettings.template
    template.isJSON = settings.isJSON
    template.escaping = settings.isJSON ? .json : .plain
    outlet = try Outlet(
      setup, reader, [template], secrets: [settings.secret] + settings.headers.map(\.value).filter { $0.count >= 8 })
  }

  package var wantsEveryRun: Bool { settings.everyRun }

  var wording: Wording { outlet.wording }

  package func problem(with event: Event) -> String? {
    content(for: outlet.rows.applied(to: event)).problem.map(Templates.told)
  }

  /// Without a template, or where it fails, the event is sent whole, with its envelope.
  static func preview(
    _ slot: TemplateSlot, settings: [String: String], event: Event, links: Links
  ) -> TemplatePreview {
    var preview = TemplateTrial.preview(slot, settings: settings, event: event, links: links)
    if settings[slot.key]?.isEmpty ?? true || preview.problem != nil {
      let rows = RowPolicy(settings)
      let event = CloudEvent(event: rows.applied(to: event), includesRows: rows.includesRows, links: links)
      preview.text = String(decoding: event.encoded, as: UTF8.self)
    }
    return preview
  }

  package func send(_ event: Event) async throws(DeliveryError) {
    try await outlet.gate.pass()
    let content = content(for: outlet.rows.applied(to: event))
    try await outlet.receiver.post(content.body, to: outlet.address.url, headers: headers(event, content))
  }

  package func close() async { await outlet.receiver.close() }

  private struct Content {
    var body: [UInt8]
    var type: String
    var problem: TemplateProblem?
  }

  /// What the user's template makes, or the CloudEvent where there is none or it fails.
  private func content(for event: Event) -> Content {
    let standard = Content(
      body: CloudEvent(event: event, includesRows: outlet.rows.includesRows, links: outlet.links).encoded,
      type: CloudEvent.contentType)
    guard settings.hasTemplate else { return standard }
    let value = TemplateContext(event, links: outlet.links).value(for: outlet.templates)
    let made = outlet.templates.render("template", value)
    if made.problem != nil || made.text.utf8.count > 1 << 20 {
      var content = standard
      content.problem = made.problem ?? TemplateProblem(line: nil, message: "it makes more than 1 MiB")
      return content
    }
    return Content(body: Array(made.text.utf8), type: settings.contentType)
  }

  private func headers(_ event: Event, _ content: Content) -> HTTPReceiver.Headers {
    let timestamp = "\(Int(Date().timeIntervalSince1970))"
    var headers = [
      (name: "Content-Type", value: content.type),
      (name: "X-Malleable-Event-Id", value: String(event.id.filter { $0.isASCII && !$0.isNewline })),
      (name: "X-Malleable-Timestamp", value: timestamp),
    ]
    if let problem = content.problem {
      let text = String("\(problem)".unicodeScalars.filter { $0.value >= 0x20 && $0.value < 0x7F })
      headers.append(
        (name: "X-Malleable-Template-Problem", value: TextLimit.cut(text, utf16: 300).replacing("…", with: "...")))
    }
    if !settings.secret.isEmpty {
      let signature = Signature.header(secret: settings.secret, timestamp: timestamp, body: content.body)
      headers.append((name: "X-Malleable-Signature", value: signature))
    }
    return headers + settings.headers
  }
}
