package import Domain

/// Sends mails through an SMTP server.
package struct EmailChannel: TemplatedChannel {
  package static let key = "email"
  package static let title = "Email"
  package static let tellsOfGroups = true
  package static let settings = EmailSettings.declared

  static let templates: [TemplateSlot] = [
    TemplateSlot(
      key: "title_template", label: "Subject", help: "One line of Mustache, see docs/templates.md; empty: the default.",
      defaultText:
        "[{{heading}}] {{checker}}{{#others}} and {{others}} more{{/others}}: {{message}}",
      escaping: .plain,
      isOneLine: true),
    .body(plainText, .plain),
    .body(html, key: "html_template", label: "HTML", .html),
  ]

  private let settings: EmailSettings
  private let texts: Templates
  private let rows: RowPolicy
  private let links: Links
  private let gate: RateGate
  private let session: MailSession

  init(_ setup: ChannelSetup) throws(ChannelSettingsError) {
    let reader = try setup.reader(Self.settings)
    settings = try EmailSettings(reader)
    let common = try CommonSettings(reader)
    texts = try Templates(Self.templates, reader, isLenient: setup.isLenient)
    rows = common.rows
    links = setup.links
    gate = RateGate(perMinute: common.perMinute)
    session = MailSession(settings.server)
  }

  package var wantsEveryRun: Bool { false }

  var wording: Wording { Wording(templates: texts, rows: rows, links: links) }

  package func send(_ event: Event) async throws(DeliveryError) {
    try await gate.pass()
    do {
      try await session.send(mail(for: rows.applied(to: event)))
    } catch .transient(let text, let seconds) {
      throw .transient(shown(text), retryAfterSeconds: seconds)
    } catch .permanent(let text) {
      throw .permanent(shown(text))
    } catch .broken(let text) {
      throw .broken(shown(text))
    }
  }

  package func close() async { await session.close() }

  private func shown(_ text: String) -> String { settings.redaction.apply(to: "\(settings.server.name): \(text)") }

  func mail(for event: Event) -> MailMessage {
    let value = TemplateContext(event, links: links).value(for: texts)
    let subject = texts.render("title_template", value)
    var text = texts.render("template", value)
    text.text += Message.others(event, texts)
    var html = texts.render("html_template", value)
    html.text += Message.others(event, texts, key: "html_template").replacing("\n", with: "<br>\n")
    let note = Templates.note(subject, text, html)
    let domain = settings.from.domain
    return MailMessage(
      from: settings.from, to: settings.to, cc: settings.cc, subject: TextLimit.cut(subject.text, utf8: 500),
      text: TextLimit.cut(text.text, utf8: 200_000) + (note.isEmpty ? "" : "\n\n" + note),
      html: Self.page(TextLimit.cut(html.text, utf8: 200_000), note), date: event.time,
      id: "\(StableName.digest(event.id)).event@\(domain)",
      thread: "\(StableName.digest(event.group?.key ?? "\(event.alarmName)" + (event.rowID ?? ""))).alarm@\(domain)")
  }

  private static func page(_ body: String, _ note: String) -> String {
    let shown = note.isEmpty ? "" : "<p><small>\(Escaping.html.apply(to: note))</small></p>"
    return """
      <!DOCTYPE html>
      <html><head><meta charset="utf-8"></head>
      <body style="font-family:system-ui,sans-serif;font-size:15px;line-height:1.5;color:#1c2430">
      \(body)
      \(shown)</body></html>
      """
  }
}

extension EmailChannel {
  fileprivate static let plainText =
    TemplateSlot.defaultText + """

      {{#tag_list}}
      Tags: {{tag_list}}
      {{/tag_list}}
      {{#links.checker}}

      Open: {{links.checker}}
      {{/links.checker}}
      {{#links.run}}
      Run: {{links.run}}
      {{/links.run}}
      {{#links.acknowledge}}
      Acknowledge: {{links.acknowledge}}
      {{/links.acknowledge}}
      {{#links.snooze}}
      Snooze for 1 h: {{links.snooze}}
      {{/links.snooze}}
      {{#runbook}}

      Runbook:
      {{runbook_text}}
      {{/runbook}}
      """

  fileprivate static let html = """
    <h2 style="margin:0 0 8px">{{icon}} {{heading}}: {{checker}}{{#row}} ({{row}}){{/row}}</h2>
    <p>{{message}}</p>
    {{#is_resolved}}
    <p>It lasted {{duration}}.</p>
    {{/is_resolved}}
    <table cellpadding="4" style="border-collapse:collapse">
    {{#is_firing}}{{#observed}}
    <tr><th align="left">Found</th><td>{{observed}}</td></tr>
    <tr><th align="left">Expected</th><td>{{expected}}</td></tr>
    {{/observed}}{{/is_firing}}
    {{#dataset}}
    <tr><th align="left">Dataset</th><td>{{dataset}}</td></tr>
    {{/dataset}}
    <tr><th align="left">Severity</th><td>{{severity}}</td></tr>
    <tr><th align="left">Since</th><td>{{since}}</td></tr>
    {{#owner}}
    <tr><th align="left">Owner</th><td>{{owner}}</td></tr>
    {{/owner}}
    </table>
    {{#has_rows}}
    <table border="1" cellpadding="4" style="border-collapse:collapse;margin-top:12px">
    <tr>{{#columns}}<th align="left">{{.}}</th>{{/columns}}</tr>
    {{#rows}}
    <tr>{{#cells}}<td>{{cell}}</td>{{/cells}}</tr>
    {{/rows}}
    </table>
    {{/has_rows}}
    {{#more_rows}}
    <p>and {{more_rows}} more rows</p>
    {{/more_rows}}
    {{#others}}
    <h3>{{group}}</h3>
    {{/others}}
    {{#alarms}}
    <p style="margin:4px 0">{{icon}} {{heading}}: <strong>{{checker}}</strong>: {{message}}</p>
    {{/alarms}}
    {{#runbook}}
    <h3>Runbook</h3>
    {{{runbook_html}}}
    {{/runbook}}
    {{#links.checker}}
    <p><a href="{{links.checker}}">Open the {{links.opens}}</a>{{#links.run}} · <a href="{{links.run}}">Open the run</a>\
    {{/links.run}}</p>
    {{/links.checker}}
    {{#links.acknowledge}}
    <p><a href="{{links.acknowledge}}">Acknowledge</a> · <a href="{{links.snooze}}">Snooze for 1 h</a></p>
    {{/links.acknowledge}}
    """
}
