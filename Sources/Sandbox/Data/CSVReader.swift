package import Domain

/// Reads CSV (RFC 4180) with a line of names first. `CSVText` writes the same text again, but for needless quotes.
package enum CSVReader {
  package struct Malformed: Error, Hashable, Sendable {
    /// From 1.
    package var line: Int
    package var reason: String
  }

  private struct Field {
    var text: [UInt8] = []
    var isQuoted = false
  }

  /// The rows, with each column's type as all of its values allow: whole numbers, decimals, `true` and `false`, text.
  package static func rows(_ text: String) throws(Malformed) -> ResultSet {
    var records = try records(Array(text.utf8))
    guard !records.isEmpty else { throw Malformed(line: 1, reason: "there is no line of names") }
    let header = records.removeFirst()
    for (index, record) in records.enumerated() where record.count != header.count {
      throw Malformed(
        line: index + 2, reason: "it has \(record.count) values, where the first line has \(header.count) names")
    }
    let columns = header.indices.map { index in
      column(String(decoding: header[index].text, as: UTF8.self), records.map { $0[index] })
    }
    return ResultSet(columns: columns, rowCount: records.count)
  }

  private static func records(_ bytes: [UInt8]) throws(Malformed) -> [[Field]] {
    var records: [[Field]] = []
    var record: [Field] = []
    var field = Field()
    var line = 1
    var index = 0
    func peek(_ offset: Int) -> UInt8? { index + offset < bytes.count ? bytes[index + offset] : nil }
    while index < bytes.count {
      let byte = bytes[index]
      switch byte {
      case 0x22 where field.text.isEmpty && !field.isQuoted:
        let start = line
        field.isQuoted = true
        index += 1
        while true {
          guard let inner = peek(0) else { throw Malformed(line: start, reason: "a quotation mark is not closed") }
          if inner == 0x22 {
            guard peek(1) == 0x22 else { break }
            index += 1
          }
          if inner == 0x0A { line += 1 }
          field.text.append(inner)
          index += 1
        }
      case 0x2C:
        record.append(field)
        field = Field()
      case 0x0D where peek(1) == 0x0A: break
      case 0x0A:
        records.append(record + [field])
        (record, field) = ([], Field())
        line += 1
      default:
        if field.isQuoted { throw Malformed(line: line, reason: "there is text behind a closing quotation mark") }
        field.text.append(byte)
      }
      index += 1
    }
    if !record.isEmpty || !field.text.isEmpty || field.isQuoted { records.append(record + [field]) }
    return records
  }

  // MARK: types

  /// An empty value without quotes is NULL.
  private static func column(_ name: String, _ fields: [Field]) -> ColumnVector {
    let texts = fields.map { $0.text.isEmpty && !$0.isQuoted ? nil : String(decoding: $0.text, as: UTF8.self) }
    let isQuoted = fields.contains { $0.isQuoted }
    let known = texts.compactMap { $0 }
    let storage: ColumnVector.Storage
    let type: ColumnType
    if known.isEmpty {
      (type, storage) = (.text, .nulls)
    } else if !isQuoted, known.allSatisfy({ Int64($0).map(String.init) == $0 }) {
      (type, storage) = (.integer, .integers(texts.map { $0.flatMap { Int64($0) } ?? 0 }))
    } else if !isQuoted, known.allSatisfy({ $0 == "true" || $0 == "false" }) {
      (type, storage) = (.boolean, .booleans(texts.map { $0 == "true" }))
    } else {
      (type, storage) = (!isQuoted && known.allSatisfy(isDecimal) ? .decimal : .text, bytes(texts))
    }
    return ColumnVector(
      description: ColumnDescription(name: name, type: type, databaseType: "csv"), validity: validity(texts),
      storage: storage)
  }

  private static func isDecimal(_ text: String) -> Bool {
    let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    return (1...2).contains(parts.count)
      && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
      && (parts[0].count == 1 || !parts[0].hasPrefix("0"))
  }

  private static func bytes(_ texts: [String?]) -> ColumnVector.Storage {
    var offsets = [0]
    var bytes: [UInt8] = []
    for text in texts {
      bytes += (text ?? "").utf8
      offsets.append(bytes.count)
    }
    return .bytes(offsets: offsets, bytes: bytes)
  }

  private static func validity(_ texts: [String?]) -> [UInt8] {
    guard texts.contains(nil) else { return [] }
    var bits = [UInt8](repeating: 0, count: (texts.count + 7) / 8)
    for (index, text) in texts.enumerated() where text != nil { bits[index >> 3] |= 1 << UInt8(index & 7) }
    return bits
  }
}
