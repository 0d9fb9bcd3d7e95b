import Domain

/// Which job is whose turn.
///
/// A worker that dies takes all its jobs with it, of which one may be the cause. So each of them is tried once more, alone:
/// only what was alone with the second worker that it saw die is given up, and nothing else comes to harm.
struct WorkerLine {
  private var waiting: [WorkerJob] = []
  private var suspects: [WorkerJob] = []
  private(set) var underWay: [UInt64: WorkerJob] = [:]

  var isIdle: Bool { underWay.isEmpty && waiting.isEmpty && suspects.isEmpty }

  mutating func add(_ job: WorkerJob) { waiting.append(job) }

  /// The next job that may begin, which then counts as under way.
  mutating func next(limit: Int) -> WorkerJob? {
    let job: WorkerJob
    if !suspects.isEmpty {
      guard underWay.isEmpty else { return nil }
      job = suspects.removeFirst()
    } else {
      guard underWay.count < limit, !waiting.isEmpty, !isTryingASuspect else { return nil }
      job = waiting.removeFirst()
    }
    underWay[job.id] = job
    return job
  }

  private var isTryingASuspect: Bool { underWay.values.contains { $0.deaths > 0 } }

  mutating func finish(_ id: UInt64) -> WorkerJob? { underWay.removeValue(forKey: id) }

  /// A job that has not begun; it is no longer in line.
  mutating func withdraw(_ id: UInt64) -> WorkerJob? {
    if let index = waiting.firstIndex(where: { $0.id == id }) { return waiting.remove(at: index) }
    if let index = suspects.firstIndex(where: { $0.id == id }) { return suspects.remove(at: index) }
    return nil
  }

  /// Puts what was under way into line again, and returns what is given up. `isTheirs`: one of them may be the cause.
  mutating func lose(isTheirs: Bool) -> (ended: [WorkerJob], triedAgain: Int) {
    var ended: [WorkerJob] = []
    let lost = underWay.values.sorted { $0.id < $1.id }
    underWay = [:]
    for job in lost {
      job.stop()
      if isTheirs { job.deaths += 1 }
      if job.isCancelled || (job.deaths > 1 && lost.count == 1) { ended.append(job) }
    }
    let rest = lost.filter { job in !ended.contains { $0 === job } }
    if isTheirs { suspects += rest } else { waiting = rest + waiting }
    return (ended, rest.count)
  }

  /// Everything, which is no longer in line.
  mutating func takeAll() -> [WorkerJob] {
    defer { self = WorkerLine() }
    return underWay.values.sorted { $0.id < $1.id } + suspects + waiting
  }
}
