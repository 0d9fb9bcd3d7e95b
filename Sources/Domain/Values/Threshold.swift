/// What a measured number must be.
package enum Threshold: Hashable, Codable, Sendable {
  case equal(ExactDecimal)
  case notEqual(ExactDecimal)
  case lessThan(ExactDecimal)
  case lessThanOrEqual(ExactDecimal)
  case greaterThan(ExactDecimal)
  case greaterThanOrEqual(ExactDecimal)
  /// Both bounds belong to the range.
  case between(ExactDecimal, ExactDecimal)
  case notBetween(ExactDecimal, ExactDecimal)
}

extension Threshold {
  /// `true` when `value` is what it must be.
  package func holds(for value: ExactDecimal) -> Bool { holds(for: value, of: ExactDecimal(1)) }

  /// Compares the fraction `part / whole` without dividing: `whole` must be positive.
  package func holds(for part: ExactDecimal, of whole: ExactDecimal) -> Bool {
    func scaled(_ bound: ExactDecimal) -> ExactDecimal { bound.multiplied(by: whole) }
    return switch self {
    case .equal(let bound): part == scaled(bound)
    case .notEqual(let bound): part != scaled(bound)
    case .lessThan(let bound): part < scaled(bound)
    case .lessThanOrEqual(let bound): part <= scaled(bound)
    case .greaterThan(let bound): part > scaled(bound)
    case .greaterThanOrEqual(let bound): part >= scaled(bound)
    case .between(let low, let high): part >= scaled(low) && part <= scaled(high)
    case .notBetween(let low, let high): part < scaled(low) || part > scaled(high)
    }
  }

  /// Whether `value` is within, or just at the bound of, what must be.
  package func admits(_ value: ExactDecimal) -> Bool {
    switch self {
    case .lessThan(let bound): value <= bound
    case .greaterThan(let bound): value >= bound
    default: holds(for: value)
    }
  }

  /// `less than 42`, `between 1 and 5`; `unit` follows each number, as in `%`.
  package func description(unit: String = "") -> String {
    switch self {
    case .equal(let bound): shown(bound, unit)
    case .notEqual(let bound): "not \(shown(bound, unit))"
    case .lessThan(let bound): "less than \(shown(bound, unit))"
    case .lessThanOrEqual(let bound): "at most \(shown(bound, unit))"
    case .greaterThan(let bound): "more than \(shown(bound, unit))"
    case .greaterThanOrEqual(let bound): "at least \(shown(bound, unit))"
    case .between(let low, let high): "between \(shown(low)) and \(shown(high))\(unit)"
    case .notBetween(let low, let high): "not between \(shown(low)) and \(shown(high))\(unit)"
    }
  }

  /// `1 row`, `2 rows`.
  private func shown(_ bound: ExactDecimal, _ unit: String) -> String {
    let number = shown(bound)
    return number + NumberText.singular(unit, of: number)
  }

  /// As what was found is shown beside it.
  private func shown(_ bound: ExactDecimal) -> String { NumberText.grouped("\(bound)") }

  /// The key of the file format, and of the API.
  package var key: String {
    switch self {
    case .equal: "must_be"
    case .notEqual: "must_not_be"
    case .lessThan: "must_be_less_than"
    case .lessThanOrEqual: "must_be_less_than_or_equal"
    case .greaterThan: "must_be_greater_than"
    case .greaterThanOrEqual: "must_be_greater_than_or_equal"
    case .between: "must_be_between"
    case .notBetween: "must_be_not_between"
    }
  }

  /// One bound, or two for the ranges.
  package var bounds: [ExactDecimal] {
    switch self {
    case .equal(let bound), .notEqual(let bound), .lessThan(let bound), .lessThanOrEqual(let bound),
      .greaterThan(let bound), .greaterThanOrEqual(let bound):
      [bound]
    case .between(let low, let high), .notBetween(let low, let high): [low, high]
    }
  }

  package static let keys = [
    "must_be", "must_not_be", "must_be_less_than", "must_be_less_than_or_equal", "must_be_greater_than",
    "must_be_greater_than_or_equal", "must_be_between", "must_be_not_between",
  ]

  /// `nil` when there is no such key, or the count of bounds does not fit it.
  package init?(key: String, bounds: [ExactDecimal]) {
    if bounds.count == 2 {
      switch key {
      case "must_be_between": self = .between(bounds[0], bounds[1])
      case "must_be_not_between": self = .notBetween(bounds[0], bounds[1])
      default: return nil
      }
      return
    }
    guard let bound = bounds.first, bounds.count == 1 else { return nil }
    switch key {
    case "must_be": self = .equal(bound)
    case "must_not_be": self = .notEqual(bound)
    case "must_be_less_than": self = .lessThan(bound)
    case "must_be_less_than_or_equal": self = .lessThanOrEqual(bound)
    case "must_be_greater_than": self = .greaterThan(bound)
    case "must_be_greater_than_or_equal": self = .greaterThanOrEqual(bound)
    default: return nil
    }
  }
}
