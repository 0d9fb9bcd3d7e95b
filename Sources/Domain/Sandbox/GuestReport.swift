/// What came of running a guest.
package struct GuestReport: Sendable {
  /// In the order in which the guest stated them, also when trouble ended it.
  package var verdicts: [GuestVerdict]
  /// What the guest printed or logged, with a last line that says so when it was cut.
  package var log: String
  /// Why nothing can be concluded; `nil` when the guest came to its end and stated at least one verdict.
  package var trouble: GuestTrouble?
  package var cost: GuestCost

  package init(verdicts: [GuestVerdict] = [], log: String = "", trouble: GuestTrouble? = nil, cost: GuestCost) {
    self.verdicts = verdicts
    self.log = log
    self.trouble = trouble
    self.cost = cost
  }
}

/// One `ok`, `fail` or assertion.
package struct GuestVerdict: Hashable, Codable, Sendable {
  package var passed: Bool
  /// Its author wants a warning, not a failure, where it does not pass.
  package var isWarning: Bool
  /// `assertLessThan`, `ok`, `fail` ...
  package var assertion: String
  package var message: String
  /// What it was about, when the guest said so.
  package var dataset: String
  package var observed: Cell?
  /// In words: `less than 42`.
  package var expected: String
  /// In the author's source, from 1.
  package var line: Int?
  package var sample: Sample?

  package init(
    passed: Bool, assertion: String, message: String, dataset: String = "", observed: Cell? = nil,
    expected: String = "", line: Int? = nil, sample: Sample? = nil, isWarning: Bool = false
  ) {
    self.passed = passed
    self.isWarning = isWarning
    self.assertion = assertion
    self.message = message
    self.dataset = dataset
    self.observed = observed
    self.expected = expected
    self.line = line
    self.sample = sample
  }
}

/// Why a guest came to no verdict.
package struct GuestTrouble: Error, Hashable, Codable, Sendable {
  package enum Reason: String, Codable, Sendable, CaseIterable {
    /// It ended without `ok`, `fail` or any assertion.
    case noVerdict
    /// It used up its time.
    case deadline
    case memory
    /// It called itself too deeply.
    case stack
    case tooManyMessages, tooManyHostCalls, tooMuchData
    case unknownDataset
    /// The database did not give the data.
    case dataset
    /// The script raised an exception that it did not catch.
    case exception
    case syntax
    /// It asked for something that the sandbox does not have.
    case forbidden
    /// WebAssembly's own faults: `unreachable`, an access out of bounds, a bad pointer handed to the host.
    case trap
    /// Not a module that we run: broken bytes, missing exports, unknown imports, too large.
    case invalidModule
    /// The task that ran the guest was cancelled.
    case cancelled
    /// Our fault, or the machine's.
    case host
  }

  package var reason: Reason
  /// One or two sentences: what, where, how to mend it.
  package var message: String
  /// As the language prints it, with the author's own line numbers.
  package var traceback: String?
  /// In the author's source, from 1.
  package var line: Int?

  package init(_ reason: Reason, _ message: String, traceback: String? = nil, line: Int? = nil) {
    self.reason = reason
    self.message = message
    self.traceback = traceback
    self.line = line
  }
}

/// What a run used up.
package struct GuestCost: Hashable, Codable, Sendable {
  /// WebAssembly instructions, as wasmtime counts them: the same for the same program, context and data. 0: not known,
  /// because the guest was stopped in the middle of what the engine counts.
  package var fuel: UInt64
  /// The most linear memory that the guest had. 0: not known, as a component keeps its memory to itself.
  package var memoryBytes: Int
  /// Of the guest's own work, without waiting for data.
  package var milliseconds: Double
  package var hostCalls: Int
  /// Copied into the guest.
  package var datasetBytes: Int

  package init(
    fuel: UInt64 = 0, memoryBytes: Int = 0, milliseconds: Double = 0, hostCalls: Int = 0, datasetBytes: Int = 0
  ) {
    self.fuel = fuel
    self.memoryBytes = memoryBytes
    self.milliseconds = milliseconds
    self.hostCalls = hostCalls
    self.datasetBytes = datasetBytes
  }
}
