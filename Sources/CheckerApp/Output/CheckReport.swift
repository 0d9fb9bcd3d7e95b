import Checking
import Domain

/// What `checker check` found.
struct CheckReport {
  var checkers: [CheckerReport]

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
