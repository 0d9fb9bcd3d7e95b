import Domain
import Foundation
import Testing

/// What holds whatever the policy and whatever happens.
@Suite struct AlarmPropertyTests {
  /// The same numbers for the same seed (SplitMix64, by Sebastiano Vigna, in the public domain).
  struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  private func policy(_ generator: inout Generator) -> AlarmPolicy {
    let times: [Double] = [0, 0, 60, 150]
    return AlarmPolicy(
      forSeconds: times.randomElement(using: &generator)!, forRuns: Int.random(in: 1...3, using: &generator),
      keepFiringSeconds: times.randomElement(using: &generator)!,
      recoverAfterRuns: Int.random(in: 1...3, using: &generator),
      onError: AlarmPolicy.Reaction.allCases.randomElement(using: &generator)!,
      errorGraceSeconds: times.randomElement(using: &generator)!,
      onEmpty: ([nil] + AlarmPolicy.Reaction.allCases).randomElement(using: &generator)!,
      emptyGraceSeconds: times.randomElement(using: &generator)!,
      staleAfterSeconds: [nil, 60, 3600].randomElement(using: &generator)!,
      missedAfterSeconds: [nil, nil, 60, 180].randomElement(using: &generator)!,
      repeatSeconds: [nil, 60, 300].randomElement(using: &generator)!)
  }

  private func steps(_ generator: inout Generator) -> [AlarmStep] {
    let all: [AlarmStep] = [
      .passes, .passes, .warns, .fails, .fails, .errors, .empty, .almost, .nothing, .acknowledged,
    ]
    return (0..<60).map { _ in all.randomElement(using: &generator)! }
  }

  private func story(_ seed: Int) -> (AlarmPolicy, [AlarmStep], [(alarm: Alarm, change: AlarmChange)]) {
    var generator = Generator(state: UInt64(seed))
    let policy = policy(&generator)
    let steps = steps(&generator)
    return (policy, steps, AlarmCase("", "", policy, steps, [], []).play())
  }

  @Test(arguments: 0..<200)
  func transitionsFormAChain(_ seed: Int) {
    var last = (sequence: 0, state: Alarm.State.unknown, since: AlarmCase.start)
    for (alarm, change) in story(seed).2 {
      guard let transition = change.transition else {
        #expect(alarm.state == last.state && alarm.sequence == last.sequence)
        continue
      }
      #expect(transition.sequence == last.sequence + 1)
      #expect(transition.from == last.state && transition.previousSince == last.since)
      #expect(
        transition.from != transition.to || (transition.to == .red && transition.isWarning != transition.wasWarning))
      last = (transition.sequence, transition.to, alarm.since)
    }
  }

  /// Trouble opens, changes, and is resolved once; nothing is told of what was never open.
  @Test(arguments: 0..<200)
  func everyTroubleIsResolvedOnceAndSaysHowLongItLasted(_ seed: Int) {
    var openedAt: Date?
    for (alarm, change) in story(seed).2 {
      if let notice = change.notice {
        switch notice.kind {
        case .resolved:
          #expect(openedAt == notice.openedAt)
          #expect(notice.lastedSeconds == notice.transition.at.timeIntervalSince(notice.openedAt))
          openedAt = nil
        case .red, .error, .stale:
          if notice.reason == .opened { #expect(openedAt == nil) } else { #expect(openedAt != nil) }
          openedAt = openedAt ?? notice.transition.at
          #expect(notice.openedAt == openedAt)
        case .reminder, .acknowledged, .silenceEnding: #expect(openedAt != nil)
        }
      }
      #expect((alarm.memory.trouble != nil) == (openedAt != nil))
      #expect([.red, .error, .stale, .recovering].contains(alarm.state) ? openedAt != nil : true)
      #expect([.green, .unknown].contains(alarm.state) ? openedAt == nil : true)
    }
  }

  /// Red that is new takes as many runs, and as long, as the policy says.
  @Test(arguments: 0..<200)
  func nothingTurnsRedTooSoon(_ seed: Int) {
    let (policy, steps, played) = story(seed)
    for (index, (_, change)) in played.enumerated() {
      guard let transition = change.transition, transition.to == .red, change.notice?.reason == .opened,
        steps[index] != .nothing
      else { continue }
      let before = steps[...index].reversed().prefix { $0 != .passes && $0 != .almost }
      let wrong = before.count { ![.nothing, .acknowledged].contains($0) }
      #expect(wrong >= policy.forRuns)
      #expect(Double((before.count - 1) * 60) >= policy.forSeconds)
    }
  }

  /// What the store keeps is all that it needs: a restart at any moment changes nothing.
  @Test(arguments: 0..<50)
  func aRestartChangesNothing(_ seed: Int) throws {
    let (policy, steps, played) = story(seed)
    for cut in [10, 30, 50] {
      var alarm = try JSONDecoder().decode(Alarm.self, from: JSONEncoder().encode(played[cut].alarm))
      #expect(alarm == played[cut].alarm)
      for index in (cut + 1)..<steps.count {
        guard let outcome = steps[index].outcome else { break }
        let time = AlarmCase.start + Double(index * 60)
        let evidence = AlarmEvidence(
          outcome: outcome, runID: "run-\(index)", startedAt: time, finishedAt: time,
          hasNoData: steps[index] == .empty, isRecovered: steps[index] != .almost)
        var change = alarm.receive(evidence, policy: policy)
        if change == .none { change = alarm.tick(at: time, policy: policy, dueAt: time + 60) }
        #expect(change == played[index].change)
        if let notice = change.notice { alarm.noteFate(of: notice, wasSent: true, wasWithheld: false) }
      }
    }
  }

  /// A policy is what it was after the way through a document, and an old document has the standard one.
  @Test(arguments: 0..<50)
  func policiesSurviveDocuments(_ seed: Int) throws {
    let policy = story(seed).0
    #expect(try JSONDecoder().decode(AlarmPolicy.self, from: JSONEncoder().encode(policy)) == policy)
    #expect(try JSONDecoder().decode(AlarmPolicy.self, from: Data("{}".utf8)) == .standard)
  }
}
