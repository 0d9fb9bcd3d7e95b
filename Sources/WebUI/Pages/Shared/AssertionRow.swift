import Domain
import Foundation

/// One assertion of a run: `assertion-row.mustache`.
struct AssertionRow: Sendable {
  var icon: StateIcon
  var css: String
  var title: String
  /// What was found in words, when it is not in the title already.
  var note: String?
  var expected: String
  var found: String
  var dataset: String
  var datasetHref: String?
  var spark: String?
  var isBad: Bool

  init(_ assertion: Assertion, namespace: String, history: [Double?]) {
    icon = StateIcon(assertion.outcome)
    switch assertion.outcome {
    case .passed: css = ""
    case .warned, .failed: css = "t-red strong"
    case .errored: css = "t-err strong"
    }
    isBad = assertion.outcome != .passed
    title = assertion.name
    note = isBad && assertion.message != assertion.name ? assertion.message : nil
    expected = Words.numbers(in: assertion.expected)
    found =
      assertion.observed.map(\.text) ?? (assertion.outcome == .errored ? "could not run" : "no value")
    dataset = assertion.dataset
    datasetHref =
      assertion.dataset.isEmpty
      ? nil : Link.dataset(QualifiedName(assertion.dataset, defaultNamespace: namespace))
    spark = Sparkline.points(history)
  }
}

extension Words {
  /// Thousands in each whole number of a text.
  package static func numbers(in text: String) -> String {
    text.split(separator: " ", omittingEmptySubsequences: false).map { NumberText.grouped(String($0)) }
      .joined(separator: " ")
  }
}

/// Rows that made a rule fail: `sample.mustache`.
struct SampleTable: Sendable {
  var title: String
  var note: String
  var columns: [Column]
  var rows: [Row]
  var csvHref: String
  var datasetHref: String?

  struct Column: Sendable {
    var name: String
    var css: String
  }

  struct Row: Sendable {
    var number: Int
    var cells: [Value]
  }

  struct Value: Sendable {
    var text: String
    var css: String
    var isNull: Bool
  }

  /// `index` is the assertion's place in the run; `hit` the column at fault.
  init?(_ assertion: Assertion, index: Int, run: String, namespace: String, hit: String?, isOnlyOne: Bool) {
    guard let sample = assertion.sample, !sample.rows.isEmpty else { return nil }
    title = isOnlyOne ? "Failing rows" : "Failing rows: \(assertion.name)"
    note = assertion.sampleWords(sample.rows.count) { Words.number($0) }
    let numeric = sample.columns.indices.map { column in
      let cells = sample.rows.map { $0.indices.contains(column) ? $0[column] : .null }
      // Of a column without any value, nothing says that it has numbers.
      return cells.contains { $0 != .null }
        && cells.allSatisfy { cell in
          switch cell {
          case .integer, .double, .decimal, .null: true
          default: false
          }
        }
    }
    let intervals = sample.columns.indices.map { column in
      Words.areIntervals(sample.rows.map { $0.indices.contains(column) ? $0[column] : .null })
    }
    columns = zip(sample.columns, numeric).map { Column(name: $0, css: $1 ? "num" : "") }
    rows = sample.rows.enumerated().map { number, cells in
      Row(
        number: number + 1,
        cells: cells.enumerated().map { column, cell in
          let isHit = sample.columns.indices.contains(column) && sample.columns[column] == hit
          let isInterval = intervals.indices.contains(column) && intervals[column]
          let isNumeric = numeric.indices.contains(column) && numeric[column]
          return Value(
            text: isInterval ? Words.interval(cell.text) ?? cell.text : cell.text,
            css: (isNumeric ? "num" : "") + (isHit ? " hit" : ""), isNull: cell == .null)
        })
    }
    csvHref = "\(Link.run(run))/rows/\(index).csv"
    datasetHref =
      assertion.dataset.isEmpty
      ? nil : Link.dataset(QualifiedName(assertion.dataset, defaultNamespace: namespace))
  }
}

/// Comma-separated values. Format: RFC 4180.
enum CSV {
  static func text(columns: [String], rows: [[Cell]]) -> String {
    let lines = [columns.map(field)] + rows.map { $0.map { $0 == .null ? "" : field($0.text) } }
    return lines.map { $0.joined(separator: ",") + "\r\n" }.joined()
  }

  private static func field(_ text: String) -> String {
    guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) || text.isEmpty else { return text }
    return "\"\(text.replacing("\"", with: "\"\""))\""
  }
}
