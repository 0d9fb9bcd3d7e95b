import Domain

/// What a rule came to just now, beside it.
struct RulePill: Sendable {
  var index: Int
  /// `ok`, `red` or `err`; empty before anything is known.
  var css: String
  var icon: StateIcon?
  var text: String
  var title: String
  /// Swapped in by htmx, away from the fragment.
  var isOutOfBand = false

  init(index: Int) {
    self.index = index
    css = ""
    text = ""
    title = ""
  }

  init(index: Int, _ assertion: Assertion) {
    self.index = index
    title = assertion.message
    icon = StateIcon(assertion.outcome, isHidden: true)
    switch assertion.outcome {
    case .passed: css = "ok"
    case .warned, .failed: css = "red"
    case .errored: css = "err"
    }
    text = assertion.outcome == .errored ? "Could not run" : assertion.observed?.text ?? assertion.outcome.word
    if assertion.outcome == .warned { text += ", warns" }
  }

  /// A rule that is not complete yet.
  static func unfinished(index: Int, _ reason: String) -> RulePill {
    var pill = RulePill(index: index)
    pill.text = "Not complete: \(reason.split(separator: ": ", maxSplits: 1).last.map(String.init) ?? reason)"
    pill.title = reason
    return pill
  }
}
