import Checking
import Domain

/// What a person at a terminal reads: bad news first within each checker, failing rows below it.
struct TableReport {
  var isColoured: Bool

  /// Rows of a sample that are shown; the rest stands in the JSON.
  private static let sampleRows = 5
  private static let sampleWidth = 100

  func text(_ report: CheckReport) -> String {
    var out = ""
    for checker in report.checkers { out += text(checker) + "\n" }
    for skipped in report.skipped { out += faint("- \(skipped.checker)  skipped: \(skipped.reason)") + "\n" }
    if !report.skipped.isEmpty { out += "\n" }
    return out + summary(report) + "\n"
  }

  private func text(_ checker: CheckerReport) -> String {
    let outcome = checker.evaluation.outcome
    let time = checker.evaluation.seconds.map { "  " + faint(Self.duration($0)) } ?? ""
    var out = "\(mark(outcome)) \(strong(checker.checker.description))  \(paint(outcome.rawValue, outcome))\(time)\n"
    if let trouble = checker.evaluation.trouble {
      out += text(trouble)
    } else if checker.evaluation.assertions.isEmpty, let reason = checker.evaluation.reason {
      out += "    \(reason)\n"
    }
    for assertion in checker.evaluation.assertions.sorted(by: { $0.outcome > $1.outcome }) {
      out += text(assertion)
    }
    return out + log(checker.evaluation.log)
  }

  /// `3 ms`, `1.2 s`.
  private static func duration(_ seconds: Double) -> String {
    let milliseconds = Int((seconds * 1000).rounded())
    if milliseconds < 1000 { return "\(milliseconds) ms" }
    return "\((seconds * 10).rounded() / 10) s"
  }

  /// The traceback ends in what it is about.
  private func text(_ trouble: GuestTrouble) -> String {
    var shown = lines(trouble.traceback ?? trouble.message)
    // Its name does not say which limit it is about.
    if trouble.reason == .memory, trouble.traceback != nil { shown += lines("memory: \(trouble.message)") }
    return shown.map { "    \(paint($0, .errored))\n" }.joined()
  }

  private func log(_ text: String) -> String {
    if text.isEmpty { return "" }
    return lines(text).map { faint("    │ \($0)") + "\n" }.joined()
  }

  private func lines(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { Console.plain($0) }
      .reversed().drop { $0.isEmpty }.reversed()
  }

  private func text(_ assertion: Assertion) -> String {
    let found = assertion.observed.map { "found \($0.text)" }
    let expected = assertion.expected.isEmpty ? nil : "expected \(assertion.expected)"
    var out = "  \(mark(assertion.outcome)) \(Console.plain(assertion.name))\n"
    switch assertion.outcome {
    case .passed:
      if let found { out = "  \(mark(.passed)) \(Console.plain(assertion.name))  \(faint(found))\n" }
    case .errored: out += "      \(paint(Console.plain(assertion.message), .errored))\n"
    case .warned, .failed:
      if assertion.message != assertion.name {
        out += "      \(paint(Console.plain(assertion.message), assertion.outcome))\n"
      }
      let told = [found, expected].compactMap(\.self)
      if !told.isEmpty, expected == nil || !assertion.message.hasSuffix("must be \(assertion.expected)") {
        out += "      \(told.joined(separator: ", "))\n"
      }
      if let sample = assertion.sample { out += text(sample, of: assertion) }
    }
    return out
  }

  private func text(_ sample: Sample, of assertion: Assertion) -> String {
    let shown = sample.rows.prefix(Self.sampleRows).map { $0.map { shortened($0.text) } }
    let widths = sample.columns.indices.map { column in
      ([sample.columns[column]] + shown.map { $0[column] }).map(\.count).max() ?? 0
    }
    var out = ""
    for line in [sample.columns] + shown {
      let cells = zip(line, widths).map { text, width in
        text + String(repeating: " ", count: max(0, width - text.count))
      }
      out += faint("      │ " + String(cells.joined(separator: "  ").prefix(Self.sampleWidth))) + "\n"
    }
    if sample.total > shown.count {
      out += faint("      │ … \(assertion.sampleWords(shown.count) { "\($0)" })") + "\n"
    }
    return out
  }

  /// One line.
  private func shortened(_ text: String) -> String {
    let plain = Console.plain(text)
    return plain.count > 40 ? plain.prefix(39) + "…" : plain
  }

  private func summary(_ report: CheckReport) -> String {
    var counts = [Outcome.errored, .failed, .warned, .passed].compactMap { outcome -> String? in
      let count = report.checkers.count { $0.evaluation.outcome == outcome }
      return count == 0 ? nil : paint("\(count) \(outcome.rawValue)", outcome)
    }
    if !report.skipped.isEmpty { counts.append(faint("\(report.skipped.count) skipped")) }
    let assertions = report.checkers.reduce(0) { $0 + $1.evaluation.assertions.count }
    let checkers = report.checkers.count + report.skipped.count
    return "\(checkers) checker\(checkers == 1 ? "" : "s"): \(counts.joined(separator: ", "))"
      + "  (\(assertions) assertion\(assertions == 1 ? "" : "s"))"
  }

  private func mark(_ outcome: Outcome) -> String {
    switch outcome {
    case .passed: paint("✓", outcome)
    case .warned: paint("!", outcome)
    case .failed: paint("✗", outcome)
    case .errored: paint("▲", outcome)
    }
  }

  private func paint(_ text: String, _ outcome: Outcome) -> String {
    let code =
      switch outcome {
      case .passed: "32"
      case .warned: "33"
      case .failed: "31"
      case .errored: "35"
      }
    return isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }

  private func strong(_ text: String) -> String { isColoured ? "\u{1B}[1m\(text)\u{1B}[0m" : text }

  private func faint(_ text: String) -> String { isColoured ? "\u{1B}[2m\(text)\u{1B}[0m" : text }
}
