import Foundation

/// What a clock on the wall shows in a time zone, counted in whole seconds since 1970-01-01T00:00 on that wall.
struct WallClock {
  let timeZone: TimeZone

  /// Seconds east of Greenwich at `instant` (seconds since 1970-01-01T00:00Z).
  func offset(at instant: Int) -> Int {
    timeZone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant)))
  }

  func reading(at instant: Int) -> Int { instant + offset(at: instant) }

  /// The first instant at which the clock shows `reading`; when it jumps over `reading`, the instant of the jump.
  func instant(showing reading: Int) -> Int {
    let day = 86_400
    let before = offset(at: reading - day)
    let after = offset(at: reading + day)
    for offset in [max(before, after), min(before, after)] where self.offset(at: reading - offset) == offset {
      return reading - offset
    }
    return transition(from: reading - max(before, after), to: reading - min(before, after))
  }

  /// The first instant in `start...end` at which the offset is no longer that of `start`.
  func transition(from start: Int, to end: Int) -> Int {
    let offset = offset(at: start)
    var low = start
    var high = end
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if self.offset(at: middle) == offset { low = middle } else { high = middle }
    }
    return high
  }
}
