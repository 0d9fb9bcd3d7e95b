import CPostgreSQL
import Domain

#if canImport(Glibc)
  import Glibc
#endif

/// What PostgreSQL's types are to us. The numbers are the fixed ones of its catalogue (pg_type.dat).
enum PostgreSQLTypes {
  static func type(of oid: UInt32) -> ColumnType {
    switch oid {
    case 16: .boolean
    case 20, 21, 23, 26: .integer
    case 700, 701: .double
    case 1700: .decimal
    case 17: .binary
    case 1082: .date
    case 1083, 1266: .time
    case 1114, 1184: .timestamp
    case 1186: .interval
    case 2950: .uuid
    case 114, 3802: .json
    case 18, 19, 25, 1042, 1043, 705: .text
    default: .other
    }
  }

  /// The name that `format_type` gives; `nil` for types that a database defines itself and the rare ones.
  static func name(of oid: UInt32) -> String? {
    switch oid {
    case 16: "boolean"
    case 17: "bytea"
    case 18: "\"char\""
    case 19: "name"
    case 20: "bigint"
    case 21: "smallint"
    case 23: "integer"
    case 25, 705: "text"
    case 26: "oid"
    case 114: "json"
    case 700: "real"
    case 701: "double precision"
    case 1042: "character"
    case 1043: "character varying"
    case 1082: "date"
    case 1083: "time without time zone"
    case 1114: "timestamp without time zone"
    case 1184: "timestamp with time zone"
    case 1186: "interval"
    case 1266: "time with time zone"
    case 1700: "numeric"
    case 2950: "uuid"
    case 3802: "jsonb"
    default: nil
    }
  }

  static func kind(of type: ColumnType) -> ColumnBuilder.Kind {
    switch type {
    case .boolean: .booleans
    case .integer: .integers
    case .double: .doubles
    default: .bytes
    }
  }

  /// Appends a value as the server wrote it in its text format.
  static func append(_ text: UnsafePointer<CChar>, length: Int, to column: inout ColumnBuilder) {
    let bytes = UnsafeRawBufferPointer(start: text, count: length)
    switch column.description.type {
    case .boolean: column.append(bytes.first == UInt8(ascii: "t"))
    case .integer: column.append(Int64(strtoll(text, nil, 10)))
    case .double: column.append(double(text))
    case .binary: column.append { appendBytes(ofHexadecimal: bytes, to: &$0) }
    case .timestamp: column.append { appendTimestamp(bytes, to: &$0) }
    case .text, .json, .other: column.appendText(bytes)
    default: column.append(bytes)
    }
  }

  private static func double(_ text: UnsafePointer<CChar>) -> Double {
    // strtod knows "NaN" and "Infinity" as PostgreSQL spells them.
    strtod(text, nil)
  }

  private static func appendBytes(ofHexadecimal text: UnsafeRawBufferPointer, to target: inout [UInt8]) {
    func digit(_ byte: UInt8) -> UInt8 { byte <= 0x39 ? byte & 15 : (byte & 15) + 9 }
    var index = 2
    while index + 1 < text.count {
      target.append(digit(text[index]) << 4 | digit(text[index + 1]))
      index += 2
    }
  }

  /// `2024-05-01 12:00:00+02` becomes `2024-05-01T12:00:00+02:00`; `infinity` and years before Christ stay.
  private static func appendTimestamp(_ text: UnsafeRawBufferPointer, to target: inout [UInt8]) {
    guard let space = text.firstIndex(of: UInt8(ascii: " ")), text.last != UInt8(ascii: "C") else {
      return target.append(contentsOf: text)
    }
    target.append(contentsOf: text[..<space])
    target.append(UInt8(ascii: "T"))
    let time = text[(space + 1)...]
    target.append(contentsOf: time)
    let isSign: (UInt8) -> Bool = { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }
    if let zone = time.lastIndex(where: isSign), text.count - zone == 3 {
      target.append(contentsOf: [UInt8(ascii: ":"), UInt8(ascii: "0"), UInt8(ascii: "0")])
    }
  }
}
