package import Foundation

/// A silence about to end, and what it still hides: whoever made it may want it to last longer.
extension Silence {
  /// How long before its end people are told, in seconds.
  package static let noticeSeconds: Double = 15 * 60

  /// When people are told that it ends; a silence shorter than twice that time tells at its half. `nil`: it has no end.
  package var noticeAt: Date? {
    endsAt.map { $0 - min(Self.noticeSeconds, max(0, $0.timeIntervalSince(startsAt)) / 2) }
  }

  /// It is active, and the time to tell of its end has come.
  package func isEnding(at time: Date) -> Bool {
    phase(at: time) == .active && noticeAt.map { $0 <= time } ?? false
  }

  /// `silence 3 by ana (migration) ends in 15m, and 2 alarms that it hides are open`.
  package func endingWords(open: Int, at time: Date) -> String {
    let left = DurationText.write(max(0, (endsAt ?? time).timeIntervalSince(time)).rounded(.up))
    let why = comment.isEmpty ? "" : " (\(comment))"
    return "silence \(id) by \(author)\(why) ends in \(left), and \(open) "
      + (open == 1 ? "alarm that it hides is open" : "alarms that it hides are open")
  }
}

extension Event {
  /// Most alarms that the message names.
  private static let mostNamed = 10

  /// That `silence` is about to end; `open` are the alarms it hides of which the action would hear, at least one.
  package init(ending silence: Silence, open: [StoredChecker], at time: Date) {
    let topic = EventTopic.silence(silence.id)
    let end = silence.endsAt ?? time
    let isRed = open.contains { $0.shownAlarm.state == .red }
    let state = isRed ? Alarm.State.red : open.first?.shownAlarm.state ?? .error
    let severity = open.map(\.checker.severity).max { $0.rank < $1.rank } ?? .warning
    let checker = Checker(id: topic.id, severity: severity, owner: silence.author, body: .rules([]))
    var names = open.prefix(Self.mostNamed).map { "\($0.checker.id) (\($0.shownAlarm.state.rawValue))" }
    if open.count > names.count { names.append("\(open.count - names.count) more") }
    let text = silence.endingWords(open: open.count, at: time) + ": " + names.joined(separator: ", ")
    let run = Run(
      id: "", checker: checker.id, version: 1, trigger: .schedule, startedAt: time, finishedAt: time,
      outcome: isRed ? .failed : .errored, reason: text.capitalizedFirst, assertions: [])
    let transition = AlarmTransition(
      sequence: 1, from: state, to: state, isWarning: false, wasWarning: false, at: time,
      previousSince: open.map(\.shownAlarm.since).min() ?? time, runID: "", notice: .silenceEnding)
    self.init(
      id: "silence-\(silence.id)-\(Int(end.timeIntervalSince1970 * 1000))-ending", subject: .alarm(transition),
      checker: checker, checkerVersion: 1, run: run, time: time)
    about = topic
    reason = "told once, before the silence ends at \(end.formatted(.iso8601))"
  }
}

extension StoredChecker {
  /// Something is wrong, of the checker or of one of its rows, and is not over.
  package var isOpen: Bool {
    alarm.memory.trouble != nil || [.red, .error, .stale, .recovering].contains(shownAlarm.state)
  }
}

extension Severity {
  package var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

extension String {
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
