import Checking
import Domain
import Foundation

/// The words of an action's messages: what stands in the form, and what it makes of an event.
struct TemplatesModel: Sendable {
  var fields: [Field]
  var events: [FormChoice]
  var previews: TemplatePreviewModel
  var variables: [Variable]

  struct Field: Sendable {
    var field: FormField
    /// What the button sends that brings the default back.
    var revert: String
    var isDefault: Bool
  }

  struct Variable: Sendable {
    var name: String
    var help: String
  }

  private static let words = [
    ("{{heading}}", "what happened, in a word or two"), ("{{checker}}", "namespace/name"),
    ("{{message}}", "what was found"), ("{{observed}}, {{expected}}", "the value, and what it must be"),
    ("{{severity}}, {{owner}}, {{tag_list}}, {{runbook}}", "of the checker"), ("{{duration}}", "how long it lasted"),
    ("{{#rows}}{{row}}{{/rows}}", "failing rows, where they may leave"),
    ("{{#is_firing}}…{{/is_firing}}", "only while it is open; also is_resolved, is_acknowledged"),
    ("{{links.checker}}", "the page, where the service knows its address"),
  ]

  /// `nil` for a channel without templates.
  init?(
    _ form: ActionForm, kind: ChannelKind, problems: FormProblems, previews: TemplatePreviewModel, hasEvent: Bool
  ) {
    let settings = kind.settings.filter { kind.defaultTemplates[$0.key] != nil }
    if settings.isEmpty { return nil }
    fields = settings.map { setting in
      let standard = kind.defaultTemplates[setting.key] ?? ""
      let value = form.settings[setting.key] ?? ""
      var field = FormField(
        "s.\(setting.key)", setting.label, value: value.isEmpty ? standard : value,
        problem: problems.at("settings.\(setting.key)"), isCode: true)
      field.isLong = setting.kind == .lines
      return Field(
        field: field, revert: "revert:\(setting.key)",
        isDefault: value.isEmpty || ActionForm.isDefault(value, of: standard))
    }
    events = [
      FormChoice("latest", "the newest event", isChosen: form.previewsLatest),
      FormChoice("sample", "a made-up event", isChosen: !form.previewsLatest),
    ]
    if !hasEvent { events.removeFirst() }
    self.previews = previews
    variables = Self.words.map { Variable(name: $0.0, help: $0.1) }
  }
}

/// What the templates make of an event.
struct TemplatePreviewModel: Sendable {
  var texts: [Text]

  struct Text: Sendable {
    var label: String
    var text: String
    var problem: String?
  }

  init(_ previews: [TemplatePreview]) {
    texts = previews.map {
      Text(label: $0.label, text: $0.text, problem: $0.problem.map { FormProblems.sentence($0.description) })
    }
  }
}

extension ActionForm {
  /// Spaces around a template say nothing, nor does how its lines end.
  static func isDefault(_ value: String, of standard: String) -> Bool {
    func plain(_ text: String) -> String {
      text.replacing("\r\n", with: "\n").trimmingCharacters(in: .whitespacesAndNewlines)
    }
    return plain(value) == plain(standard)
  }
}

extension ActionPages {
  /// What the form's templates make of the newest event that the action was sent, or of a sample.
  func previews(
    _ form: ActionForm, kind: ChannelKind, deliveries: [Delivery]
  ) -> (model: TemplatePreviewModel, hasEvent: Bool) {
    let event = deliveries.lazy.map(\.event).first { if case .alarm = $0.subject { true } else { false } }
    let action = form.action(kind: kind, stored: nil).action
    let made = site.service.channels.preview(action, event: form.previewsLatest ? event : nil)
    return (TemplatePreviewModel(made), event != nil)
  }
}
