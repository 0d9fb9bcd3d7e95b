package import Foundation

/// Why the store did not do what was asked.
package enum StoreError: Error, Hashable, Sendable {
  case notFound(String)
  /// There is one of that name already, or it changed since it was read.
  case conflict(String)
  /// Others need it: their names.
  case inUse(String, by: [String])
  /// The disk is full, the file is locked, the store is damaged.
  case unavailable(String)
}

extension StoreError: CustomStringConvertible {
  /// One or more sentences for a person.
  package var description: String {
    switch self {
    case .notFound(let message), .conflict(let message), .unavailable(let message): message
    case .inUse(let message, let names): "\(message): \(names.joined(separator: ", "))"
    }
  }
}

/// Data sources, datasets, checkers and actions as users wrote them.
package protocol CatalogueStore: Sendable {
  func dataSources() async throws(StoreError) -> [DataSource]
  func dataSource(_ name: String) async throws(StoreError) -> DataSource?
  /// Adds or replaces. `original` is the name it had; a rename carries over to the datasets that use it.
  /// What is there otherwise than `expected` was changed by somebody else meanwhile: `conflict`.
  func save(_ source: DataSource, replacing original: String?, expected: DataSource?) async throws(StoreError)
  func deleteDataSource(_ name: String) async throws(StoreError)

  func datasets() async throws(StoreError) -> [Dataset]
  func dataset(_ id: QualifiedName) async throws(StoreError) -> Dataset?
  /// What is there otherwise than `expected` was changed by somebody else meanwhile: `conflict`.
  func save(_ dataset: Dataset, replacing original: QualifiedName?, expected: Dataset?) async throws(StoreError)
  /// Refused with `inUse` while a rule of a checker names it.
  func deleteDataset(_ id: QualifiedName) async throws(StoreError)

  func checker(_ id: QualifiedName) async throws(StoreError) -> StoredChecker?
  /// Every checker, by namespace and name.
  func checkers() async throws(StoreError) -> [StoredChecker]
  /// Those of one namespace, by name.
  func checkers(in namespace: String) async throws(StoreError) -> [StoredChecker]
  /// Adds (version 1) or writes a new version. `expectedVersion` guards against overwriting someone else's edit.
  func save(
    _ checker: Checker, replacing original: QualifiedName?, expectedVersion: Int?, author: String, at time: Date,
    nextRunAt: Date?
  ) async throws(StoreError) -> StoredChecker
  func versions(of id: QualifiedName) async throws(StoreError) -> [CheckerVersion]
  /// With its runs, alarm and history. Whoever heard that it is open hears of its end.
  func deleteChecker(_ id: QualifiedName, at time: Date, router: any NoticeRouting) async throws(StoreError)

  /// A namespace's libraries, or all, by namespace and file name.
  func libraries(namespace: String?) async throws(StoreError) -> [StoredLibrary]
  func library(_ fileName: String, namespace: String) async throws(StoreError) -> StoredLibrary?
  /// Adds (version 1) or writes a new version. `expectedVersion` guards against overwriting someone else's edit.
  func save(_ library: Library, expectedVersion: Int?, author: String, at time: Date) async throws(StoreError)
  /// Newest first.
  func versions(ofLibrary fileName: String, namespace: String) async throws(StoreError) -> [StoredLibrary]
  func deleteLibrary(_ fileName: String, namespace: String) async throws(StoreError)

  /// Keeps a module's bytes under their digest; what is there already is left alone.
  func keepModule(_ bytes: [UInt8], digest: String) async throws(StoreError)
  func module(_ digest: String) async throws(StoreError) -> [UInt8]?

  func actions() async throws(StoreError) -> [Action]
  func action(_ name: String) async throws(StoreError) -> Action?
  /// What is there otherwise than `expected` was changed by somebody else meanwhile: `conflict`.
  func save(_ action: Action, replacing original: String?, expected: Action?) async throws(StoreError)
  func deleteAction(_ name: String) async throws(StoreError)

  /// Adds or replaces all of it in ONE transaction: everything or, when it throws, nothing.
  func write(_ changes: CatalogueChanges, author: String, at time: Date) async throws(StoreError)
}

extension CatalogueStore {
  /// Whatever is there.
  package func save(_ source: DataSource, replacing original: String?) async throws(StoreError) {
    try await save(source, replacing: original, expected: nil)
  }

  /// Whatever is there.
  package func save(_ dataset: Dataset, replacing original: QualifiedName?) async throws(StoreError) {
    try await save(dataset, replacing: original, expected: nil)
  }

  /// Whatever is there.
  package func save(_ action: Action, replacing original: String?) async throws(StoreError) {
    try await save(action, replacing: original, expected: nil)
  }
}

/// A checker with what the store knows about it.
package struct StoredChecker: Hashable, Codable, Sendable {
  package var checker: Checker
  /// From 1; each save adds one.
  package var version: Int
  package var savedAt: Date
  /// The checker's own: what no row of it tells.
  package var alarm: Alarm
  package var mute: Mute?
  /// `nil`: not scheduled, or disabled.
  package var nextRunAt: Date?
  package var lastRun: RunSummary?
  /// Why the next run is not when the schedule says, in words.
  package var runDelay: String?
  /// The alarms of its rows; `nil` when none is open.
  package var rows: RowsSummary?

  package init(
    checker: Checker, version: Int, savedAt: Date, alarm: Alarm, mute: Mute?, nextRunAt: Date?, lastRun: RunSummary?,
    runDelay: String? = nil, rows: RowsSummary? = nil
  ) {
    self.checker = checker
    self.version = version
    self.savedAt = savedAt
    self.alarm = alarm
    self.mute = mute
    self.nextRunAt = nextRunAt
    self.lastRun = lastRun
    self.runDelay = runDelay
    self.rows = rows
  }

  /// The worst of its own alarm and those of its rows, as lists show it.
  package var shownAlarm: Alarm { alarm.shown(with: rows) }
}

package struct CheckerVersion: Hashable, Codable, Sendable {
  package var version: Int
  package var checker: Checker
  package var author: String
  package var savedAt: Date

  package init(version: Int, checker: Checker, author: String, savedAt: Date) {
    self.version = version
    self.checker = checker
    self.author = author
    self.savedAt = savedAt
  }
}

/// A run without its assertions, for lists.
package struct RunSummary: Hashable, Codable, Sendable {
  package var id: String
  package var checker: QualifiedName
  package var trigger: Run.Trigger
  package var startedAt: Date
  package var milliseconds: Double
  package var outcome: Outcome
  /// `Run.summary`.
  package var summary: String
  package var failedAssertions: Int
  package var assertions: Int

  package init(
    id: String, checker: QualifiedName, trigger: Run.Trigger, startedAt: Date, milliseconds: Double, outcome: Outcome,
    summary: String, failedAssertions: Int, assertions: Int
  ) {
    self.id = id
    self.checker = checker
    self.trigger = trigger
    self.startedAt = startedAt
    self.milliseconds = milliseconds
    self.outcome = outcome
    self.summary = summary
    self.failedAssertions = failedAssertions
    self.assertions = assertions
  }
}

/// Runs, alarms and what is due.
package protocol RunStore: Sendable {
  /// Claims up to `limit` due checkers (enabled, scheduled, `nextRunAt <= time`, not claimed) for `lease` seconds.
  func claimDue(at time: Date, limit: Int, lease: Double) async throws(StoreError) -> [StoredChecker]
  /// Claims one checker for a run by hand; `false` when a run of it is under way.
  func claim(_ id: QualifiedName, at time: Date, lease: Double) async throws(StoreError) -> Bool
  /// Gives a claim back without a run, due again at `nextRunAt`.
  func release(_ id: QualifiedName, nextRunAt: Date?) async throws(StoreError)
  /// Moves a checker that nobody has claimed to another time.
  func replan(_ id: QualifiedName, nextRunAt: Date) async throws(StoreError)
  /// Gives back all claims: called once at start, when no other process has this store.
  func releaseAllClaims() async throws(StoreError)
  /// When the next checker is due.
  func nextDue() async throws(StoreError) -> Date?

  /// In ONE transaction: adds the run, lets the alarm receive it, writes the transition, enqueues the deliveries that
  /// `router` asks for, moves the next run on, and drops the claim. `nextRun` is asked once the alarm has received it.
  /// A run id that is known already changes nothing and returns `none`. A checker that was deleted meanwhile:
  /// `notFound`. `rows` moves the alarms of single rows in the same transaction, and what they tell the checker's own
  /// alarm does not; the change is that of the checker's own, with how many rows' changed.
  func record(
    _ run: Run, rows: RowFindings?, nextRun: @escaping @Sendable (StoredChecker) -> NextRun, router: any NoticeRouting
  ) async throws(StoreError) -> AlarmChange

  func run(_ id: String) async throws(StoreError) -> Run?
  /// Newest first, those before the run `before`.
  func runs(_ filter: RunFilter, limit: Int, before: String?) async throws(StoreError) -> [RunSummary]
  /// The last observed values of each assertion of a checker, of runs before the run `before`, oldest first, keyed by
  /// assertion name.
  func observations(of id: QualifiedName, limit: Int, before: String?) async throws(StoreError) -> [String: [Double?]]
  /// Newest first.
  func transitions(of id: QualifiedName?, limit: Int) async throws(StoreError) -> [RecordedTransition]

  /// Mutes, or unmutes with `nil`; `entry` is the line in the alarm's history.
  func mute(_ id: QualifiedName, _ mute: Mute?, entry: AlarmEntry?) async throws(StoreError)
  func setEnabled(_ id: QualifiedName, _ enabled: Bool, nextRunAt: Date?) async throws(StoreError)
  /// Drops runs that started before `time`, their buckets after the same; returns how many runs.
  func prune(before time: Date) async throws(StoreError) -> Int
}

extension RunStore {
  /// Without a line in the history.
  package func mute(_ id: QualifiedName, _ mute: Mute?) async throws(StoreError) {
    try await self.mute(id, mute, entry: nil)
  }
}

package struct RunFilter: Hashable, Sendable {
  package var checker: QualifiedName?
  package var namespace: String?
  package var outcome: Outcome?

  package init(checker: QualifiedName? = nil, namespace: String? = nil, outcome: Outcome? = nil) {
    self.checker = checker
    self.namespace = namespace
    self.outcome = outcome
  }
}

package struct RecordedTransition: Hashable, Codable, Sendable {
  package var checker: QualifiedName
  package var transition: AlarmTransition
  /// The run's summary.
  package var summary: String
  /// The row that it is about.
  package var row: RowKey?

  package init(checker: QualifiedName, transition: AlarmTransition, summary: String, row: RowKey? = nil) {
    self.checker = checker
    self.transition = transition
    self.summary = summary
    self.row = row
  }
}

/// A delivery to be enqueued.
package struct NewDelivery: Sendable {
  package var event: Event
  package var action: String
  package var isWithheld: Bool
  /// Why it is sent or withheld, in words.
  package var reason: String
  /// `nil`: sent alone and at once.
  package var group: Group?

  package struct Group: Hashable, Sendable {
    package var key: String
    package var waitSeconds: Double
    package var intervalSeconds: Double

    package init(key: String, waitSeconds: Double, intervalSeconds: Double) {
      self.key = key
      self.waitSeconds = waitSeconds
      self.intervalSeconds = intervalSeconds
    }
  }

  package init(event: Event, action: String, isWithheld: Bool, reason: String = "", group: Group? = nil) {
    self.event = event
    self.action = action
    self.isWithheld = isWithheld
    self.reason = reason
    self.group = group
  }
}

/// What became of the deliveries of an action that had failed.
package struct ResentDeliveries: Hashable, Sendable {
  /// Put back in line.
  package var resent = 0
  /// Left, because newer news of the same alarm came after them.
  package var overtaken = 0

  package init(resent: Int = 0, overtaken: Int = 0) {
    self.resent = resent
    self.overtaken = overtaken
  }
}

/// Deliveries that wait, leased one at a time per checker and action so that order is kept.
package protocol OutboxStore: Sendable {
  /// Leases up to `limit` deliveries that are due, the oldest of each checker and action only.
  func lease(at time: Date, limit: Int, seconds: Double) async throws(StoreError) -> [Delivery]
  /// `note` says what was wrong with it, though it was taken.
  func delivered(_ id: Int64, note: String?, at time: Date) async throws(StoreError)
  func retry(_ id: Int64, at time: Date, error: String) async throws(StoreError)
  func failed(_ id: Int64, error: String, at time: Date) async throws(StoreError)
  /// The action's deliveries that failures have put off are due at `time`.
  func hurry(action: String, at time: Date) async throws(StoreError)
  /// Puts a failed or withheld delivery back in line.
  func resend(_ id: Int64, at time: Date) async throws(StoreError)
  func nextAttempt() async throws(StoreError) -> Date?
  /// The newest news of each alarm that `action` has delivered and that is open, or over since `time` at the most.
  func standing(of action: String, resolvedAfter time: Date) async throws(StoreError) -> [Event]
  /// Puts the failed deliveries of an action back in line that no newer event of their alarms has overtaken.
  func resendFailed(action: String, at time: Date) async throws(StoreError) -> ResentDeliveries
  /// Newest first; `withRuns` is false for those of alarms alone, without the messages of every run.
  func deliveries(
    action: String?, checker: QualifiedName?, state: Delivery.State?, withRuns: Bool, limit: Int
  ) async throws(StoreError) -> [Delivery]
  func delivery(_ id: Int64) async throws(StoreError) -> Delivery?
  /// The newest of each of `actions` that was not withheld.
  func latest(of actions: [String]) async throws(StoreError) -> [Delivery]
  func counts() async throws(StoreError) -> [Delivery.State: Int]
}

extension OutboxStore {
  package func delivered(_ id: Int64, at time: Date) async throws(StoreError) {
    try await delivered(id, note: nil, at: time)
  }

  package func deliveries(action: String?, checker: QualifiedName?, limit: Int) async throws(StoreError) -> [Delivery] {
    try await deliveries(action: action, checker: checker, state: nil, limit: limit)
  }

  package func deliveries(
    action: String?, checker: QualifiedName?, state: Delivery.State?, limit: Int
  ) async throws(StoreError) -> [Delivery] {
    try await deliveries(action: action, checker: checker, state: state, withRuns: true, limit: limit)
  }
}

/// The administrator's password (hashed), sessions and tokens (hashed), and other small settings.
package protocol SettingsStore: Sendable {
  func setting(_ key: String) async throws(StoreError) -> String?
  func set(_ key: String, _ value: String?) async throws(StoreError)
  /// Keys that start with `prefix`, with their values.
  func settings(prefix: String) async throws(StoreError) -> [String: String]
}

/// Whether the store takes what is written to it.
package protocol WriteWatching: Sendable {
  /// Why a write was refused, from then on until `tryWriting` finds that writes work; `nil` while they do.
  var writeTrouble: String? { get }
  /// Writes a little, and takes it away again, where a write was refused; otherwise does nothing.
  func tryWriting() async
}

/// The service's own store.
package typealias Store = CatalogueStore & RunStore & AlarmStore & OutboxStore & OutageStore & OverviewStore
  & SettingsStore & PingStore & SilenceEndingStore & RoutingStore & WriteWatching
