import Domain
import Rules

/// Which failing rows are kept, and how much of them.
enum Sampling {
  /// Of all the sample's values together.
  static let maxBytes = 1 << 20
  /// Of one value; the rest is cut, visibly.
  static let maxCharacters = 1000

  /// How many rows fail; `nil` when the rule's rows are not what is wrong (too few of them, say).
  static func total(of measurement: Measurement, rule: Rule) -> Int? {
    switch measurement {
    case .count(let count, _): return Int(count)
    case .value(let cell):
      guard let value = cell.exactDecimal, let count = value.int64 else { return nil }
      let threshold = rule.threshold ?? RuleCatalogue.kind(rule.check)?.defaultThreshold
      guard let upper = threshold?.upperBound, value >= upper else { return nil }
      return Int(count)
    case .empty, .unusable: return nil
    }
  }

  /// Whether a rule that does not hold fails for rows that are there, and not for want of some.
  static func areRowsWrong(_ measurement: Measurement, rule: Rule) -> Bool {
    guard RowKeys.canTell(rule) else { return false }
    let threshold = rule.threshold ?? RuleCatalogue.kind(rule.check)?.defaultThreshold
    guard let upper = threshold?.upperBound, let total = total(of: measurement, rule: rule), total > 0 else {
      return false
    }
    return rule.percent || ExactDecimal(Int64(total)) >= upper
  }

  static func sample(_ rows: ResultSet, total: Int) -> Sample {
    Sample(
      columns: rows.columns.map(\.name),
      rows: (0..<rows.rowCount).map { rows.row($0).map(shortened) }, total: total)
  }

  private static func shortened(_ cell: Cell) -> Cell {
    switch cell {
    case .text(let text) where text.count > maxCharacters: .text(text.prefix(maxCharacters) + "… (cut)")
    case .binary(let bytes) where bytes.count > maxCharacters / 2:
      .text(Cell.binary(Array(bytes.prefix(maxCharacters / 2))).text + "… (cut)")
    default: cell
    }
  }
}

extension Threshold {
  /// What a value must not exceed; `nil` where only a lower bound, or none, is set.
  var upperBound: ExactDecimal? {
    switch self {
    case .equal(let bound), .lessThan(let bound), .lessThanOrEqual(let bound), .between(_, let bound): bound
    case .notEqual, .greaterThan, .greaterThanOrEqual, .notBetween: nil
    }
  }
}
