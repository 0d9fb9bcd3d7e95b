import CheckFiles
import Domain
import Foundation
import Testing

@Suite("Heartbeats in check files") struct HeartbeatFileTests {
  private func read(_ lines: String) throws -> Checker {
    let text = "version: 1\nnamespace: ops\ncheckers:\n  - name: backup\n    \(lines)\n"
    return try #require(try CheckFileReader.read(text, file: "f.yaml").checkers.first)
  }

  @Test("A schedule or a pause, and a grace; written and read back as it was")
  func forms() throws {
    let cron = try read("heartbeat: {schedule: \"0 3 * * *\", timezone: Europe/Lisbon, grace: 2h}")
    #expect(cron.body == .heartbeat)
    #expect(cron.schedule?.timeZone == "Europe/Lisbon")
    #expect(cron.alarm.staleAfterSeconds == 7200)
    let pause = try read("heartbeat: {every: 1d}")
    #expect(pause.schedule == Schedule(.everyMinutes(1440)))
    #expect(pause.alarm.staleAfterSeconds == 3600)
    let missed = try read("heartbeat: {every: 1d, grace: 5m}\n    alarm: {missed_after: 1h}")
    #expect(missed.alarm.staleAfterSeconds == 300 && missed.alarm.missedAfterSeconds == 3600)
    for checker in [cron, pause, missed] {
      var file = try CheckFileReader.read("version: 1\nnamespace: ops\n", file: "f.yaml")
      file.checkers = [checker]
      #expect(try CheckFileReader.read(CheckFileWriter.write(file), file: "again").checkers == [checker])
    }
  }

  @Test(
    "What cannot be is refused with its place",
    arguments: [
      ("heartbeat: {grace: 1h}", "'schedule' or 'every' is missing"),
      ("heartbeat: {every: 90s}", "whole minutes"),
      ("heartbeat: {every: 1d, schedule: \"@daily\"}", "not both"),
      ("heartbeat: {every: 1d, grace: soon}", "must be a time such as"),
      ("heartbeat: {evry: 1d}", "did you mean 'every'?"),
      ("heartbeat: {every: 1d}\n    rules: []", "not both"),
    ])
  func refusals(_ lines: String, _ words: String) {
    let error = #expect(throws: CheckFileError.self) { try read(lines) }
    #expect(error.map { "\($0)" }?.contains(words) == true)
  }
}
