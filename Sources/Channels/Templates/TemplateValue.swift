/// What a template sees.
enum TemplateValue: Hashable, Sendable {
  /// An empty text counts as false, so that `{{#owner}}` skips what nobody wrote.
  case text(String)
  case flag(Bool)
  case list([TemplateValue])
  case fields([String: TemplateValue])
}
