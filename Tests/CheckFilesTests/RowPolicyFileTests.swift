import CheckFiles
import Domain
import Testing

@Suite("An alarm per row in check files") struct RowPolicyFileTests {
  private func read(_ lines: String) throws -> Checker {
    let text = "version: 1\nnamespace: shop\ncheckers:\n  - name: offices\n    \(lines)\n"
    return try #require(try CheckFileReader.read(text, file: "f.yaml").checkers.first)
  }

  private static let rules = "rules: [{check: missing, dataset: d, column: email}]\n    "

  @Test("Several columns, or one alone; written and read back as it was")
  func forms() throws {
    let several = try read(Self.rules + "alarm: {per_row: [country, \"true\"], max_alarms: 7}")
    #expect(several.alarm == AlarmPolicy(perRow: ["country", "true"], maxAlarms: 7))
    let one = try read(Self.rules + "alarm: {per_row: country}")
    #expect(one.alarm == AlarmPolicy(perRow: ["country"]))
    for checker in [several, one] {
      var file = try CheckFileReader.read("version: 1\nnamespace: shop\n", file: "f.yaml")
      file.checkers = [checker]
      #expect(try CheckFileReader.read(CheckFileWriter.write(file), file: "again").checkers == [checker])
    }
  }

  @Test(
    "What cannot be is refused with its place",
    arguments: [
      (
        rules + "alarm: {per_rows: [a]}",
        "f.yaml:6:13: checkers[0].alarm.per_rows: there is no key 'per_rows'; did you mean 'per_row'?"
      ),
      (rules + "alarm: {per_row: [a, a]}", "f.yaml:6:22: checkers[0].alarm.per_row: names the column 'a' twice"),
      (rules + "alarm: {per_row: [a], max_alarms: 1000}", "rows have from 1 to 200 alarms at a time, not 1000"),
      (rules + "alarm: {max_alarms: 3}", "set per_row too"),
      ("script: {language: python, source: \"1\"}\n    alarm: {per_row: [a]}", "only rules tell which rows fail"),
      ("heartbeat: {every: 1d}\n    alarm: {per_row: [a]}", "only rules tell which rows fail"),
      (
        "rules: [{check: row_count, dataset: d, must_be_less_than: 3}]\n    alarm: {per_row: [a]}",
        "no rule here tells which rows fail: use one of"
      ),
    ])
  func refusals(_ lines: String, _ words: String) {
    let error = #expect(throws: CheckFileError.self) { try read(lines) }
    #expect(error.map { "\($0)" }?.contains(words) == true, "\(String(describing: error))")
  }
}
