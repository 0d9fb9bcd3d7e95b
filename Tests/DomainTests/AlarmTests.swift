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

  @Test func aMuteEndsAtItsTime() {
    let mute = Mute(reason: "move", author: "ana", startedAt: start, endsAt: start + 60)
    #expect(mute.isActive(at: start + 59))
    #expect(!mute.isActive(at: start + 60))
    #expect(Mute(reason: "", author: "", startedAt: start, endsAt: nil).isActive(at: start + 1e9))
  }
}
