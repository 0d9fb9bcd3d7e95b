package import Foundation

/// When a checker runs next, and why then.
package struct NextRun: Hashable, Sendable {
  /// `nil`: not by itself.
  package var at: Date?
  /// Why not when the schedule says, in words.
  package var delay: String?

  package init(at: Date?, delay: String? = nil) {
    self.at = at
    self.delay = delay
  }
}

/// What happened to one alarm, for those who decide who hears of it.
package struct AlarmUpdate: Sendable {
  /// As it is now.
  package var stored: StoredChecker
  package var change: AlarmChange
  /// The run that brought it about; for what happens without one, what is known of how it stands.
  package var run: Run
  /// `run` was made just now.
  package var isFromRun: Bool
  package var at: Date

  package init(
    stored: StoredChecker, change: AlarmChange, run: Run, isFromRun: Bool, at: Date
  ) {
    self.stored = stored
    self.change = change
    self.run = run
    self.isFromRun = isFromRun
    self.at = at
  }
}

/// Decides who hears of what happened to an alarm. Called within transactions of the store: it computes and waits for
/// nothing.
package protocol NoticeRouting: Sendable {
  func deliveries(for update: AlarmUpdate) -> [NewDelivery]
  /// Why nobody is told of this alarm now, in words; `nil` when nothing withholds its notices.
  func withholding(_ stored: StoredChecker, at time: Date) -> String?
}

extension RunStore {
  /// Records a run whose deliveries follow from its transition alone.
  package func record(
    _ run: Run, nextRunAt: Date?, deliveries: @escaping @Sendable (StoredChecker, AlarmTransition?) -> [NewDelivery]
  ) async throws(StoreError) -> AlarmTransition? {
    try await record(run, nextRun: { _ in NextRun(at: nextRunAt) }, router: PlainRouting(body: deliveries)).transition
  }
}

private struct PlainRouting: NoticeRouting {
  let body: @Sendable (StoredChecker, AlarmTransition?) -> [NewDelivery]

  func deliveries(for update: AlarmUpdate) -> [NewDelivery] { body(update.stored, update.change.transition) }
  func withholding(_ stored: StoredChecker, at time: Date) -> String? { nil }
}

extension Delivery {
  /// The reason of those that tell of a run and of no alarm.
  package static let everyRun = "every run"
}

/// That somebody saved a checker.
package struct CheckerEdit: Hashable, Sendable {
  package var version: Int
  package var author: String
  package var at: Date

  package init(version: Int, author: String, at: Date) {
    self.version = version
    self.author = author
    self.at = at
  }
}

/// What people did about an alarm, and what became of it, beside its transitions.
package struct AlarmEntry: Hashable, Sendable {
  package enum Kind: String, Codable, Sendable, CaseIterable {
    case acknowledged
    case acknowledgementWithdrawn = "acknowledgement_withdrawn"
    case acknowledgementExpired = "acknowledgement_expired"
    case comment, muted, unmuted
    /// A query of the runbook was run.
    case runbook
    /// Nobody was told, as nobody is bound to it.
    case unheard
  }

  package var at: Date
  package var kind: Kind
  /// Empty for what nobody did.
  package var author: String
  package var text: String

  package init(at: Date, kind: Kind, author: String, text: String) {
    self.at = at
    self.kind = kind
    self.author = author
    self.text = text
  }
}

/// Alarms beside runs: what time brings about, and what people do.
package protocol AlarmStore: Sendable {
  /// Lets time pass for up to `limit` alarms that wait for it: stale ones, reminders, acknowledgements and silences that
  /// end. Nothing was overdue before `aliveSince`. Returns what happened.
  func tick(
    at time: Date, aliveSince: Date, limit: Int, router: any NoticeRouting
  ) async throws(StoreError) -> [QualifiedName]
  /// When the next alarm waits for time to pass.
  func nextTick() async throws(StoreError) -> Date?
  /// Looks again at every alarm whose notices are withheld: a silence has gone.
  func tickWithheld(at time: Date) async throws(StoreError)

  /// `conflict` when nothing is open.
  func acknowledge(
    _ id: QualifiedName, _ acknowledgement: Acknowledgement, router: any NoticeRouting
  ) async throws(StoreError)
  func withdrawAcknowledgement(_ id: QualifiedName, author: String, at time: Date) async throws(StoreError)
  func comment(_ id: QualifiedName, _ text: String, author: String, at time: Date) async throws(StoreError)
  /// Writes a line into the alarm's history.
  func note(_ entry: AlarmEntry, of id: QualifiedName) async throws(StoreError)
  /// Newest first.
  func entries(of id: QualifiedName, limit: Int) async throws(StoreError) -> [AlarmEntry]
  /// The newest deliveries about the alarm, without those of every run.
  func notices(of id: QualifiedName, limit: Int) async throws(StoreError) -> [Delivery]
  /// Who saved which version, the newest first.
  func edits(of id: QualifiedName, limit: Int) async throws(StoreError) -> [CheckerEdit]

  /// Those that have not ended before `time`, in the order of their ends; `nil`: all.
  func silences(notEndedAt time: Date?) async throws(StoreError) -> [Silence]
  func silence(_ id: Int64) async throws(StoreError) -> Silence?
  /// Adds, when `id` is 0, or replaces; returns it with its id.
  func save(_ silence: Silence) async throws(StoreError) -> Silence
}
