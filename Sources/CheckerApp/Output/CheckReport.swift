import Checking
import Domain

/// What `checker check` found.
struct CheckReport {
  var checkers: [CheckerReport] = []
  var skipped: [SkippedChecker] = []

  var outcome: Outcome { checkers.map(\.evaluation.outcome).max() ?? .passed }

  var exitStatus: Int32 {
    switch outcome {
    case .passed: 0
    case .failed: 1
    case .warned: 2
    case .errored: 3
    }
  }
}

struct CheckerReport {
  var checker: QualifiedName
  var evaluation: Evaluation
}

/// A checker of the file that is not run, and has no outcome.
struct SkippedChecker {
  var checker: QualifiedName
  var reason: String

  /// - Parameter isNamed: Whether somebody asked for this one.
  init?(_ checker: Checker, isNamed: Bool) {
    self.checker = checker.id
    if checker.body.isPushed {
      reason = "a job elsewhere reports to it"
    } else if !checker.isEnabled, !isNamed {
      reason = "it is disabled"
    } else {
      return nil
    }
  }
}
