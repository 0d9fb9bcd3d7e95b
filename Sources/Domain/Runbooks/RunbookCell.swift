/// A query in a runbook, in a fenced block whose first line says `dataset NAME` or `sql`.
package struct RunbookCell: Hashable, Sendable {
  package enum Source: Hashable, Sendable {
    /// The rows of a dataset; the block's text, when there is any, is a condition on them.
    case dataset(String)
    /// The block's text is a query, on a data source; `nil`: on the one that the checker asks.
    case sql(dataSource: String?)

    /// As it stands behind the fence.
    var info: String {
      switch self {
      case .dataset(let name): "dataset \(name)"
      case .sql(let source): source.map { "sql \($0)" } ?? "sql"
      }
    }
  }

  package var source: Source
  package var text: String

  package init(source: Source, text: String) {
    self.source = source
    self.text = text
  }

  /// From the line behind the fence; `nil` when the block is none of ours. `sql` alone is a query too.
  package init?(info: String, text: String) {
    let words = info.split(whereSeparator: \.isWhitespace).map(String.init)
    switch (words.first, words.count) {
    case ("dataset", 2): source = .dataset(words[1])
    case ("sql", 1): source = .sql(dataSource: nil)
    case ("sql", 2): source = .sql(dataSource: words[1])
    default: return nil
    }
    self.text = text
  }

  /// `runbook` with other words in the first lines of its queries, which `change` gives: `dataset users`, `sql shop`.
  package static func changed(in runbook: String, _ change: (Source) -> Source?) -> String {
    // As pages send it, or as files have it.
    let end: Character = runbook.contains("\r\n") ? "\r\n" : "\n"
    return runbook.split(separator: end, omittingEmptySubsequences: false).map { line in
      let fence = line.drop { $0 == " " }
      guard let mark = fence.first, mark == "`" || mark == "~", fence.hasPrefix(String(repeating: mark, count: 3)),
        let cell = RunbookCell(info: String(fence.drop { $0 == mark }), text: ""), let new = change(cell.source)
      else { return String(line) }
      return line.prefix { $0 == " " } + fence.prefix { $0 == mark } + new.info
    }.joined(separator: String(end))
  }

  package var title: String {
    switch source {
    case .dataset(let name): "dataset \(name)"
    case .sql(let source): source.map { "query on \($0)" } ?? "query"
    }
  }
}

/// What a failing run gives to the queries of a runbook, by name: `:observed`.
package struct RunbookValues: Hashable, Sendable {
  package var values: [String: Cell]

  /// Of the first assertion that does not hold, and of its first failing row, whose columns stand beside the fixed
  /// names.
  package init(_ run: Run) {
    let bad = run.assertions.first { $0.outcome != .passed } ?? run.assertions.first
    values = [:]
    if let sample = bad?.sample, let row = sample.rows.first {
      for (column, cell) in zip(sample.columns, row) { values[column] = cell }
    }
    values["observed"] = bad?.observed?.value ?? .null
    values["run_id"] = .text(run.id)
    values["namespace"] = .text(run.checker.namespace)
    values["checker"] = .text(run.checker.name)
    values["outcome"] = .text(run.outcome.rawValue)
    values["failing_rows"] = bad?.sample.map { .integer(Int64($0.total)) } ?? .null
  }
}
