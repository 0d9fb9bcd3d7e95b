import Domain
import Rules

/// Puts values in the place of `:name` in a query. Quotes, comments and casts (`::`) are left alone.
struct RunbookBinding {
  let values: RunbookValues
  let dialect: SQLDialect

  func apply(to sql: String) throws(ServiceError) -> String {
    let characters = Array(sql)
    var scanner = SQLScanner(sql)
    var bound = ""
    /// How many characters of the query stand in `bound`.
    var copied = 0
    /// Where the last colon is, and whether another stands right before it.
    var colon: (column: Int, isDouble: Bool)?
    while let token = scanner.next() {
      switch token.kind {
      case .symbol(":"): colon = (token.column, colon?.column == token.column - 1)
      case .word:
        // Two words may touch, as in E'...': only what stands right behind a single colon is a name.
        guard let found = colon, !found.isDouble, found.column == token.column - 1 else { continue }
        bound += String(characters[copied..<(found.column - 1)]) + (try literal(token.text))
        copied = found.column - 1 + 1 + token.text.count
      case .nul: throw Self.problem("a query has no zero bytes")
      case .unterminated(let what): throw Self.problem("\(what) has no end")
      default: continue
      }
    }
    return bound + String(characters[copied...])
  }

  private func literal(_ name: String) throws(ServiceError) -> String {
    guard let cell = values.values[name] else {
      let known = values.values.keys.sorted()
      let nearest = Spelling.nearest(to: name, among: known).map { "did you mean ':\($0)'?" }
      let all = "there are \(known.map { ":\($0)" }.joined(separator: ", "))"
      throw Self.problem("the last run has no value ':\(name)'; \(nearest ?? all)")
    }
    switch cell {
    case .null: return dialect.literal(.null)
    case .boolean(let value): return dialect.literal(.boolean(value))
    case .integer, .double, .decimal:
      if let number = cell.exactDecimal { return dialect.literal(.number(number)) }
      return dialect.literal(.text(cell.text))
    case .text, .binary:
      // Where backslashes escape, as in MySQL, a value could end its quotes.
      if cell.text.contains("\0") || dialect == .standard && cell.text.contains("\\") {
        throw Self.problem("the value of ':\(name)' holds characters that cannot stand in a query here")
      }
      return dialect.literal(.text(cell.text))
    }
  }

  static func problem(_ message: String) -> ServiceError {
    .invalid([FieldProblem(field: "runbook", message: message)])
  }
}
