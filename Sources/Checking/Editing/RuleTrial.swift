import Domain
import Rules

/// Tries the kinds of rules whose SQL databases do not agree on, on a database that we know little about.
struct RuleTrial {
  let engine: any QueryEngine
  let limits: QueryLimits

  func step() async -> ConnectionTestStep {
    let clock = ContinuousClock()
    let started = clock.now
    var refused: [String] = []
    for (kind, expression) in trials {
      do throws(QueryError) {
        let answer = try await engine.run(Query("SELECT \(expression)", limits: limits))
        if answer.rowCount == 1, answer.cell(row: 0, column: 0).exactDecimal != nil { continue }
        refused.append("'\(kind)' does not work here: \(expression) gives no number.")
      } catch {
        let words = [error.message, error.hint].compactMap(\.self).map { $0.hasSuffix(".") ? $0 : $0 + "." }
        refused.append("'\(kind)' does not work here: \(words.joined(separator: " "))")
      }
    }
    let milliseconds = started.duration(to: clock.now) / .milliseconds(1)
    if refused.isEmpty {
      return ConnectionTestStep(
        title: "Rules", verdict: .passed, detail: "Every kind of rule can be asked.", milliseconds: milliseconds)
    }
    return ConnectionTestStep(
      title: "Rules", verdict: .warned, detail: refused.joined(separator: " "), milliseconds: milliseconds)
  }

  private var trials: [(kind: String, expression: String)] {
    let dialect = engine.dialect
    let now = "CURRENT_TIMESTAMP"
    return [
      ("where", "count(*) FILTER (WHERE 1 = 1)"),
      ("pattern", "CASE WHEN \(dialect.matches("'a'", pattern: "a")) THEN 1 ELSE 0 END"),
      ("freshness", dialect.age("max(\(dialect.moment(now)))")),
    ]
  }
}
