import Checking
import Domain

/// JUnit's XML, as build servers read it: a suite per checker, a case per assertion.
enum JUnitReport {
  static func text(_ report: CheckReport) -> String {
    let all = report.checkers.flatMap(cases)
    var out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"checker\" "
    out += "\(counts(all, skipped: report.skipped.count))>\n"
    for checker in report.checkers { out += suite(checker) }
    for skipped in report.skipped { out += suite(skipped) }
    return out + "</testsuites>\n"
  }

  /// Its assertions, and one more where the checker as a whole could not be evaluated: its code ended early, or there was
  /// no verdict.
  private static func cases(_ checker: CheckerReport) -> [Assertion] {
    let evaluation = checker.evaluation
    let isTold = evaluation.assertions.contains { $0.outcome == .errored }
    guard evaluation.outcome == .errored, !isTold else { return evaluation.assertions }
    let reason = evaluation.trouble?.traceback ?? evaluation.reason ?? "it could not be evaluated"
    return evaluation.assertions + [
      Assertion(
        name: checker.checker.name, check: "checker", dataset: "", outcome: .errored, message: reason, observed: nil,
        expected: "")
    ]
  }

  private static func suite(_ checker: CheckerReport) -> String {
    let assertions = cases(checker)
    let name = escaped(checker.checker.description)
    // Of its own statements and code, not of those that ran beside it.
    let seconds = checker.evaluation.seconds ?? 0
    var out = "  <testsuite name=\"\(name)\" \(counts(assertions)) time=\"\((seconds * 1000).rounded() / 1000)\">\n"
    for assertion in assertions {
      out += "    <testcase classname=\"\(name)\" name=\"\(escaped(assertion.name))\"\(body(assertion))"
    }
    return out + "  </testsuite>\n"
  }

  private static func suite(_ skipped: SkippedChecker) -> String {
    let name = escaped(skipped.checker.description)
    return """
        <testsuite name="\(name)" tests="1" failures="0" errors="0" skipped="1" time="0">
          <testcase classname="\(name)" name="\(escaped(skipped.checker.name))"><skipped message="\(escaped(skipped.reason))"/></testcase>
        </testsuite>

      """
  }

  private static func body(_ assertion: Assertion) -> String {
    let message = escaped(assertion.message)
    let expected = assertion.expected.isEmpty ? "" : ", expected \(assertion.expected)"
    let found = escaped("found \(assertion.observed?.text ?? "nothing")\(expected)")
    return switch assertion.outcome {
    case .passed: "/>\n"
    case .warned: ">\n      <system-out>warning: \(message) (\(found))</system-out>\n    </testcase>\n"
    case .failed:
      ">\n      <failure message=\"\(message)\" type=\"\(assertion.check)\">\(found)</failure>\n    </testcase>\n"
    case .errored: ">\n      <error message=\"\(message)\" type=\"\(assertion.check)\"/>\n    </testcase>\n"
    }
  }

  private static func counts(_ assertions: [Assertion], skipped: Int = 0) -> String {
    let failures = assertions.count { $0.outcome == .failed }
    let errors = assertions.count { $0.outcome == .errored }
    let counts = "tests=\"\(assertions.count + skipped)\" failures=\"\(failures)\" errors=\"\(errors)\""
    return skipped == 0 ? counts : counts + " skipped=\"\(skipped)\""
  }

  /// Also drops the control characters that XML has no place for.
  private static func escaped(_ text: String) -> String {
    var out = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "\"": out += "&quot;"
      case "\n", "\t": out += "&#\(scalar.value);"
      case let other where other.value < 0x20 || other.value == 0xFFFE || other.value == 0xFFFF: out += "\u{FFFD}"
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out
  }
}
