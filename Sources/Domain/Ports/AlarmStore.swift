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
  /// All of the run, where `run` is only what no row tells.
  package var wholeRun: Run?
  /// `run` was made just now.
  package var isFromRun: Bool
  package var at: Date
  /// The row that it is about; the alarm of `stored` is then that row's.
  package var row: RowKey?

  package init(
    stored: StoredChecker, change: AlarmChange, run: Run, isFromRun: Bool, at: Date, row: RowKey? = nil
  ) {
    self.stored = stored
    self.change = change
    self.run = run
    self.isFromRun = isFromRun
    self.at = at
    self.row = row
  }
}

/// Decides who hears of what happened to an alarm. Called within transactions of the store: it computes and waits for
/// nothing.
package protocol NoticeRouting: Sendable {
  func deliveries(for update: AlarmUpdate) -> [NewDelivery]
  /// Why nobody is told of this alarm now, in words; `nil` when nothing withholds its notices.
  func withholding(_ stored: StoredChecker, at time: Date) -> String?
  /// When what withholds them ends, where that is known.
  func withholdingEnds(_ stored: StoredChecker, at time: Date) -> Date?
}

extension NoticeRouting {
  package func withholdingEnds(_ stored: StoredChecker, at time: Date) -> Date? { nil }
}

extension RunStore {
  /// Records a run whose deliveries follow from its transition alone.
  package func record(
    _ run: Run, nextRunAt: Date?, deliveries: @escaping @Sendable (StoredChecker, AlarmTransition?) -> [NewDelivery]
  ) async throws(StoreError) -> AlarmTransition? {
    try await record(run, nextRun: { _ in NextRun(at: nextRunAt) }, router: PlainRouting(body: deliveries)).transition
  }

  /// Of a checker whose alarm is the only one.
  package func record(
    _ run: Run, nextRun: @escaping @Sendable (StoredChecker) -> NextRun, router: any NoticeRouting
  ) async throws(StoreError) -> AlarmChange {
    try await record(run, rows: nil, nextRun: nextRun, router: router)
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
  /// The row that it is about.
  package var row: RowKey?

  package init(at: Date, kind: Kind, author: String, text: String, row: RowKey? = nil) {
    self.at = at
    self.kind = kind
    self.author = author
    self.text = text
    self.row = row
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
  /// Withholds news of alarms that waits to be sent, where something withholds it now. Returns how many deliveries.
  func withholdWaiting(at time: Date, router: any NoticeRouting) async throws(StoreError) -> Int
  /// Looks again at every alarm whose notices are withheld: a silence has gone.
  func tickWithheld(at time: Date) async throws(StoreError)

  /// The alarms of a checker's rows, the worst first.
  func rowAlarms(of id: QualifiedName) async throws(StoreError) -> [RowAlarm]

  /// Of one row, or without one of the checker's own alarm and of those of all its rows. `conflict` when nothing is
  /// open.
  func acknowledge(
    _ id: QualifiedName, row: RowKey?, _ acknowledgement: Acknowledgement, router: any NoticeRouting
  ) async throws(StoreError)
  func withdrawAcknowledgement(
    _ id: QualifiedName, row: RowKey?, author: String, at time: Date
  ) async throws(StoreError)
  /// `notFound` when the row has no alarm.
  func comment(
    _ id: QualifiedName, row: RowKey?, _ text: String, author: String, at time: Date
  ) async throws(StoreError)
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

/// Of all that is open of a checker.
extension AlarmStore {
  package func acknowledge(
    _ id: QualifiedName, _ acknowledgement: Acknowledgement, router: any NoticeRouting
  ) async throws(StoreError) {
    try await acknowledge(id, row: nil, acknowledgement, router: router)
  }

  package func withdrawAcknowledgement(_ id: QualifiedName, author: String, at time: Date) async throws(StoreError) {
    try await withdrawAcknowledgement(id, row: nil, author: author, at: time)
  }

  package func comment(_ id: QualifiedName, _ text: String, author: String, at time: Date) async throws(StoreError) {
    try await comment(id, row: nil, text, author: author, at: time)
  }
}
