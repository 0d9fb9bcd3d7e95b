import CheckFiles
import Checking
import Domain
import Foundation

/// The part of a checker's form that holds its code, as it was sent.
struct CodeForm: Sendable {
  var language = ScriptLanguage.python
  var source = ""
  var fixtures: [FixtureForm] = []
  /// Of the module that is kept already.
  var digest = ""
  var fileName = ""
  var byteCount = 0
  /// Names of datasets, between commas.
  var datasets = ""
  /// As they were typed; empty for the standard ones.
  var limits = LimitTexts()
  /// A line each: `limit: 42`.
  var parameters = ""
  /// A file that was chosen just now.
  var upload: FormData.File?

  struct FixtureForm: Sendable {
    var name = ""
    var expected = Outcome.passed
    /// As it was typed; empty for the true clock.
    var now = ""
    var datasets = ""
  }

  /// More fixtures than these are not read.
  static let mostFixtures = 50

  init() {}

  init(_ body: CheckerBody) {
    if let script = body.script { (language, source) = (script.language, script.source) }
    if let module = body.module {
      (digest, fileName, byteCount) = (module.digest, module.fileName, module.byteCount)
      datasets = module.datasets.joined(separator: ", ")
    }
    limits = LimitTexts(body.limits)
    parameters = body.parameters.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: "\n")
    fixtures = body.fixtures.map {
      FixtureForm(
        name: $0.name, expected: $0.expected, now: $0.now.map(MomentText.write) ?? "",
        datasets: CheckFileWriter.text(of: $0.datasets))
    }
  }

  init(_ form: FormData) {
    language = ScriptLanguage(rawValue: form["language"]) ?? .python
    source = form["source"]
    digest = form["digest"]
    fileName = form["file_name"]
    byteCount = Int(form["byte_count"]) ?? 0
    datasets = form.trimmed("datasets")
    limits = LimitTexts(form)
    parameters = form["parameters"].replacing("\r\n", with: "\n")
    upload = form.file("module").flatMap { $0.bytes.isEmpty ? nil : $0 }
    fixtures = form.items("fixtures").prefix(Self.mostFixtures).map { _, fields in
      FixtureForm(
        name: fields.trimmed("name"), expected: Outcome(rawValue: fields["expect"]) ?? .passed,
        now: fields.trimmed("now"), datasets: fields["datasets"])
    }
  }

  /// What a form that does not show the code sends along, so that it is not lost: read back by `init`.
  var fields: [(name: String, value: String)] {
    scriptFields + moduleFields + limits.fields + [("parameters", parameters)]
      + fixtures.enumerated().flatMap { index, fixture in
        [
          ("fixtures[\(index)].name", fixture.name), ("fixtures[\(index)].expect", fixture.expected.rawValue),
          ("fixtures[\(index)].now", fixture.now), ("fixtures[\(index)].datasets", fixture.datasets),
        ]
      }
  }

  /// Those that only a script has.
  var scriptFields: [(name: String, value: String)] {
    // The language is remembered though its script is made anew from the rules.
    source.isEmpty
      ? (language == .python ? [] : [("language", language.rawValue)])
      : [("language", language.rawValue), ("source", source)]
  }

  /// Those that only a module has.
  var moduleFields: [(name: String, value: String)] {
    digest.isEmpty
      ? []
      : [("digest", digest), ("file_name", fileName), ("byte_count", "\(byteCount)"), ("datasets", datasets)]
  }

  /// What a new script starts as.
  static func starter(_ language: ScriptLanguage, dataset: String) -> String {
    let name = dataset.isEmpty ? "users_with_email_null" : dataset
    switch language {
    case .python:
      return """
        rows = datasets["\(name)"]

        if business_day():
            CheckerCase().assertLessThan(rows, 42, "There should be less than 42 rows on a business day")
        else:
            CheckerCase().assertLessThan(rows, 5, "There should be less than 5 rows on other days")

        """
    case .javascript:
      return """
        const rows = datasets["\(name)"];
        const check = new CheckerCase();

        if (businessDay()) {
          check.assertLessThan(rows, 42, "There should be less than 42 rows on a business day");
        } else {
          check.assertLessThan(rows, 5, "There should be less than 5 rows on other days");
        }

        """
    }
  }

  /// What was begun in another language and not touched since begins in this one.
  mutating func startAgainIfUntouched() {
    for language in ScriptLanguage.allCases where language != self.language {
      let names = DatasetNames.named(in: Script(language: language, source: source))
      guard let name = names.first, source.normalised == Self.starter(language, dataset: name).normalised else {
        continue
      }
      source = Self.starter(self.language, dataset: name)
      return
    }
  }

  func script() -> (body: CheckerBody, problems: [FieldProblem]) {
    let (fixtures, problems) = readFixtures()
    let (limits, refused) = limits.read()
    let (parameters, unread) = readParameters()
    return (
      .script(
        Script(language: language, source: source, fixtures: fixtures, limits: limits, parameters: parameters)),
      problems + refused + unread
    )
  }

  func module() -> (body: CheckerBody, problems: [FieldProblem]) {
    let (fixtures, problems) = readFixtures()
    let (limits, refused) = limits.read()
    let (parameters, unread) = readParameters()
    return (
      .module(
        Module(
          digest: digest, fileName: fileName, byteCount: byteCount, datasets: ValueText.names(datasets),
          fixtures: fixtures, limits: limits, parameters: parameters)), problems + refused + unread
    )
  }

  private func readParameters() -> ([String: String], [FieldProblem]) {
    var read: [String: String] = [:]
    for (index, line) in parameters.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if line.allSatisfy(\.isWhitespace) { continue }
      let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
      guard parts.count == 2, !parts[0].isEmpty, read[parts[0]] == nil else {
        let message = "line \(index + 1): a parameter is a name and a value, as in 'limit: 42', each name once"
        return ([:], [FieldProblem(field: "parameters", message: message)])
      }
      read[parts[0]] = parts[1]
    }
    return (read, [])
  }

  private func readFixtures() -> ([Fixture], [FieldProblem]) {
    var read: [Fixture] = []
    var problems: [FieldProblem] = []
    for (index, fixture) in fixtures.enumerated() {
      if fixture.name.isEmpty {
        problems.append(FieldProblem(field: "fixtures[\(index)].name", message: "a name is needed"))
      }
      let now = MomentText.read(fixture.now)
      if now == nil, !fixture.now.isEmpty {
        problems.append(
          FieldProblem(
            field: "fixtures[\(index)].now",
            message: "'\(fixture.now)' is no moment; write one as in 2026-11-25T09:00:00Z, or leave it empty"))
      }
      do {
        let rows = fixture.datasets.allSatisfy(\.isWhitespace) ? [] : try CheckFileReader.fixtureRows(fixture.datasets)
        read.append(Fixture(name: fixture.name, datasets: rows, expected: fixture.expected, now: now))
      } catch {
        let found = error.problems.map { "line \($0.line): \($0.key.isEmpty ? "" : "\($0.key): ")\($0.message)" }
        problems.append(
          FieldProblem(field: "fixtures[\(index)].datasets", message: found.joined(separator: "; ")))
      }
    }
    return (read, problems)
  }

  /// Those that the script names, or that the module lists.
  var ownDatasets: [String] {
    if !source.isEmpty { return DatasetNames.named(in: Script(language: language, source: source)) }
    return datasets.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
  }

  /// Does what a button asks: `add-fixture`, `remove-fixture:1`.
  mutating func perform(_ command: String, dataset: String) {
    let parts = command.split(separator: ":", maxSplits: 1).map(String.init)
    switch parts.first {
    case "add-fixture" where fixtures.count < Self.mostFixtures:
      let rows = Fixture.Rows(
        dataset: dataset.isEmpty ? "users" : dataset, columns: ["id", "name"], rows: [[.integer(1), .text("Maria")]])
      fixtures.append(
        FixtureForm(name: "example \(fixtures.count + 1)", datasets: CheckFileWriter.text(of: [rows])))
    case "remove-fixture":
      if parts.count > 1, let index = Int(parts[1]), fixtures.indices.contains(index) { fixtures.remove(at: index) }
    default: break
    }
  }
}

extension String {
  fileprivate var normalised: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
