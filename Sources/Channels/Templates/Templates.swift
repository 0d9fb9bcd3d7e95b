import Domain

/// The templates of one action, and what to do when one of them fails.
struct Templates: Sendable {
  struct Text: Hashable, Sendable {
    var text: String
    /// Why the default stands in for the user's own template.
    var problem: TemplateProblem?
  }

  private struct Slot: Sendable {
    var slot: TemplateSlot
    var own: Template?
    var standard: Template
    var problem: TemplateProblem?
  }

  private var slots: [String: Slot] = [:]

  /// Takes the user's texts as they are written: a `$` followed by a brace means nothing in them.
  ///
  /// Throws for the first that is not valid, with its line; where `isLenient`, its default stands in for it.
  init(
    _ declared: [TemplateSlot], _ reader: SettingsReader, isLenient: Bool
  ) throws(ChannelSettingsError) {
    for slot in declared {
      let written = reader.raw(slot.key)
      do {
        let standard = try Template(slot.defaultText, escaping: slot.escaping)
        slots[slot.key] = Slot(slot: slot, standard: standard)
      } catch {
        throw ChannelSettingsError(key: slot.key, message: "the default template is not valid: \(error)")
      }
      guard !written.isEmpty else { continue }
      do {
        slots[slot.key]?.own = try Template(written, escaping: slot.escaping)
      } catch {
        guard isLenient else { throw ChannelSettingsError(key: slot.key, message: "\(error)") }
        slots[slot.key]?.problem = error
      }
    }
  }

  /// The user wrote one of them, valid or not.
  var hasOwn: Bool { slots.values.contains { $0.own != nil || $0.problem != nil } }

  /// One of them uses `{{{json}}}`.
  var wantsJSON: Bool {
    slots.values.contains { ($0.own ?? $0.standard).text.contains("json") || $0.standard.text.contains("json") }
  }

  func escaping(_ key: String) -> Escaping { slots[key]?.slot.escaping ?? .plain }

  /// The template of `key` shows the other alarms of a message itself.
  func showsAlarms(_ key: String) -> Bool {
    guard let slot = slots[key] else { return true }
    return (slot.own ?? slot.standard).text.contains("#alarms")
  }

  /// Never fails and is never empty: where the user's template does, the default's text comes with the reason.
  func render(_ key: String, _ value: TemplateValue) -> Text {
    guard let slot = slots[key] else { return Text(text: "", problem: nil) }
    var problem = slot.problem
    if let own = slot.own {
      do {
        let text = try own.render(value)
        try Self.check(text, slot.slot)
        return Text(text: slot.slot.isOneLine ? TextLimit.oneLine(text) : text, problem: nil)
      } catch {
        problem = error
      }
    }
    let text = (try? slot.standard.render(value)) ?? ""
    return Text(text: slot.slot.isOneLine ? TextLimit.oneLine(text) : text, problem: problem)
  }

  private static func check(_ text: String, _ slot: TemplateSlot) throws(TemplateProblem) {
    if text.isEmpty { throw TemplateProblem(line: nil, message: "it makes an empty text of this event") }
    if slot.isJSON { try JSONSyntax.check(text) }
  }

  /// What the owner of an action is told when a template failed.
  static func told(_ problem: TemplateProblem) -> String {
    "The action's template could not be used (\(problem)): the default was sent in its place."
  }

  /// What readers are told when a template failed.
  static func note(_ texts: Text...) -> String {
    guard let problem = texts.compactMap(\.problem).first else { return "" }
    return "The template of this action could not be used (\(problem)). This is the default text."
  }
}
