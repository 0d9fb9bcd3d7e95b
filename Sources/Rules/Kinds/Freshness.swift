import Domain

struct Freshness: RuleKind {
  let key = "freshness"
  let hasFailingRows = false
  let title = "freshness"
  let help = """
    Measures the time from the newest value of the column to now, by the database's clock, in `unit`s (hours unless \
    said). A time without a zone is taken as UTC; in SQLite numbers are seconds since 1970. With no row, or only NULL, \
    it fails unless `on_empty` says otherwise.
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

  func plan(_ rule: Rule, scan: Scan) -> RulePlan {
    let column = scan.quoted(rule.column)
    let secondsPerUnit =
      switch rule.text("unit") {
      case "second": 1.0
      case "minute": 60.0
      case "day": 86_400.0
      default: 3600.0
      }
    let name = rule.column
    return RulePlan(
      metrics: [
        .aggregate(scan.dialect.age(scan.aggregate("max", column))), .aggregate(scan.count(of: column)),
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
