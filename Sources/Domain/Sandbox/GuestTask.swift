package import Foundation

/// A piece of users' code to be run once, with everything that it may see.
package struct GuestTask: Sendable {
  package enum Program: Sendable {
    /// A WebAssembly module (or component, or WAT text) that exports `check`.
    case module([UInt8])
    /// `fileName` is how tracebacks call it.
    case script(ScriptLanguage, source: String, fileName: String)
  }

  package var program: Program
  /// The namespace's own modules that a script may import: name without the ending, and source in the same language.
  package var libraries: [String: String]
  package var context: GuestContext
  package var data: any GuestData
  package var limits: GuestLimits
  /// Only see whether the program could run: parse the script, link the module.
  package var isTrial: Bool

  package init(
    program: Program, libraries: [String: String] = [:], context: GuestContext, data: any GuestData,
    limits: GuestLimits, isTrial: Bool = false
  ) {
    self.program = program
    self.libraries = libraries
    self.context = context
    self.data = data
    self.limits = limits
    self.isTrial = isTrial
  }
}

/// What a guest may know about the run that it is part of. The same context and the same data give the same verdict.
package struct GuestContext: Sendable {
  package var namespace: String
  package var checker: String
  package var runID: String
  /// All randomness comes from it.
  package var seed: UInt64
  /// The only clock that a guest sees; it stands still during the run.
  package var now: Date
  /// IANA name of the zone in which the checker's author thinks.
  package var timeZone: String
  package var parameters: [String: String]
  /// Newest first.
  package var previous: [PreviousRun]

  package struct PreviousRun: Hashable, Codable, Sendable {
    package var startedAt: Date
    package var outcome: Outcome
    /// Of each assertion by its name.
    package var observed: [String: Double]

    package init(startedAt: Date, outcome: Outcome, observed: [String: Double]) {
      self.startedAt = startedAt
      self.outcome = outcome
      self.observed = observed
    }
  }

  package init(
    namespace: String, checker: String, runID: String, seed: UInt64, now: Date, timeZone: String = "UTC",
    parameters: [String: String] = [:], previous: [PreviousRun] = []
  ) {
    self.namespace = namespace
    self.checker = checker
    self.runID = runID
    self.seed = seed
    self.now = now
    self.timeZone = timeZone
    self.parameters = parameters
    self.previous = previous
  }
}

/// The data that a guest may ask for, always through the host.
package protocol GuestData: Sendable {
  /// How long one request may take, in seconds; whoever answers it has limits of its own, which come first.
  var patienceSeconds: Double { get }

  /// The rows when they are at hand already, so that no guest waits for them; `nil`: ask `dataset`.
  func held(_ name: String) -> ResultSet?

  /// The rows of a dataset, as a checker of the guest's namespace names it.
  func dataset(_ name: String) async throws(GuestDataError) -> ResultSet

  /// One aggregate over a dataset, computed by its database: no row comes over. `filter` is a SQL condition.
  func measure(_ dataset: String, expression: String, filter: String?) async throws(GuestDataError) -> MeasuredValue
}

extension GuestData {
  package var patienceSeconds: Double { 30 }

  package func held(_ name: String) -> ResultSet? { nil }
}

/// What a database computed, and what it means there: a moment travels as text.
package struct MeasuredValue: Hashable, Sendable {
  package var cell: Cell
  package var type: ColumnType

  package init(_ cell: Cell, type: ColumnType = .other) {
    self.cell = cell
    self.type = type
  }
}

/// Why a dataset cannot be had.
package struct GuestDataError: Error, Hashable, Sendable {
  package enum Kind: String, Sendable {
    /// There is none of that name.
    case unknown
    /// The database did not answer the query.
    case query
    /// More rows or bytes than the limit.
    case tooLarge
  }

  package var kind: Kind
  package var message: String

  package init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }
}

/// What a guest may use up. Each limit that is reached ends the run as errored, with a reason of its own.
package struct GuestLimits: Hashable, Codable, Sendable {
  /// Of the guest's own work; waiting for data does not count. 0.01 to 300.
  package var seconds: Double
  /// Of one request for data.
  package var dataSeconds: Double
  package var memoryBytes: Int
  package var moduleBytes: Int
  package var messages: Int
  /// Of one message; a longer one is cut, visibly.
  package var messageBytes: Int
  /// Of the log; more is cut, visibly.
  package var logBytes: Int
  /// Copied into the guest, of all its datasets together.
  package var datasetBytes: Int
  package var hostCalls: Int

  package init(
    seconds: Double = 5, dataSeconds: Double = 30, memoryBytes: Int = 64 << 20, moduleBytes: Int = 4 << 20,
    messages: Int = 1000, messageBytes: Int = 2048, logBytes: Int = 64 << 10, datasetBytes: Int = 64 << 20,
    hostCalls: Int = 100_000
  ) {
    self.seconds = seconds
    self.dataSeconds = dataSeconds
    self.memoryBytes = memoryBytes
    self.moduleBytes = moduleBytes
    self.messages = messages
    self.messageBytes = messageBytes
    self.logBytes = logBytes
    self.datasetBytes = datasetBytes
    self.hostCalls = hostCalls
  }

  package static let module = GuestLimits()
  package static let script = GuestLimits(memoryBytes: 256 << 20)
}
