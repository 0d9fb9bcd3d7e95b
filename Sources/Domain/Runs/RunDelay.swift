package import Foundation

/// Keeps a data source that does not cope from being asked as often as the schedule says.
package enum RunDelay {
  /// Errors in a row before the pauses grow.
  static let patience = 3
  /// In seconds.
  package static let longest: Double = 3600
  /// A run that takes longer, in seconds, counts as slow.
  static let slow: Double = 5
  /// After a slow run comes a pause of so many times its length.
  static let rest: Double = 4

  /// When to run next in place of `scheduled`, and why, in words.
  package static func next(
    scheduled: Date, finishedAt: Date, seconds: Double, erroredRuns: Int
  ) -> (at: Date, reason: String?) {
    if erroredRuns >= patience {
      // 1 minute, 2, 4 ... up to an hour.
      let pause = min(longest, 60 * Double(1 << min(erroredRuns - patience, 10)))
      if finishedAt + pause > scheduled {
        return (
          finishedAt + pause, "\(erroredRuns) errors in a row: the next try is \(DurationText.write(pause)) later"
        )
      }
    }
    if seconds >= slow {
      let pause = min(longest, seconds * rest)
      if finishedAt + pause > scheduled {
        return (
          finishedAt + pause,
          "the last run took \(DurationText.write(seconds)): the next one waits \(DurationText.write(pause))"
        )
      }
    }
    return (scheduled, nil)
  }
}
