import CheckFiles
import Checking
import Domain

/// When a checker's alarm rings, as it stands in the form: what was typed, right or wrong.
struct AlarmForm: Sendable, Hashable {
  /// By the key of check files; empty takes the default.
  var values: [String: String] = [:]

  /// The keys that the form has a field for, with their fields' names before them.
  static let prefix = "alarm."
  static let counts = ["for_runs", "recover_after", "max_alarms"]
  /// Those that take several, with commas between.
  static let lists = ["per_row"]

  /// `nil` when the form came without these fields.
  init?(_ form: FormData) {
    guard form.fields.contains(where: { $0.name.hasPrefix(Self.prefix) }) else { return nil }
    for field in AlarmField.all { values[field.key] = form.trimmed(Self.prefix + field.key) }
  }

  init(_ policy: AlarmPolicy) {
    for (key, value) in AlarmPolicyText.fields(policy) {
      switch value {
      case .text(let text): values[key] = text
      case .number(let number): values[key] = "\(number)"
      case .list(let texts): values[key] = texts.joined(separator: ", ")
      }
    }
  }

  /// The policy, read as a check file's is; `kept` where it cannot be.
  func policy(keeping kept: AlarmPolicy) -> (policy: AlarmPolicy, problems: [FieldProblem]) {
    let members = values.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }.map { key, text in
      if Self.lists.contains(key) {
        let names = text.split(separator: ",").map { $0.trimmingPrefix(" ").description }
        return JSONValue.Member(key, .strings(names.map { $0.hasSuffix(" ") ? String($0.dropLast()) : $0 }))
      }
      let number = Self.counts.contains(key) ? Int(text) : nil
      return JSONValue.Member(key, number.map { .integer($0) } ?? .string(text))
    }
    do throws(CheckFileError) {
      return (try JSONDocument.alarmPolicy(.object(members), path: "alarm"), [])
    } catch {
      return (kept, error.problems.map { FieldProblem(field: $0.key, message: $0.message) })
    }
  }
}

/// One field of the alarm's settings, as the form shows it.
struct AlarmField: Sendable {
  var key: String
  var label: String
  var placeholder: String
  var help: String
  /// What a select offers, in place of an input: value and words.
  var choices: [(value: String, label: String)] = []

  private static let reactions = [
    ("alarm", "counts as a failure"), ("error", "is an error, a state of its own"), ("keep", "changes nothing"),
    ("ok", "counts as if all were well"),
  ]

  static let all = [
    AlarmField(key: "for", label: "Red once wrong for", placeholder: "at once", help: "Such as 10m or 1h 30m."),
    AlarmField(
      key: "for_runs", label: "and failing runs in a row", placeholder: "1", help: "Both must be met, 1 to 1,000."),
    AlarmField(
      key: "repeat_every", label: "Remind every", placeholder: "never",
      help: "While it is open and nobody has acknowledged it."),
    AlarmField(
      key: "keep_firing_for", label: "Green once well for", placeholder: "at once", help: "One failure starts it again."
    ),
    AlarmField(
      key: "recover_after", label: "and passing runs in a row", placeholder: "1", help: "Both must be met, 1 to 1,000."),
    AlarmField(
      key: "stale_after", label: "Stale when a run is late by", placeholder: "1h", help: "A time, or never."),
    AlarmField(
      key: "missed_after", label: "Red when a run is late by", placeholder: "never",
      help: "A run that does not come counts as a failure then."),
    AlarmField(
      key: "on_error", label: "A run that cannot be made", placeholder: "", help: "",
      choices: [("", "is an error, a state of its own")] + reactions.filter { $0.0 != "error" }),
    AlarmField(key: "error_grace", label: "after", placeholder: "at once", help: "So long it changes nothing."),
    AlarmField(
      key: "on_empty", label: "A run with nothing to measure", placeholder: "", help: "",
      choices: [("", "as each rule says")] + reactions),
    AlarmField(key: "empty_grace", label: "after", placeholder: "at once", help: "So long it changes nothing."),
    AlarmField(
      key: "per_row", label: "An alarm for each row, by", placeholder: "one for all",
      help: "Columns that tell rows apart: country, or tenant, region."),
    AlarmField(
      key: "max_alarms", label: "and at most so many", placeholder: "50", help: "Of rows at a time, 1 to 200."),
  ]
}

/// The card of the form.
struct AlarmFormModel: Sendable {
  var fields: [Input]
  var isOpen: Bool
  /// What differs from the defaults.
  var note: String?

  struct Input: Sendable {
    var field: FormField?
    var choice: Choice?
  }

  struct Choice: Sendable {
    var id: String
    var name: String
    var label: String
    var choices: [FormChoice]
    var problem: String?
  }

  init(_ form: AlarmForm, problems: FormProblems) {
    let own = problems.under("alarm")
    fields = AlarmField.all.map { field in
      let value = form.values[field.key] ?? ""
      let name = AlarmForm.prefix + field.key
      if field.choices.isEmpty {
        return Input(
          field: FormField(
            name, field.label, value: value, help: field.help, problem: own.at(field.key),
            placeholder: field.placeholder))
      }
      let chosen = field.key == "on_error" && value == "error" ? "" : value
      return Input(
        choice: Choice(
          id: "f-alarm-\(field.key)", name: name, label: field.label,
          choices: field.choices.map { FormChoice($0.value, $0.label, isChosen: $0.value == chosen) },
          problem: own.at(field.key)))
    }
    isOpen = !own.isEmpty
    let set = AlarmField.all.compactMap { field in
      form.values[field.key].flatMap { $0.isEmpty ? nil : "\(field.key) \($0)" }
    }
    note = set.isEmpty ? nil : set.joined(separator: ", ")
  }
}
