package import Domain
import Foundation

/// A silence as it is now.
package struct SilenceView: Sendable {
  package var silence: Silence
  package var phase: Silence.Phase
  /// How many checkers it fits.
  package var matched: Int
  /// Those of them whose alarm is open, by name: what it hides while it is active.
  package var open: [QualifiedName]
}

extension CheckerService {
  /// Most conditions of one silence.
  package static let mostMatchers = 50
  /// Silences that ended stay in lists so long, in seconds.
  package static let endedSilenceSeconds: Double = 7 * 86_400

  /// Active ones, those between their hours, upcoming ones, and those that ended lately; the next to end first.
  package func silences() async throws(ServiceError) -> [SilenceView] {
    let time = now()
    let silences = try await reading { () async throws(StoreError) in
      try await store.silences(notEndedAt: time - Self.endedSilenceSeconds)
    }
    if silences.isEmpty { return [] }
    let subjects = try await subjects()
    return silences.map { view($0, subjects, at: time) }
  }

  package func silence(_ id: Int64) async throws(ServiceError) -> SilenceView {
    guard let silence = try await reading({ () async throws(StoreError) in try await store.silence(id) }) else {
      throw .notFound("there is no silence \(id)")
    }
    return view(silence, try await subjects(), at: now())
  }

  /// What a silence would hide if it were active.
  package func preview(_ silence: Silence) async throws(ServiceError) -> SilenceView {
    view(silence, try await subjects(), at: now())
  }

  private func view(
    _ silence: Silence, _ subjects: [(subject: AlarmSubject, isOpen: Bool)], at time: Date
  ) -> SilenceView {
    let matched = subjects.filter { silence.matchers.match($0.subject) }
    return SilenceView(
      silence: silence, phase: silence.phase(at: time), matched: matched.count,
      open: matched.filter(\.isOpen).map(\.subject.checker))
  }

  private func subjects() async throws(ServiceError) -> [(subject: AlarmSubject, isOpen: Bool)] {
    let routing = try await routing()
    let checkers = try await reading { () async throws(StoreError) in try await store.checkers() }
    return checkers.map { (routing.subject(of: $0), $0.isOpen) }
  }

  /// Why nobody is told of these alarms now, in words; those that nothing withholds are left out.
  package func withholding(_ checkers: [StoredChecker]) async throws(ServiceError) -> [QualifiedName: String] {
    let routing = try await routing()
    let time = now()
    let reasons = checkers.compactMap { stored in
      routing.withholding(stored, at: time).map { (stored.checker.id, $0) }
    }
    return Dictionary(reasons, uniquingKeysWith: { first, _ in first })
  }

  /// What waits to be sent, for its group or for a receiver that is away, is withheld where something hides it now.
  func withholdWaiting() async throws(ServiceError) {
    guard try await reading({ () async throws(StoreError) in try await store.nextAttempt() }) != nil else { return }
    let routing = try await routing()
    _ = try await reading { () async throws(StoreError) in
      try await store.withholdWaiting(at: now(), router: routing)
    }
  }

  /// The same for silences that began by themselves: those to come, and quiet hours.
  package func withholdWhatSilencesHide() async throws(ServiceError) {
    let time = now()
    let silences = try await reading { () async throws(StoreError) in try await store.silences(notEndedAt: time) }
    if silences.contains(where: { $0.phase(at: time) == .active }) { try await withholdWaiting() }
  }

  /// Adds a silence, or replaces the one with its id.
  package func save(_ silence: Silence) async throws(ServiceError) -> Silence {
    let problems = try await Self.problems(of: silence, at: now()) + misnamed(silence)
    if !problems.isEmpty { throw .invalid(problems) }
    let saved = try await reading { () async throws(StoreError) in
      let saved = try await store.save(silence)
      try await store.tickWithheld(at: now())
      return saved
    }
    try await withholdWaiting()
    wake()
    return saved
  }

  /// Values that are no checker's name, with those that may be meant.
  private func misnamed(_ silence: Silence) async throws(ServiceError) -> [FieldProblem] {
    let bare = silence.matchers.flatMap { matcher in matcher.bareNames.map { (matcher, $0) } }
    if bare.isEmpty { return [] }
    let checkers = try await reading { () async throws(StoreError) in try await store.checkers() }.map(\.checker.id)
    return bare.map { matcher, value in
      let sign = matcher.isNegated ? "!=" : "="
      let known = checkers.filter { $0.name == value }.map { "checker\(sign)\($0)" }
      let hint =
        known.count == 1
        ? "did you mean \(known[0])?" : "write checker\(sign)*/\(value) for those of every namespace, or name one"
      return FieldProblem(field: "matchers", message: "'\(value)' has no namespace, and checkers have one: \(hint)")
    }
  }

  private static func problems(of silence: Silence, at time: Date) -> [FieldProblem] {
    var problems: [FieldProblem] = []
    if silence.matchers.isEmpty {
      problems.append(
        FieldProblem(field: "matchers", message: "a silence matches something: write namespace=* to silence everything")
      )
    }
    if silence.matchers.count > mostMatchers {
      problems.append(FieldProblem(field: "matchers", message: "a silence has at most \(mostMatchers) conditions"))
    }
    if let reason = silence.matchers.contradiction {
      problems.append(FieldProblem(field: "matchers", message: reason))
    }
    if let end = silence.endsAt, end <= silence.startsAt {
      problems.append(FieldProblem(field: "ends_at", message: "the end comes after the start"))
    } else if let end = silence.endsAt, end <= time, silence.id == 0 {
      problems.append(FieldProblem(field: "ends_at", message: "the end is in the past: choose a later one"))
    } else if let end = silence.endsAt, let hours = silence.hours, !hours.meet(from: silence.startsAt, to: end) {
      problems.append(
        FieldProblem(
          field: "hours",
          message: "'\(hours.text)' never comes between the start and the end: choose other hours, or a later end"))
    }
    if silence.comment.isEmpty {
      problems.append(FieldProblem(field: "comment", message: "say why, for those who wonder about the quiet"))
    }
    if silence.comment.count > longestComment {
      problems.append(tooLong(silence.comment, field: "comment"))
    }
    return problems
  }

  /// Ends a silence now; it stays in the list of those that ended.
  package func endSilence(_ id: Int64) async throws(ServiceError) {
    guard var silence = try await reading({ () async throws(StoreError) in try await store.silence(id) }) else {
      throw .notFound("there is no silence \(id)")
    }
    let time = now()
    if let end = silence.endsAt, end <= time { return }
    silence.startsAt = min(silence.startsAt, time)
    silence.endsAt = time
    let ended = silence
    try await reading { () async throws(StoreError) in
      _ = try await store.save(ended)
      try await store.tickWithheld(at: time)
    }
    wake()
  }
}
