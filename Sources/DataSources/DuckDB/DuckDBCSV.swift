import Domain

/// How the CSV files of a table are read: as RFC 4180 has it, so that no line is left out or taken for something else
/// without a word. Left to itself, DuckDB looks for the dialect under which the lines make some table.
struct DuckDBCSV {
  private let view: DuckDBFiles.View
  private let settings: DuckDBSettings

  private static let delimiters: [Character] = [",", ";", "\t", "|"]

  init(_ view: DuckDBFiles.View, _ settings: DuckDBSettings) {
    self.view = view
    self.settings = settings
  }

  /// What stands after FROM. Throws where lines do not fit together, with the first of them.
  func source(_ session: ADBCSession, _ stop: StopSignal) throws(QueryError) -> String {
    let first = try firstLine(session, stop)
    let delimiter = settings.delimiter ?? Self.delimiter(of: first)
    let dialect = """
      \(view.paths), delim = \(Self.literal(delimiter)), quote = '"', escape = '"', skip = \(settings.skippedLines), \
      header = true, null_padding = false, ignore_errors = false, strict_mode = true
      """
    let texts = settings.textColumns.map { "\(Self.literal($0)): 'VARCHAR'" }.joined(separator: ", ")
    let types = texts.isEmpty ? "" : ", types = {\(texts)}"
    let source = "read_csv(\(dialect), comment = ''\(types))"
    do throws(QueryError) {
      _ = try session.columns("SELECT * FROM \(source)", settings.limits, stop)
    } catch {
      if error.kind == .cancelled || error.kind == .timeout { throw error }
      // Read without looking for anything, it says which line it is.
      let columns = (0..<max(1, Self.fields(of: first, delimiter))).map { "'column\($0)': 'VARCHAR'" }
      let plain =
        "read_csv(\(dialect), auto_detect = false, columns = {\(columns.joined(separator: ", "))})"
      let sql = "SELECT count(COLUMNS(*)) FROM \(plain)"
      _ = try session.rows(sql, Query(sql, limits: settings.limits), stop)
      throw error
    }
    return source
  }

  private func firstLine(_ session: ADBCSession, _ stop: StopSignal) throws(QueryError) -> String {
    let sql = """
      SELECT line FROM read_csv(\(view.paths), auto_detect = false, delim = chr(1), quote = '', escape = '', \
      header = false, skip = \(settings.skippedLines), columns = {'line': 'VARCHAR'}, strict_mode = false) LIMIT 1
      """
    let rows = try session.rows(sql, Query(sql, limits: settings.limits), stop)
    return rows.rowCount == 1 ? rows.cell(row: 0, column: 0).text : ""
  }

  /// The one that the names of the columns have between them most often.
  private static func delimiter(of line: String) -> String {
    let counts = delimiters.map { (delimiter: $0, count: fields(of: line, String($0))) }
    return String(counts.max { $0.count < $1.count }.flatMap { $0.count > 1 ? $0.delimiter : nil } ?? ",")
  }

  /// Values of a line; a delimiter between quotes is none.
  private static func fields(of line: String, _ delimiter: String) -> Int {
    var outside = ""
    var isQuoted = false
    for character in line {
      if character == "\"" { isQuoted.toggle() } else if !isQuoted { outside.append(character) }
    }
    return outside.split(separator: delimiter, omittingEmptySubsequences: false).count
  }

  private static func literal(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }
}
