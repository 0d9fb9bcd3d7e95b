import Checking
import Domain

/// What a checker's code may use up, as it was typed.
struct LimitTexts: Sendable {
  var seconds = ""
  var memory = ""
  var data = ""

  init() {}

  init(_ limits: CodeLimits) {
    seconds = limits.seconds.map { CodeLimits.text($0) } ?? ""
    memory = limits.memoryMiB.map(String.init) ?? ""
    data = limits.dataMiB.map(String.init) ?? ""
  }

  init(_ form: FormData) {
    seconds = form.trimmed("limits.seconds")
    memory = form.trimmed("limits.memory_mib")
    data = form.trimmed("limits.data_mib")
  }

  /// As a form names them.
  var fields: [(name: String, value: String)] {
    [("limits.seconds", seconds), ("limits.memory_mib", memory), ("limits.data_mib", data)]
  }

  func read() -> (limits: CodeLimits, problems: [FieldProblem]) {
    var problems: [FieldProblem] = []
    func whole(_ text: String, _ field: String) -> Int? {
      if text.isEmpty { return nil }
      if let value = Int(text) { return value }
      problems.append(FieldProblem(field: "limits.\(field)", message: "must be a whole number, as in 128"))
      return nil
    }
    var limits = CodeLimits(memoryMiB: whole(memory, "memory_mib"), dataMiB: whole(data, "data_mib"))
    if !seconds.isEmpty {
      limits.seconds = Double(seconds)
      if limits.seconds == nil {
        problems.append(FieldProblem(field: "limits.seconds", message: "must be a number, as in 10"))
      }
    }
    problems += limits.problems.map { FieldProblem(field: "limits.\($0.field)", message: $0.message) }
    return (limits, problems)
  }
}

/// The fields of `checker-form-limits`.
struct CodeLimitsModel: Sendable {
  var fields: [FormField]
  var isOpen: Bool

  init(_ form: CodeForm, standard: GuestLimits, problems: FormProblems) {
    func field(_ name: String, _ label: String, _ value: String, _ help: String, _ standard: String) -> FormField {
      FormField(
        "limits.\(name)", label, value: value, help: help, problem: problems.at("limits.\(name)"),
        placeholder: standard)
    }
    fields = [
      field(
        "seconds", "Time, in seconds", form.limits.seconds,
        "Of its own work; waiting for data does not count. 60 at most.",
        CodeLimits.text(standard.seconds)),
      field("memory_mib", "Memory, in MiB", form.limits.memory, "1024 at most.", "\(standard.memoryBytes >> 20)"),
      field(
        "data_mib", "Data, in MiB", form.limits.data, "Of all datasets that it reads. 1024 at most.",
        "\(standard.datasetBytes >> 20)"),
    ]
    var parameters = FormField(
      "parameters", "Parameters", value: form.parameters,
      help:
        "A line each, as in `limit: 42`. The code reads one by `param(\"limit\", 10)`; it is 10 where none is set here.",
      problem: problems.at("parameters"))
    parameters.isLong = true
    fields.append(parameters)
    isOpen = fields.contains { $0.problem != nil || !$0.value.isEmpty }
  }
}

extension GuestLimits {
  /// `5 s, 64 MB`: what code may use up with what the form says of it.
  func allowance(_ form: CodeForm) -> String {
    let allowed = with(form.limits.read().limits)
    return "\(CodeLimits.text(allowed.seconds)) s, \(allowed.memoryBytes >> 20) MB"
  }
}
