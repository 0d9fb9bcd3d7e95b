/// What a run or an assertion came to. An error is not a failure: the check could not be made.
package enum Outcome: String, Codable, Sendable, CaseIterable, Comparable {
  case passed, warned, failed, errored

  private var rank: Int {
    switch self {
    case .passed: 0
    case .warned: 1
    case .failed: 2
    case .errored: 3
    }
  }

  /// The worst is the greatest: error over failure over warning.
  package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
}

/// How much a failed checker matters to the people who answer for it.
package enum Severity: String, Codable, Sendable, CaseIterable {
  case info, warning, critical
}

/// What a rule that does not hold makes of its run.
package enum Level: String, Codable, Sendable, CaseIterable {
  case warn, fail
}

/// What a rule says when it had no row to look at, or its value came back NULL.
package enum OnEmpty: String, Codable, Sendable, CaseIterable {
  case pass, warn, fail, error
}
