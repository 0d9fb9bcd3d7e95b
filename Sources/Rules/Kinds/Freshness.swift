import Domain

struct Freshness: RuleKind {
  let key = "freshness"
  let hasFailingRows = false
  let title = "freshness"
  let help = """
    Measures the time from the newest value of the column to now, by the database's clock, in `unit`s (hours unless \
    said). A time without a zone is taken as UTC; in SQLite numbers are seconds since 1970, and texts that are no times are passed over. With no row, or only NULL, \
    it fails unless `on_empty` says otherwise. A newest value more than 5 minutes in the future fails: leave such rows \
    out by `where`, or give a threshold with a negative bound.
    """
  let parameters = [
    RuleParameter("column", label: "Column", kind: .column, isRequired: true),
    RuleParameter("unit", label: "Unit", kind: .choice(["second", "minute", "hour", "day"])),
  ]
  let takesPercent = false
  let defaultThreshold: Threshold? = nil
  let defaultOnEmpty = OnEmpty.fail

  func subject(of rule: Rule) -> String { "age of the newest \(rule.column) in \(rule.place)" }

  func unit(of rule: Rule) -> String { "\(rule.text("unit") ?? "hour")s" }

  /// Clocks differ by so much, in seconds; what lies further ahead is no time at which something was written.
  static let tolerance = 300.0

  /// One wrong row in the future would hide for as long that nothing new comes in.
  func objection(to number: ExactDecimal, _ rule: Rule) -> String? {
    let zero = ExactDecimal(0)
    if number >= zero || rule.threshold?.bounds.contains(where: { $0 < zero }) == true { return nil }
    let ahead = -number.double
    guard ahead * Self.seconds(per: rule.text("unit")) > Self.tolerance else { return nil }
    let amount = NumberText.short("\((ahead * 1e6).rounded() / 1e6)")
    return "the newest value is \(NumberText.counted(amount, unit(of: rule))) in the future"
  }

  private static func seconds(per unit: String?) -> Double {
    switch unit {
    case "second": 1
    case "minute": 60
    case "day": 86_400
    default: 3600
    }
  }

  func plan(_ rule: Rule, scan: Scan) -> RulePlan {
    let column = scan.quoted(rule.column)
    let secondsPerUnit = Self.seconds(per: rule.text("unit"))
    let name = rule.column
    return RulePlan(
      metrics: [
        .aggregate(scan.dialect.age(scan.aggregate("max", scan.dialect.moment(column)))),
        .aggregate(scan.count(of: column)),
      ], sample: nil
    ) { values in
      if values[1].count == 0 { return .empty }
      guard let seconds = values[0].exactDecimal?.double else {
        return .unusable("the newest value of '\(name)' is not a point in time")
      }
      // Six digits are a microsecond, the finest that the databases keep.
      return .value(.double((seconds / secondsPerUnit * 1e6).rounded() / 1e6))
    }
  }
}
