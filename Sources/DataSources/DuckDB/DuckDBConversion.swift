/// A value of a CSV file that is not what the first lines made of its column, and how to mend that.
struct DuckDBConversion {
  private let line: Substring
  private let column: Substring
  private let value: Substring
  private let type: Substring

  /// `lines` is what DuckDB says; `nil` when it is about anything else.
  init?(_ lines: [String]) {
    for text in lines {
      guard
        let match = text.firstMatch(
          of: /^Error when converting column "(.*)"\. Could not convert string "(.*)" to '([^']*)'/)
      else { continue }
      let head = lines.first?.firstMatch(of: /^CSV Error on Line: ([0-9]+)/)
      (line, column, value, type) = (head?.1 ?? "", match.1, match.2, match.3)
      return
    }
    return nil
  }

  func text(file: String?) -> String {
    let place = [file.map { "file \($0)" }, line.isEmpty ? nil : "line \(line)"].compactMap(\.self)
    return "The CSV has \"\(value)\" in column '\(column)' (\(place.joined(separator: ", "))), which is no "
      + "\(Self.words(type)) as the first lines have there. If it belongs there, read the column as text: "
      + "option text_columns: \(column)"
  }

  private static func words(_ type: Substring) -> String {
    switch type {
    case "BIGINT", "INTEGER", "HUGEINT", "UBIGINT", "BIGNUM": "whole number"
    case "DOUBLE", "FLOAT": "number"
    case "DATE": "date"
    case "TIME": "time of day"
    case "BOOLEAN": "true or false"
    case let type where type.hasPrefix("TIMESTAMP"): "date with a time"
    default: String(type)
    }
  }
}
