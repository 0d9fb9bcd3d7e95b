import Domain
import Foundation
import Testing

@Suite struct AlarmTests {
  private let start = Date(timeIntervalSince1970: 1_772_452_800)

  /// What each outcome brings about, minute by minute.
  private func transitions(_ outcomes: [Outcome]) -> (alarm: Alarm, transitions: [AlarmTransition?]) {
    var alarm = Alarm(since: start)
    let transitions = outcomes.enumerated().map { minute, outcome in
      alarm.receive(outcome, run: "run-\(minute)", at: start + Double(minute * 60))
    }
    return (alarm, transitions)
  }

  @Test func runsThatAgreeMakeOneTransition() {
    let (alarm, transitions) = transitions([.failed, .failed, .failed, .passed, .passed])
    #expect(transitions.map { $0?.notice } == [.red, nil, nil, .resolved, nil])
    #expect(alarm.state == .green)
    #expect(alarm.since == start + 180)
    #expect(alarm.runID == "run-3")
    #expect(alarm.sequence == 2)
  }

  @Test func aFirstGreenRunIsATransitionAndNoNews() {
    let (alarm, transitions) = transitions([.passed])
    #expect(transitions[0]?.from == .unknown)
    #expect(transitions[0]?.notice == nil)
    #expect(alarm.state == .green)
  }

  @Test func fromWarningToFailureIsNewsAndKeepsItsBeginning() throws {
    let (alarm, transitions) = transitions([.passed, .warned, .failed, .warned])
    #expect(transitions.map { $0?.notice } == [nil, .red, .red, .red])
    let worse = try #require(transitions[2])
    #expect(worse.isWarning == false && worse.wasWarning)
    #expect(worse.previousSince == start + 60)
    #expect(alarm.since == start + 60)
    #expect(alarm.isWarning)
  }

  @Test func anErrorIsNoFailureAndItsEndIsNews() {
    let (alarm, transitions) = transitions([.passed, .errored, .errored, .failed, .errored, .passed])
    #expect(transitions.map { $0?.notice } == [nil, .error, nil, .red, .error, .resolved])
    #expect(transitions.compactMap { $0?.sequence } == [1, 2, 3, 4, 5])
    #expect(alarm.isWarning == false)
  }

  @Test func aRunAtTheSecondItIsDueDecides() {
    // Starts some milliseconds late, now more, now less.
    var alarm = Alarm(since: start)
    let policy = AlarmPolicy(forSeconds: 600)
    func run(_ time: Date) -> AlarmChange {
      let evidence = AlarmEvidence(outcome: .failed, runID: "run", startedAt: time, finishedAt: time + 2)
      return alarm.receive(evidence, policy: policy)
    }
    _ = run(start + 0.9)
    #expect(alarm.state == .pending)
    #expect(alarm.confirmsAt(policy) == start + 600)
    _ = run(start + 599.9)
    #expect(alarm.state == .pending)
    #expect(run(start + 600.1).notice?.kind == .red)
    #expect(alarm.confirmsAt(policy) == nil)
  }

  @Test func anAcknowledgementEndsAtItsTimeAndRemindsWhoeverTookIt() throws {
    var alarm = Alarm(since: start)
    #expect(alarm.acknowledge(Acknowledgement(author: "ana", at: start)) == nil, "nothing to look after")
    _ = alarm.receive(.failed, run: "run-1", at: start)
    let taken = Acknowledgement(author: "ana", comment: "on it", at: start + 60, expiresAt: start + 600)
    #expect(alarm.acknowledge(taken)?.kind == .acknowledged)
    #expect(alarm.ticksAt(.standard, dueAt: nil) == start + 600)
    #expect(alarm.tick(at: start + 599, policy: .standard, dueAt: nil) == .none)
    let change = alarm.tick(at: start + 600, policy: .standard, dueAt: nil)
    #expect(change.expired == taken)
    #expect(change.notice?.kind == .reminder)
    #expect(change.notice?.reason == .acknowledgementExpired(by: "ana"))
    #expect(alarm.acknowledgement == nil)
  }

  @Test func whatWasWithheldIsToldOnceTheSilenceEnds() throws {
    var alarm = Alarm(since: start)
    let evidence = AlarmEvidence(outcome: .failed, runID: "run-1", startedAt: start, finishedAt: start)
    let change = alarm.receive(evidence, policy: .standard)
    let red = try #require(change.notice)
    alarm.noteFate(of: red, wasSent: false, wasWithheld: true)
    let ended = alarm.silenceEnded(at: start + 60)
    let late = try #require(ended)
    #expect(late.kind == .red && late.reason == .silenceEnded && !late.wasTold)
    alarm.noteFate(of: late, wasSent: true, wasWithheld: false)
    #expect(alarm.silenceEnded(at: start + 120) == nil)
  }

  @Test func anEndThatWasWithheldIsOwedToThoseWhoKnowOfTheTrouble() throws {
    var alarm = Alarm(since: start)
    func notice(_ outcome: Outcome, after seconds: Double) -> AlarmNotice? {
      let time = start + seconds
      let evidence = AlarmEvidence(outcome: outcome, runID: "run-\(seconds)", startedAt: time, finishedAt: time)
      return alarm.receive(evidence, policy: .standard).notice
    }
    let first = notice(.failed, after: 0)
    alarm.noteFate(of: try #require(first), wasSent: true, wasWithheld: false)
    let end = notice(.passed, after: 100)
    alarm.noteFate(of: try #require(end), wasSent: false, wasWithheld: true)
    #expect(alarm.withheldAt == start + 100)
    // Another trouble that nobody hears of does not make the first one forgotten.
    let second = notice(.failed, after: 200)
    alarm.noteFate(of: try #require(second), wasSent: false, wasWithheld: true)
    let again = notice(.passed, after: 300)
    #expect(again?.wasTold == true)
    alarm.noteFate(of: try #require(again), wasSent: false, wasWithheld: true)
    let told = alarm.silenceEnded(at: start + 400)
    let owed = try #require(told)
    #expect(owed.kind == .resolved && owed.lastedSeconds == 300 && owed.wasTold)
    #expect(owed.transition.from == .red && owed.transition.to == .green)
    alarm.noteFate(of: owed, wasSent: true, wasWithheld: false)
    let nothing = alarm.silenceEnded(at: start + 500)
    #expect(nothing == nil && alarm.withheldAt == nil)
  }

  @Test func ofATroubleFromBeforeItWasNotedTheEndGoesWhereTheAlarmGoesNow() throws {
    var alarm = Alarm(since: start)
    _ = alarm.receive(.failed, run: "run-1", at: start)
    alarm.memory.trouble?.told = nil
    let old = try JSONDecoder().decode(Alarm.self, from: JSONEncoder().encode(alarm))
    #expect(old == alarm)
    let evidence = AlarmEvidence(outcome: .passed, runID: "run-2", startedAt: start + 60, finishedAt: start + 60)
    let notice = alarm.receive(evidence, policy: .standard).notice
    let end = try #require(notice)
    #expect(end.audience(routed: [Action(name: "chat", channel: "slack", settings: [:])]) == ["chat"])
  }

  @Test func redLastsOnThroughAnErrorOfWhichNobodyHeard() throws {
    for isHeard in [false, true] {
      var alarm = Alarm(since: start)
      for (minute, outcome) in [Outcome.failed, .errored, .failed].enumerated() {
        let time = start + Double(minute * 60)
        let evidence = AlarmEvidence(outcome: outcome, runID: "run-\(minute)", startedAt: time, finishedAt: time)
        let notice = alarm.receive(evidence, policy: .standard).notice
        let isSent = outcome == .failed || isHeard
        if let notice { alarm.noteFate(of: notice, wasSent: isSent, wasWithheld: !isSent) }
      }
      #expect(alarm.state == .red && alarm.since == start + (isHeard ? 120 : 0))
    }
  }

  @Test func beforeTheServiceLivedNothingWasOverdue() {
    var alarm = Alarm(since: start)
    _ = alarm.receive(.passed, run: "run-1", at: start)
    let due = start + 60
    #expect(alarm.tick(at: start + 9000, policy: .standard, dueAt: due, aliveSince: start + 8000) == .none)
    #expect(
      alarm.tick(at: start + 12_000, policy: .standard, dueAt: due, aliveSince: start + 8000).notice?.kind == .stale)
  }

  @Test func anEventOfAnOlderVersionIsReadAsItWasMeant() throws {
    let transition = AlarmTransition(
      sequence: 1, from: .green, to: .red, isWarning: false, wasWarning: false, at: start, previousSince: start,
      runID: "run-1")
    let text = String(decoding: try JSONEncoder().encode(transition), as: UTF8.self)
    let old = text.replacing(#""notice":"red""#, with: #""unknown":1"#)
    #expect(old != text)
    #expect(try JSONDecoder().decode(AlarmTransition.self, from: Data(old.utf8)) == transition)
  }

  @Test(arguments: [
    ("90s", 90.0), ("10m", 600), ("1h 30m", 5400), ("2d", 172_800), ("1w", 604_800), ("10 minutes", 600), ("0s", 0),
    ("1.5h", 5400),
  ])
  func readsDurations(_ text: String, _ seconds: Double) {
    #expect(DurationText.seconds(text) == seconds)
    #expect(DurationText.seconds(DurationText.write(seconds)) == seconds)
  }

  @Test(arguments: ["", "ten", "10", "10x", "m", "-5m", "1h-2m"])
  func refusesWhatIsNoDuration(_ text: String) {
    #expect(DurationText.seconds(text) == nil)
  }

  @Test func aMuteEndsAtItsTime() {
    let mute = Mute(reason: "move", author: "ana", startedAt: start, endsAt: start + 60)
    #expect(mute.isActive(at: start + 59))
    #expect(!mute.isActive(at: start + 60))
    #expect(Mute(reason: "", author: "", startedAt: start, endsAt: nil).isActive(at: start + 1e9))
  }
}
