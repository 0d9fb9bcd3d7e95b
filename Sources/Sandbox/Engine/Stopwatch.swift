#if canImport(Glibc)
  import Glibc
#endif

/// The processor time of the current thread: waiting for data, or for a busy machine, is not a guest's work.
struct Stopwatch {
  private let start = Self.now

  var seconds: Double { Double(Self.now &- start) / 1e9 }

  private static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }
}
