import Domain

/// What the host does for one running guest, whatever it is written in: answers for data, takes verdicts and the log,
/// and counts. Every limit is enforced here. Used on the guest's thread alone.
final class HostCalls {
  let task: GuestTask
  let signal: RunSignal
  private var stopwatch = Stopwatch()

  private(set) var verdicts: [GuestVerdict] = []
  private var log = GuestLog()
  private(set) var calls = 0
  private(set) var copiedBytes = 0
  private var datasets: [String: GuestDataset] = [:]
  /// The linear memory that the guest has now; told by whoever runs it.
  var memoryBytes = 0
  /// What the functions of a script's guest keep between calls.
  var script = ScriptState()
  /// What this run's own randomness has come to.
  var random: SeededRandom
  private var waitedSeconds = 0.0
  /// Why the host ended the guest; the engine then only says that a callback failed.
  private(set) var stopped: GuestTrouble?

  /// The guest's world after its end, where its report is not to wait for the cleaning.
  private var leftWorld: GuestStore?
  private let leavesWorld: Bool

  /// - Parameter leavesWorld: Whoever runs the guest calls `cleanUp` once it has passed the report on.
  init(_ task: GuestTask, _ signal: RunSignal, leavesWorld: Bool = false) {
    self.task = task
    self.signal = signal
    self.leavesWorld = leavesWorld
    random = SeededRandom(seed: task.context.seed)
  }

  /// The guest is at its end.
  func leave(_ world: GuestStore) {
    if leavesWorld { leftWorld = world }
  }

  /// Sets back what the guest has written to, a third of the time of a short script. Each knows of the other until then.
  func cleanUp() { leftWorld = nil }

  var limits: GuestLimits { task.limits }

  /// What was done on the way to the guest, compiling it above all, is not its work.
  func restartClock() { stopwatch = Stopwatch() }

  /// Keeps the first reason.
  func stop(_ trouble: GuestTrouble) {
    if stopped == nil { stopped = trouble }
  }

  /// Why the guest may not go on, asked now and then while it works.
  func reasonToStop() -> GuestTrouble? {
    if signal.isCancelled { return .cancelled }
    guard stopwatch.seconds() >= limits.seconds else { return nil }
    return GuestTrouble(
      .deadline,
      "The code was stopped after \(Words.seconds(limits.seconds)) of its own work, its time limit. Let the database do "
        + "more of the work, look for an endless loop, or raise the checker's time limit.")
  }

  /// Counts a request that costs the host something.
  func count() throws(GuestTrouble) {
    calls += 1
    guard calls <= limits.hostCalls else {
      throw GuestTrouble(
        .tooManyHostCalls,
        "The code made more than \(limits.hostCalls) requests to the checker, its limit. Ask for each dataset once, "
          + "outside of loops.")
    }
  }

  // MARK: data

  /// All waiting of a run together is at most so many times the limit of one request: a run always ends.
  private static let longWaits = 10.0

  /// All rows of a dataset.
  func dataset(_ name: String) throws(GuestTrouble) -> GuestDataset {
    let found = try shownDataset(name)
    if let missing = found.missingRows { throw GuestTrouble(.tooMuchData, missing) }
    return found
  }

  /// The rows of a dataset that its data source lets through, which may not be all; asked for once in a run, however
  /// often the guest wants it.
  func shownDataset(_ name: String) throws(GuestTrouble) -> GuestDataset {
    try count()
    if let known = datasets[name] { return known }
    let rows: ResultSet
    if let held = task.data.held(name) {
      rows = held
    } else {
      rows = try awaited("dataset '\(name)'") { patience in
        task.data.wait(for: name, signal, seconds: patience)
      }
    }
    let dataset = GuestDataset(name: name, rows: rows)
    datasets[name] = dataset
    return dataset
  }

  /// One aggregate over a dataset, computed by its database.
  func measure(
    _ dataset: String, _ expression: String, filter: String?
  ) throws(GuestTrouble) -> MeasuredValue {
    try count()
    return try awaited("'\(expression)' over dataset '\(dataset)'") { patience in
      task.data.wait(forMeasureOf: dataset, expression: expression, filter: filter, signal, seconds: patience)
    }
  }

  /// Counts what is about to be copied into the guest.
  func copying(_ bytes: Int, of name: String) throws(GuestTrouble) {
    guard bytes <= limits.datasetBytes - copiedBytes else { throw tooMuchData(name) }
    copiedBytes += bytes
  }

  /// How many bytes may still be copied.
  var copyAllowance: Int { max(0, limits.datasetBytes - copiedBytes) }

  func tooMuchData(_ name: String) -> GuestTrouble {
    GuestTrouble(
      .tooMuchData,
      "The code asked for more than \(Words.bytes(limits.datasetBytes)) of data, its limit, with dataset '\(name)'. "
        + "Let the query filter or aggregate, use assertions that the database computes, or raise the checker's data "
        + "limit.")
  }

  private func awaited<Value: Sendable>(
    _ what: String, _ wait: (_ seconds: Double) -> RunSignal.Waited<Result<Value, GuestDataError>>
  ) throws(GuestTrouble) -> Value {
    let patience = min(limits.dataSeconds, max(0, limits.dataSeconds * Self.longWaits - waitedSeconds))
    stopwatch.willWait()
    let start = ContinuousClock.now
    defer { waitedSeconds += (ContinuousClock.now - start) / .seconds(1) }
    switch wait(patience) {
    case .answered(.success(let value)): return value
    case .answered(.failure(let error)): throw Self.trouble(error)
    case .cancelled: throw GuestTrouble.cancelled
    case .timedOut:
      throw GuestTrouble(
        .dataset,
        "There was no answer for \(what) within \(Words.seconds(limits.dataSeconds)), the limit for one request. Make "
          + "the query faster, or raise the checker's limit.")
    }
  }

  private static func trouble(_ error: GuestDataError) -> GuestTrouble {
    switch error.kind {
    case .unknown: GuestTrouble(.unknownDataset, error.message)
    case .query: GuestTrouble(.dataset, error.message)
    case .tooLarge: GuestTrouble(.tooMuchData, error.message)
    }
  }

  // MARK: verdicts and log

  /// Takes one verdict; its texts are cut to the limit.
  func report(_ verdict: GuestVerdict) throws(GuestTrouble) {
    try count()
    guard verdicts.count < limits.messages else {
      throw GuestTrouble(
        .tooManyMessages,
        "The code stated more than \(limits.messages) verdicts, its limit. State one for all rows, with their number.")
    }
    var verdict = verdict
    verdict.message = verdict.message.printable.cut(to: limits.messageBytes, mark: " … (cut)")
    verdict.expected = verdict.expected.printable.cut(to: limits.messageBytes, mark: " … (cut)")
    verdicts.append(verdict)
  }

  /// Adds a line to the log.
  func log(_ line: String) throws(GuestTrouble) {
    try count()
    log.append(line.printable + "\n", limit: limits.logBytes)
  }

  /// Adds to the log what a guest prints, which may be part of a line.
  func print(_ text: String) throws(GuestTrouble) {
    try count()
    log.append(text.printable, limit: limits.logBytes)
  }

  // MARK: the end

  /// The report of a run that ended with `trouble` or without.
  func report(trouble: GuestTrouble?, fuel: UInt64) -> GuestReport {
    var trouble = trouble
    if trouble == nil, verdicts.isEmpty, !task.isTrial {
      trouble = GuestTrouble(
        .noVerdict, "The code ended without a verdict: it must call ok, fail or an assertion at least once.")
    }
    return GuestReport(
      verdicts: verdicts, log: log.text, trouble: trouble,
      cost: GuestCost(
        fuel: stopped == nil ? fuel : 0, memoryBytes: memoryBytes, milliseconds: stopwatch.seconds() * 1000,
        hostCalls: calls,
        datasetBytes: copiedBytes))
  }
}

extension GuestTrouble {
  static let cancelled = GuestTrouble(.cancelled, "The run was stopped before the code came to its end.")
}

/// What a guest printed, up to a limit.
struct GuestLog {
  private(set) var text = ""
  private var isCut = false

  mutating func append(_ more: String, limit: Int) {
    if isCut { return }
    let room = limit - text.utf8.count
    if more.utf8.count <= room {
      text += more
    } else {
      isCut = true
      text += more.cut(to: max(0, room), mark: "") + "\n… (cut: the log is limited to \(Words.bytes(limit)))\n"
    }
  }
}

/// The same numbers for the same seed, on every machine: SplitMix64, by Sebastiano Vigna.
struct SeededRandom {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
