import Domain
import Foundation

/// Reads what a script's guest states. The guest may have been taken over by its script, so nothing is believed: what is
/// too long is cut, what does not exist is left out, what is no verdict ends the run.
enum ScriptVerdict {
  private static let longestJSON = 512 << 10
  private static let sampleRows = 100
  private static let sampleColumns = 100
  private static let longestCell = 2000

  /// - Parameter rows: those of a dataset that a sample is taken out of.
  static func read(
    _ json: String, rows: (String) throws(GuestTrouble) -> ResultSet
  ) throws(GuestTrouble) -> GuestVerdict {
    guard json.utf8.count <= longestJSON, let wire = try? JSONDecoder().decode(Wire.self, from: Data(json.utf8)) else {
      throw GuestTrouble(
        .exception, "The script stated something that is no verdict. State verdicts with ok, fail or assertions.")
    }
    return GuestVerdict(
      passed: wire.passed, assertion: name(wire.assertion, longest: 100), message: wire.message,
      dataset: name(wire.dataset ?? "", longest: 300), observed: wire.observed.map { cut($0.cell) },
      expected: wire.expected ?? "", line: wire.line.flatMap { (1...10_000_000).contains($0) ? $0 : nil },
      sample: try wire.sample.flatMap { (sample) throws(GuestTrouble) in try read(sample, rows) },
      isWarning: wire.warns ?? false)
  }

  private static func read(
    _ sample: Wire.Sample, _ rows: (String) throws(GuestTrouble) -> ResultSet
  ) throws(GuestTrouble) -> Sample? {
    switch sample {
    case .places(let dataset, let places, let total):
      let found = try rows(dataset)
      let columns = found.columns.prefix(sampleColumns)
      let known = places.prefix(sampleRows).filter { (0..<found.rowCount).contains($0) }
      return Sample(
        columns: columns.map(\.name), rows: known.map { row in columns.map { cut($0.cell(at: row)) } },
        total: max(total, known.count))
    case .cells(let names, let cells, let total):
      let columns = names.prefix(sampleColumns).map { name($0, longest: 300) }
      guard !columns.isEmpty else { return nil }
      let rows = cells.prefix(sampleRows).map { row in
        columns.indices.map { $0 < row.count ? cut(row[$0].cell) : .null }
      }
      return Sample(columns: columns, rows: rows, total: max(total, rows.count))
    }
  }

  private static func name(_ text: String, longest: Int) -> String { text.cut(to: longest, mark: "…") }

  private static func cut(_ cell: Cell) -> Cell {
    switch cell {
    case .text(let text): .text(text.cut(to: longestCell, mark: "…"))
    case .decimal(let text) where text.utf8.count > longestCell: .text(text.cut(to: longestCell, mark: "…"))
    case .binary(let bytes): .binary(Array(bytes.prefix(longestCell / 2)))
    default: cell
    }
  }

  private struct Wire: Decodable {
    var passed: Bool
    var assertion: String
    var message: String
    var dataset: String?
    var observed: ScriptCell?
    var expected: String?
    var line: Int?
    var sample: Sample?
    var warns: Bool?

    enum Sample: Decodable {
      case places(dataset: String, [Int], total: Int)
      case cells(columns: [String], [[ScriptCell]], total: Int)

      private enum Key: CodingKey { case dataset, columns, rows, total }

      init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let total = max(0, try container.decode(Int.self, forKey: .total))
        if let dataset = try container.decodeIfPresent(String.self, forKey: .dataset) {
          self = .places(dataset: dataset, try container.decode([Int].self, forKey: .rows), total: total)
        } else {
          self = .cells(
            columns: try container.decode([String].self, forKey: .columns),
            try container.decode([[ScriptCell]].self, forKey: .rows), total: total)
        }
      }
    }
  }
}

/// A value as a guest writes it: JSON's own, and for the rest an object with the kind as its one key.
struct ScriptCell: Decodable {
  var cell: Cell

  private enum Key: CodingKey { case decimal, double, binary }

  init(from decoder: any Decoder) throws {
    if let plain = try? decoder.singleValueContainer(), let cell = try? plain.decode(Cell.self) {
      self.cell = cell
      return
    }
    let container = try decoder.container(keyedBy: Key.self)
    if let text = try container.decodeIfPresent(String.self, forKey: .decimal) {
      cell = Self.isDecimal(text) ? .decimal(text) : .text(text)
    } else if let text = try container.decodeIfPresent(String.self, forKey: .double) {
      cell = .double(Double(text) ?? .nan)
    } else {
      cell = .binary(Self.bytes(try container.decode(String.self, forKey: .binary)))
    }
  }

  private static func isDecimal(_ text: String) -> Bool {
    ["NaN", "Infinity", "-Infinity"].contains(text) || ExactDecimal(text) != nil
  }

  private static func bytes(_ hexadecimal: String) -> [UInt8] {
    let digits = hexadecimal.utf8.compactMap { UInt8(String(UnicodeScalar($0)), radix: 16) }
    return stride(from: 0, to: digits.count - digits.count % 2, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }
}
