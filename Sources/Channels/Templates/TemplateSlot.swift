import Domain

/// A text of a channel's messages that a user may replace.
struct TemplateSlot: Sendable {
  var key: String
  var label: String
  var help: String
  var defaultText: String
  var escaping: Escaping
  var isOneLine = false
  /// What is made must be JSON.
  var isJSON = false

  static func title(_ text: String = defaultTitle, key: String = "title_template", _ escaping: Escaping = .plain)
    -> Self
  {
    TemplateSlot(
      key: key, label: "Title", help: "One line of Mustache, see docs/templates.md; empty: the default.",
      defaultText: text, escaping: escaping, isOneLine: true)
  }

  static func body(_ text: String, key: String = "template", label: String = "Text", _ escaping: Escaping) -> Self {
    TemplateSlot(
      key: key, label: label, help: "Mustache, see docs/templates.md; empty: the default.", defaultText: text,
      escaping: escaping)
  }

  var setting: ChannelSetting { ChannelSetting(key: key, label: label, help: help, kind: isOneLine ? .text : .lines) }

  static let defaultTitle =
    "{{icon}} {{heading}}: {{checker}}{{#row}} ({{row}}){{/row}}{{#others}} and {{others}} more{{/others}}"

  /// For receivers that show text as it is.
  static let defaultText = """
    {{message}}
    {{#is_firing}}{{#observed}}
    Found {{observed}}, expected {{expected}}
    {{/observed}}{{/is_firing}}
    {{#is_resolved}}
    It lasted {{duration}}.
    {{/is_resolved}}
    {{#rows}}
    - {{row}}
    {{/rows}}
    {{#more_rows}}
    and {{more_rows}} more rows
    {{/more_rows}}
    {{#has_rows}}

    {{/has_rows}}
    {{#owner}}
    Owner: {{owner}}
    {{/owner}}
    """ + alarmList

  /// The alarms of a message that tells of several.
  static let alarmList = """

    {{#others}}

    All {{group}}:
    {{/others}}
    {{#alarms}}
    - {{icon}} {{heading}}: {{checker}}: {{message}}
    {{/alarms}}
    """
}
