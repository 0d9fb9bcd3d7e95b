import Domain
import Foundation
import Sandbox
import Synchronization

/// Datasets out of CSV texts. Rows are at hand; aggregates are computed by DuckDB over the texts as files.
final class CSVDatasets: GuestData {
  private let rows: [String: ResultSet]
  private let texts: [(name: String, text: String)]
  private let folder = NSTemporaryDirectory() + "checker-csv-" + UUID().uuidString
  private let engine = Mutex<(any QueryEngine)?>(nil)

  init(_ texts: [(String, String)]) throws {
    var rows: [String: ResultSet] = [:]
    for (name, text) in texts {
      if rows[name] != nil { throw UsageProblem("the dataset '\(name)' is given twice") }
      do throws(CSVReader.Malformed) {
        rows[name] = try CSVReader.rows(text)
      } catch {
        throw UsageProblem("the CSV of dataset '\(name)' is wrong in line \(error.line): \(error.reason)")
      }
    }
    self.rows = rows
    self.texts = texts.map { ($0.0, $0.1) }
  }

  /// Removes the files that were made for aggregates.
  func close() { try? FileManager.default.removeItem(atPath: folder) }

  func held(_ name: String) -> ResultSet? { rows[name] }

  func dataset(_ name: String) async throws(GuestDataError) -> ResultSet { throw unknown(name) }

  func measure(_ dataset: String, expression: String, filter: String?) async throws(GuestDataError) -> MeasuredValue {
    guard let index = texts.firstIndex(where: { $0.name == dataset }) else { throw unknown(dataset) }
    let condition = filter.map { " WHERE (\($0)\n)" } ?? ""
    do throws(QueryError) {
      let rows = try await opened().run(Query("SELECT (\(expression)\n) FROM dataset\(index)\(condition)"))
      guard rows.rowCount > 0, let column = rows.columns.first else { return MeasuredValue(.null) }
      return MeasuredValue(column.cell(at: 0), type: column.description.type)
    } catch {
      throw GuestDataError(.query, "Dataset '\(dataset)' gave no '\(expression)': \(error.message)")
    }
  }

  private func opened() throws(QueryError) -> any QueryEngine {
    try engine.withLock { (engine) throws(QueryError) in
      if let engine { return engine }
      do {
        try FileManager.default.createDirectory(
          atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        for (index, entry) in texts.enumerated() {
          try entry.text.write(toFile: "\(folder)/dataset\(index).csv", atomically: true, encoding: .utf8)
        }
      } catch {
        throw QueryError(.other, "The CSV could not be handed to DuckDB: \(error.localizedDescription)")
      }
      let made = try Composition.queryEngines().open(
        DataSource(name: "csv", driver: .duckdb, uri: "\(folder)/*.csv"))
      engine = made
      return made
    }
  }

  private func unknown(_ name: String) -> GuestDataError {
    let names = texts.map(\.name)
    let near = Spelling.nearest(to: name, among: names).map { " Did you mean '\($0)'?" } ?? ""
    return GuestDataError(
      .unknown,
      "There is no dataset '\(name)'; give it with -n '\(name)' and -d.\(near)")
  }
}
