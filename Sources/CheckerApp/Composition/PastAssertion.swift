import Domain
import Rules

/// Invents what a rule of the demo measured in the past. The rule itself judges the number, so that outcome, message
/// and threshold always agree.
struct PastAssertion {
  var rule: Rule
  /// What it finds now; taken as it is, rows and all, where that has the outcome that is wanted.
  var today: Assertion?

  private static let locked = "Data source 'shop': the database was locked for 30 s."

  /// Numbers as they might have been found: of rows, of hours, of money.
  private static let numbers: [Double] = [0, 3, 17, 57, 184.2, 131.75, 1204, 49.3, 98_412, 240_000]

  func assertion(_ wanted: Outcome) -> Assertion {
    if let today, today.outcome == wanted { return today }
    if wanted == .errored { return Verdict.errored(rule, Self.locked) }
    for number in Self.numbers {
      for measured in [Measurement.count(Int64(number), of: 5_000), .value(.double(number))] where fits(measured) {
        var found = Verdict.assertion(for: rule, measured: measured)
        guard found.outcome == wanted else { continue }
        found.sample = wanted == .passed ? nil : sample(Int(number))
        return found
      }
    }
    return today ?? Verdict.errored(rule, Self.locked)
  }

  /// Rows are counted; ages and aggregates are numbers of any kind, and nobody's age is 240,000 hours.
  private func fits(_ measured: Measurement) -> Bool {
    switch measured {
    case .count(let count, _): !["freshness", "metric"].contains(rule.check) && count <= 5_000
    case .value(.double(let number)):
      rule.check == "metric" && number > 0 || rule.check == "freshness" && number > 0 && number < 100
    default: false
    }
  }

  /// Payments whose orders were gone: the one dataset that is whole again now.
  private func sample(_ count: Int) -> Sample? {
    guard rule.dataset == "payments_without_order" else { return today?.sample }
    let rows: [[Cell]] = (0..<min(count, 20)).map { index in
      let order = Int64(31_907 + 41 * index)
      return [.integer(order), .integer(order), .double(Double(1_990 + 3_571 * index % 30_000) / 100)]
    }
    return Sample(columns: ["id", "order_id", "amount"], rows: rows, total: count)
  }
}
