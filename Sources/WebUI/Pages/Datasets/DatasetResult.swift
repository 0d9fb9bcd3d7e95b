import Checking
import Domain

/// What running a query gave: rows, or what is wrong and where.
struct DatasetResult: Sendable {
  var title: String
  var detail: String
  var icon: StateIcon
  var isError: Bool
  var grid: DataGrid?
  var mark: SQLMark?
  /// The lines around the mark.
  var lines: [Line] = []
  var hasLines = false
  var hint: String?

  struct Line: Sendable {
    var number: String
    var text: String
    var isAt: Bool
    /// Spaces and carets under the place.
    var pointer: String
  }

  init(_ preview: DatasetPreview) {
    let shown = preview.rows.rowCount
    let total = preview.totalRows
    title = total.map { Words.count($0, "row") } ?? "More than \(Words.count(shown, "row"))"
    let part = total == shown ? "" : "first \(Words.number(shown)) shown, "
    detail = "\(part)\(Words.duration(preview.milliseconds))"
    icon = StateIcon(.ok, isHidden: true)
    isError = false
    grid = DataGrid(preview.rows)
  }

  init(_ error: QueryError, sql: String, dataSource: String) {
    title = "The query did not run"
    icon = StateIcon(.err, isHidden: true, isLarge: true)
    isError = true
    hint = error.hint
    mark = error.position.flatMap { SQLMark(position: $0, in: sql, message: error.message) }
    let place = mark.map { "Line \($0.line), column \($0.from), in \(dataSource). " } ?? "In \(dataSource). "
    detail = place + FormProblems.sentence(error.message)
    lines = mark.map { Self.lines(of: sql, around: $0) } ?? []
    hasLines = !lines.isEmpty
  }

  init(refused message: String) {
    title = "Nothing to run"
    detail = message
    icon = StateIcon(.err, isHidden: true, isLarge: true)
    isError = true
  }

  private static func lines(of sql: String, around mark: SQLMark) -> [Line] {
    let all = sql.split(separator: "\n", omittingEmptySubsequences: false)
    return (max(1, mark.line - 1)...max(1, min(all.count, mark.line + 1))).map { number in
      let isAt = number == mark.line
      let pointer =
        isAt
        ? String(repeating: " ", count: mark.from - 1) + String(repeating: "^", count: max(1, mark.to - mark.from)) : ""
      return Line(number: "\(number)", text: String(all[number - 1].prefix(500)), isAt: isAt, pointer: pointer)
    }
  }
}

/// A place in a query; all numbers from 1, in characters.
struct SQLMark: Sendable, Hashable {
  var line: Int
  var from: Int
  /// The first column after the word at fault.
  var to: Int
  var message: String

  /// `nil` when `position` lies outside of `sql`.
  init?(position: Int, in sql: String, message: String) {
    // Databases count Unicode scalars, editors UTF-16 within a line: they agree for all but rare letters.
    let scalars = Array(sql.unicodeScalars)
    guard (1...scalars.count + 1).contains(position) else { return nil }
    let before = scalars[..<(position - 1)]
    line = before.count { $0 == "\n" } + 1
    from = before.count - (before.lastIndex(of: "\n").map { $0 + 1 } ?? 0) + 1
    let word = scalars[(position - 1)...].prefix { scalar in
      scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "_.".unicodeScalars.contains(scalar)
    }
    to = from + max(1, word.count)
    self.message = message
  }
}
