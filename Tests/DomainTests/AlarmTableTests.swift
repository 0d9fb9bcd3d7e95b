import Domain
import Foundation
import Testing

@Suite struct AlarmTableTests {
  @Test(arguments: AlarmCase.all.indices)
  func movesAsTheTableSays(_ index: Int) {
    let line = AlarmCase.all[index]
    let played = line.play()
    #expect(played.map(\.alarm.state) == line.states, "\(line.title)")
    #expect(played.map(\.change.notice?.kind) == line.told, "\(line.title)")
    for (alarm, change) in played {
      // A notice and the transition that it is about say the same.
      if let transition = change.transition { #expect(transition.notice == change.notice?.kind) }
      #expect(change.transition.map { $0.to == alarm.state } ?? true)
    }
  }

  @Test(arguments: AudienceCase.all.indices)
  func isToldToThoseThatTheTableSays(_ index: Int) {
    let line = AudienceCase.all[index]
    #expect(line.play() == line.told, "\(line.title)")
  }

  /// `Scripts/make-alarm-table` writes them.
  @Test func theDocumentationHasTheTables() throws {
    try expectTable(
      "cases", "| Case | Settings | Runs, a minute apart | States | Told |\n|---|---|---|---|---|\n",
      AlarmCase.all.map(\.line))
    try expectTable(
      "audience", "| Case | What happens | Told |\n|---|---|---|\n", AudienceCase.all.map(\.line))
  }

  private func expectTable(_ name: String, _ header: String, _ lines: [String]) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/alarms.md").standardized
    let (begin, end) = ("<!-- \(name) -->\n", "<!-- end of \(name) -->\n")
    let table = header + lines.map { $0 + "\n" }.joined()
    let text = try String(contentsOf: file, encoding: .utf8)
    let start = try #require(text.range(of: begin)).upperBound
    let stop = try #require(text.range(of: end)).lowerBound
    if ProcessInfo.processInfo.environment["WRITE_ALARM_TABLE"] == "1" {
      try text.replacingCharacters(in: start..<stop, with: table).write(to: file, atomically: true, encoding: .utf8)
    } else {
      #expect(text[start..<stop] == table, "a table in docs/alarms.md is old: run Scripts/make-alarm-table")
    }
  }
}
