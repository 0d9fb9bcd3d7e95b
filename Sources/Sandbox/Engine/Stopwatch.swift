#if canImport(Glibc)
  import Glibc
#endif

/// The processor time of the current thread: waiting for data, or for a busy machine, is not a guest's work.
///
/// To ask for it is a system call, which would take a good part of a short run. As long as hardly any time has gone by,
/// the time of day's difference stands for it: it can only be more.
struct Stopwatch {
  private let start = Self.time(CLOCK_MONOTONIC)
  /// What the thread's clock showed, or would have shown, at the start; `nil` while it need not be known.
  private var processorStart: Int64?

  /// So much of what went by before the thread's clock was first asked counts as work, in nanoseconds.
  private static let negligible: Int64 = 20_000_000

  /// So far, in seconds.
  mutating func seconds() -> Double {
    let passed = Self.time(CLOCK_MONOTONIC) &- start
    if processorStart == nil, passed < Self.negligible { return Double(passed) / 1e9 }
    return Double(processorTime(after: passed)) / 1e9
  }

  /// To be called before the thread waits, so that the wait does not count.
  mutating func willWait() { _ = processorTime(after: Self.time(CLOCK_MONOTONIC) &- start) }

  private mutating func processorTime(after passed: Int64) -> Int64 {
    let now = Self.time(CLOCK_THREAD_CPUTIME_ID)
    if let processorStart { return now &- processorStart }
    let used = min(passed, Self.negligible)
    processorStart = now &- used
    return used
  }

  private static func time(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }
}
