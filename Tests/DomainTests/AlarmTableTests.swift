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

  /// `Scripts/make-alarm-table` writes it.
  @Test func theDocumentationHasTheTable() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/alarms.md").standardized
    let (begin, end) = ("<!-- cases -->\n", "<!-- end of cases -->\n")
    let header = "| Case | Settings | Runs, a minute apart | States | Told |\n|---|---|---|---|---|\n"
    let table = header + AlarmCase.all.map { $0.line + "\n" }.joined()
    let text = try String(contentsOf: file, encoding: .utf8)
    let start = try #require(text.range(of: begin)).upperBound
    let stop = try #require(text.range(of: end)).lowerBound
    if ProcessInfo.processInfo.environment["WRITE_ALARM_TABLE"] == "1" {
      try text.replacingCharacters(in: start..<stop, with: table).write(to: file, atomically: true, encoding: .utf8)
    } else {
      #expect(text[start..<stop] == table, "the table in docs/alarms.md is old: run Scripts/make-alarm-table")
    }
  }
}
