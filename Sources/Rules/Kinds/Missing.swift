import Domain

struct Missing: RuleKind {
  let key = "missing"
  let title = "missing values"
  let help = """
    Counts the rows whose column is NULL, or is one of `values` (so that '' or 'n/a' can count as missing). An empty \
    text is not NULL. The percentage is of all rows that `where` lets through; of no rows, nothing is missing.
    """
  let parameters = [
    RuleParameter("column", label: "Column", kind: .column, isRequired: true),
    RuleParameter(
      "values", label: "Also missing",
      help: "Values that count as missing beside NULL, between commas: n/a, 0. Write '' for the empty text.",
      kind: .values,
      aliases: ["missing_values"]),
  ]

  func subject(of rule: Rule) -> String {
    let also = rule.list("values").filter { $0 != .null }.map { $0 == .text("") ? "''" : $0.description }
    if also.isEmpty { return "missing \(rule.column) in \(rule.place)" }
    let shown = also.prefix(Self.shownValues).joined(separator: ", ") + (also.count > Self.shownValues ? ", …" : "")
    return "missing \(rule.column) (or \(shown)) in \(rule.place)"
  }

  /// Of `values`, in a sentence.
  private static let shownValues = 3

  func plan(_ rule: Rule, scan: Scan) -> RulePlan {
    let column = scan.quoted(rule.column)
    let texts = rule.list("values").filter { $0 != .null }.map(scan.dialect.literal)
    let isMissing =
      texts.isEmpty ? "\(column) IS NULL" : "\(column) IS NULL OR \(column) IN (\(texts.joined(separator: ", ")))"
    if texts.isEmpty {
      // count(column) costs less than a filter, and its complement is exact.
      return RulePlan(
        metrics: [.aggregate(scan.count()), .aggregate(scan.count(of: column))], sample: .rows(condition: isMissing)
      ) { values in
        .count(values[0].count - values[1].count, of: values[0].count)
      }
    }
    return RulePlan(
      metrics: [.aggregate(scan.count(where: isMissing)), .aggregate(scan.count())], sample: .rows(condition: isMissing)
    ) { values in
      .count(values[0].count, of: values[1].count)
    }
  }
}
