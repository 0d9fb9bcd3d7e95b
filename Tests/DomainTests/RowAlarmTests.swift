import Domain
import Foundation
import Testing

/// What runs do to the alarms of single rows.
@Suite struct RowAlarmTests {
  private static let start = Date(timeIntervalSince1970: 1_772_452_800)

  private func key(_ country: String?) -> RowKey { RowKey([.init("country", country)]) }

  /// One checker's rows over some runs, a minute apart.
  private struct Story {
    var policy: AlarmPolicy
    var rows: [RowKey: Alarm] = [:]
    var told: [String] = []
    var overflow: [String] = []
    private var minutes = 0.0

    init(_ policy: AlarmPolicy) { self.policy = policy }

    mutating func run(
      failing: [String?], warned: [String?] = [], gone: [String?] = [], total: Int? = nil, outcome: Outcome? = nil,
      unread: String? = nil
    ) {
      minutes += 1
      let time = RowAlarmTests.start + minutes * 60
      func key(_ value: String?) -> RowKey { RowKey([.init("country", value)]) }
      var findings = RowFindings(
        columns: ["country"],
        failing: failing.map { .init(key: key($0), isWarning: false, assertions: [0]) }
          + warned.map { .init(key: key($0), isWarning: true, assertions: [0]) },
        total: total, gone: Set(gone.map(key)), assertions: [0])
      findings.unread = unread
      let worst: Outcome = !failing.isEmpty ? .failed : warned.isEmpty ? .passed : .warned
      let outcome = outcome ?? worst
      let run = Run(
        id: "R\(Int(minutes))", checker: QualifiedName(namespace: "n", name: "c"), version: 1, trigger: .schedule,
        startedAt: time, finishedAt: time, outcome: outcome,
        assertions: [
          Assertion(
            name: "a", check: "missing", dataset: "d", outcome: outcome, message: "m", observed: nil, expected: "")
        ])
      let moved = RowAlarms(
        rows.map { RowAlarm(key: $0.key, alarm: $0.value) }.sorted { $0.key.canonical < $1.key.canonical },
        findings: findings, evidence: AlarmEvidence(run), policy: policy
      ) { _ in 0 }
      for one in moved.moved {
        if let notice = one.change.notice {
          told.append("\(one.row.key.text): \(notice.kind.rawValue), \(notice.reason.text)")
        }
        rows[one.row.key] = one.row.isOver ? nil : one.row.alarm
      }
      let (evidence, own) = moved.ownEvidence(run, findings, policy: policy)
      overflow.append(evidence.outcome == .passed ? "" : own.summary)
    }
  }

  @Test func eachRowHasItsOwnStateAndAVanishedOneResolvesWithThatReason() {
    var story = Story(AlarmPolicy(perRow: ["country"]))
    story.run(failing: ["PT", "ES"])
    story.run(failing: ["PT"])
    story.run(failing: [], gone: ["PT"])
    #expect(
      story.told == [
        "country=PT: red, the alarm opened", "country=ES: red, the alarm opened",
        "country=ES: resolved, resolved after 1m", "country=PT: resolved, its row is gone, after 2m",
      ])
    #expect(story.rows.isEmpty)
    #expect(story.overflow == ["", "", ""])
  }

  @Test func nullIsAValueOfItsOwn() {
    var story = Story(AlarmPolicy(perRow: ["country"]))
    story.run(failing: [nil, "", "NULL"])
    #expect(story.rows.count == 3)
    #expect(
      Set(story.rows.keys.map(\.canonical)) == [#"{"country":null}"#, #"{"country":""}"#, #"{"country":"NULL"}"#])
  }

  @Test func thePolicyHoldsForEachRow() {
    var story = Story(AlarmPolicy(forRuns: 2, recoverAfterRuns: 2, perRow: ["country"]))
    story.run(failing: ["PT"])
    story.run(failing: ["ES"])
    #expect(story.told == [])
    #expect(story.rows.map(\.value.state) == [.pending])
    story.run(failing: ["ES"])
    story.run(failing: [], gone: ["ES"])
    #expect(story.rows.map(\.value.state) == [.recovering])
    story.run(failing: [], gone: ["ES"])
    #expect(story.told == ["country=ES: red, the alarm opened", "country=ES: resolved, its row is gone, after 2m"])
  }

  @Test func anErroredRunMovesNoRow() {
    var story = Story(AlarmPolicy(perRow: ["country"]))
    story.run(failing: ["PT"])
    let before = story.rows
    story.run(failing: [], outcome: .errored)
    #expect(story.rows == before)
    #expect(story.told.count == 1)
  }

  @Test func rowsThatCouldNotBeReadDoNotEnd() {
    var story = Story(AlarmPolicy(perRow: ["country"]))
    story.run(failing: ["PT", "ES"])
    story.run(failing: ["PT"], unread: "timeout")
    #expect(story.rows.count == 2)
    #expect(story.told.count == 2)
  }

  @Test func whatIsBeyondTheCapIsToldByTheCheckersOwnAlarm() {
    var story = Story(AlarmPolicy(perRow: ["country"], maxAlarms: 2))
    story.run(failing: ["C", "D", "E"], total: 1206)
    #expect(story.rows.count == 2)
    #expect(story.overflow == ["and 1,204 more rows; max_alarms is 2"])
    // Those that have an alarm keep it, whatever comes before them.
    story.run(failing: ["A", "C", "D"], total: 3)
    #expect(Set(story.rows.keys.map(\.text)) == ["country=C", "country=D"])
    #expect(story.overflow.last == "and 1 more row; max_alarms is 2")
    story.run(failing: ["A", "C"])
    #expect(Set(story.rows.keys.map(\.text)) == ["country=A", "country=C"])
    #expect(story.overflow.last == "")
  }

  @Test func failuresComeBeforeWarningsUnderTheCap() {
    var story = Story(AlarmPolicy(perRow: ["country"], maxAlarms: 1))
    story.run(failing: ["Z"], warned: ["A"])
    #expect(story.rows.keys.map(\.text) == ["country=Z"])
  }

  @Test func aWarningThatBecomesAFailureIsTold() {
    var story = Story(AlarmPolicy(perRow: ["country"]))
    story.run(failing: [], warned: ["PT"])
    story.run(failing: ["PT"])
    #expect(story.told == ["country=PT: red, the alarm opened", "country=PT: red, a warning became a failure"])
  }

  /// Whatever fails when: each trouble of a row is resolved once, there are never more alarms than there may be, and
  /// no failing row is passed over in silence.
  @Test(arguments: 0..<100)
  func noRowIsLost(_ seed: Int) {
    var generator = AlarmPropertyTests.Generator(state: UInt64(seed))
    let policy = AlarmPolicy(
      forRuns: Int.random(in: 1...2, using: &generator), recoverAfterRuns: Int.random(in: 1...2, using: &generator),
      perRow: ["country"], maxAlarms: Int.random(in: 1...4, using: &generator))
    var story = Story(policy)
    for _ in 0..<40 {
      let failing = ["A", "B", "C", "D", "E", "F"].filter { _ in Bool.random(using: &generator) }
      story.run(failing: failing)
      #expect(story.rows.count <= policy.maxAlarms)
      let kept = failing.filter { story.rows[key($0)] != nil }
      #expect((kept.count < failing.count) == !(story.overflow.last ?? "").isEmpty)
      for (row, alarm) in story.rows {
        let news = story.told.filter { $0.hasPrefix("\(row.text):") }
        let isOpen = news.count { $0.contains(": red") } > news.count { $0.contains(": resolved") }
        #expect(isOpen == (alarm.memory.trouble != nil))
      }
    }
    story.policy.recoverAfterRuns = 1
    story.run(failing: [])
    #expect(story.rows.isEmpty)
    #expect(story.told.count { $0.contains(": red") } == story.told.count { $0.contains(": resolved") })
  }

  @Test func aKeyIsTheSameTextWhateverTheOrderOfItsColumns() {
    let one = RowKey([.init("b", "1"), .init("a", nil)])
    let other = RowKey([.init("a", nil), .init("b", "1")])
    #expect(one == other && one.canonical == #"{"a":null,"b":"1"}"#)
    #expect(one.text == "a=NULL, b=1")
  }

  @Test(arguments: ["", "\"", "\\", "\u{1}\n", "ção", "𝄞", "a,b:{}", "'; DROP TABLE x; --"])
  func aKeyIsReadAsItWasWritten(_ value: String) throws {
    let key = RowKey([.init("\(value)c", value), .init("n", nil)])
    #expect(RowKey(canonical: key.canonical) == key)
    let copy = try JSONDecoder().decode(RowKey.self, from: JSONEncoder().encode(key))
    #expect(copy == key)
  }

  @Test(arguments: [
    (AlarmPolicy(perRow: ["a", "a"]), "per_row"), (AlarmPolicy(perRow: [""]), "per_row"),
    (AlarmPolicy(perRow: ["a"], maxAlarms: 0), "max_alarms"),
    (AlarmPolicy(perRow: ["a"], maxAlarms: 201), "max_alarms"),
    (AlarmPolicy(maxAlarms: 3), "max_alarms"), (AlarmPolicy(perRow: (0..<9).map { "c\($0)" }), "per_row"),
  ])
  func aPolicyThatMakesNoSenseIsRefused(_ policy: AlarmPolicy, _ key: String) {
    #expect(policy.problems.map(\.key) == [key])
  }
}
