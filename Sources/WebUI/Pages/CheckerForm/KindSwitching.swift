import Checking
import Domain
import Foundation

/// Turns a form from one way to write a checker into another, and loses nothing of either.
struct KindSwitching: Sendable {
  let service: CheckerService

  /// Shows `form` as `kind`: rules become the script that they equal. What cannot be said in it is returned.
  func turn(_ form: inout CheckerForm, into kind: CheckerForm.Kind) async throws -> FormBanner? {
    var banner: FormBanner?
    switch (form.kind, kind) {
    case (.rules, .script) where form.code.source.isEmpty:
      let (rules, incomplete) = form.readableRules
      if !rules.isEmpty {
        form.code.source = try await script(equalTo: rules, of: form, in: form.code.language)
      } else {
        form.code.source = CodeForm.starter(form.code.language, dataset: form.rules.first?.dataset ?? "")
      }
      if !rules.isEmpty, !incomplete.isEmpty {
        banner = FormBanner(
          "\(Words.count(incomplete.count, "rule")) not complete, and not in the script. The form still has them.",
          incomplete)
      }
    case (.script, .rules), (.script, .module):
      // What nobody has changed is made anew from the rules as they will be.
      if try await isOfTheRules(form, in: form.code.language) { form.code.source = "" }
    default: break
    }
    if kind == .rules, form.rules.isEmpty { form.rules = [RuleForm(check: "row_count", dataset: "")] }
    form.kind = kind
    return banner
  }

  /// A script that was begun in another language and not touched since begins in this one. That it was touched is
  /// returned.
  func takeLanguage(_ form: inout CheckerForm) async throws -> FormBanner? {
    let written = form.code.source
    form.code.startAgainIfUntouched()
    if form.code.source != written || written.allSatisfy(\.isWhitespace) { return nil }
    for language in ScriptLanguage.allCases where language != form.code.language {
      guard try await isOfTheRules(form, in: language) else { continue }
      form.code.source = try await script(equalTo: form.readableRules.rules, of: form, in: form.code.language)
      return nil
    }
    return FormBanner(
      "The script is read as \(form.code.language.title) now.",
      ["You wrote it, so its text stays as it is: nothing translates it."])
  }

  private func isOfTheRules(_ form: CheckerForm, in language: ScriptLanguage) async throws -> Bool {
    let rules = form.readableRules.rules
    if rules.isEmpty { return false }
    let text = try await script(equalTo: rules, of: form, in: language)
    return text.trimmingCharacters(in: .whitespacesAndNewlines)
      == form.code.source.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private func script(
    equalTo rules: [Rule], of form: CheckerForm, in language: ScriptLanguage
  ) async throws -> String {
    let checker = Checker(
      id: QualifiedName(namespace: form.namespace, name: form.name), body: .rules(rules),
      dataSource: form.dataSource.isEmpty ? nil : form.dataSource)
    return try await service.script(equalTo: checker, in: language)
  }
}

extension CheckerForm {
  /// The rules that can be used as they stand, and what is wrong with the others.
  var readableRules: (rules: [Rule], incomplete: [String]) {
    var (read, incomplete): ([Rule], [String]) = ([], [])
    for (index, form) in rules.enumerated() {
      let (rule, problems) = form.rule()
      if let first = problems.first {
        incomplete.append("Rule \(index + 1): \(FormProblems.sentence(first.message))")
      } else {
        read.append(rule)
      }
    }
    return (read, incomplete)
  }

  /// The fields of what the form does not show, so that they come back with it.
  var kept: [CheckerFormModel.Kept] {
    let shown: [(name: String, value: String)] =
      switch kind {
      case .rules: code.fields
      case .script: code.moduleFields + ruleFields
      case .module: code.scriptFields + ruleFields
      }
    return shown.map { CheckerFormModel.Kept(name: $0.name, value: $0.value) }
  }

  private var ruleFields: [(name: String, value: String)] {
    rules.enumerated().flatMap { index, rule in rule.fields.map { ("rules[\(index)].\($0.name)", $0.value) } }
  }

  /// What a save leaves behind, in words; `nil` when that is nothing.
  var dropped: String? {
    let others: [(String, Bool)] = [
      ("the rules", kind != .rules && rules.contains { !$0.dataset.isEmpty }),
      ("the script", kind != .script && !code.source.isEmpty), ("the module", kind != .module && !code.digest.isEmpty),
    ]
    let names = others.filter(\.1).map(\.0)
    return names.isEmpty ? nil : "What is shown is saved, without \(names.joined(separator: " and "))."
  }
}
