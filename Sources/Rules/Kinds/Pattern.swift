import Domain

struct Pattern: RuleKind {
  let key = "pattern"
  let title = "pattern"
  let help = """
    Counts the rows whose column, as text, does not match the regular expression anywhere; `^` and `$` tie it to the \
    ends. The flavour is the database's own: PostgreSQL's advanced expressions, RE2 in DuckDB, POSIX extended in SQLite. \
    NULL does not count.
    """
  let parameters = [
    RuleParameter("column", label: "Column", kind: .column, isRequired: true),
    RuleParameter("pattern", label: "Pattern", kind: .pattern, isRequired: true, aliases: ["regex"]),
  ]

  func subject(of rule: Rule) -> String {
    "\(rule.column) not matching \(rule.text("pattern") ?? "") in \(rule.place)"
  }

  func plan(_ rule: Rule, scan: Scan) -> RulePlan {
    let column = scan.quoted(rule.column)
    let pattern = rule.text("pattern") ?? ""
    let matches =
      scan.dialect == .postgresql
      ? RegexRewriting.postgreSQL(scan.dialect.asText(column), pattern: pattern) : nil
    return countPlan(scan, offence: "NOT (\(matches ?? scan.dialect.matches(column, pattern: pattern)))")
  }
}
