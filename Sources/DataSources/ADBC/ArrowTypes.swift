import Domain

/// What Arrow's formats are to us (arrow.apache.org/docs/format/CDataInterface.html).
enum ArrowTypes {
  static func type(of field: ArrowFields.Field) -> ColumnType {
    if let values = field.dictionary.first { return type(of: values) }
    if field.isBigNumber || field.isDecimalText { return .decimal }
    switch field.extensionName {
    case "arrow.json": return .json
    case "arrow.uuid": return .uuid
    case "arrow.opaque": return .other
    default: break
    }
    switch field.format {
    case "b": return .boolean
    case "c", "C", "s", "S", "i", "I", "l": return .integer
    case "e", "f", "g": return .double
    case "L": return .decimal
    case "u", "U", "vu": return .text
    case "z", "Z", "vz": return .binary
    case "tdD", "tdm": return .date
    case let format where format.hasPrefix("w:"): return .binary
    case let format where format.hasPrefix("d:"): return .decimal
    case let format where format.hasPrefix("ts"): return .timestamp
    case let format where format.hasPrefix("tt"): return .time
    case let format where format.hasPrefix("ti") || format.hasPrefix("tD"): return .interval
    default: return .other
    }
  }

  static func kind(of field: ArrowFields.Field) -> ColumnBuilder.Kind {
    switch type(of: field) {
    case .boolean: .booleans
    case .integer: .integers
    case .double: .doubles
    case .other where field.format == "n": .nulls
    default: .bytes
    }
  }

  /// The format in words.
  static func name(of field: ArrowFields.Field) -> String {
    if let values = field.dictionary.first { return "\(name(of: values)), enumerated" }
    if field.extensionName == "arrow.json" { return "json" }
    if field.extensionName == "arrow.uuid" { return "uuid" }
    if field.isBigNumber { return "bignum" }
    if field.isDecimalText { return "numeric" }
    switch field.format {
    case "n": return "null"
    case "b": return "boolean"
    case "c": return "tinyint"
    case "C": return "utinyint"
    case "s": return "smallint"
    case "S": return "usmallint"
    case "i": return "integer"
    case "I": return "uinteger"
    case "l": return "bigint"
    case "L": return "ubigint"
    case "e": return "half"
    case "f": return "float"
    case "g": return "double"
    case "u", "U", "vu": return "varchar"
    case "z", "Z", "vz": return "blob"
    case "tdD", "tdm": return "date"
    case "+l", "+L": return (field.children.first.map(name(of:)) ?? "") + "[]"
    case "+s": return "struct"
    case "+m": return "map"
    case let format where format.hasPrefix("d:"):
      return "decimal(" + format.dropFirst(2).split(separator: ",").prefix(2).joined(separator: ",") + ")"
    case let format where format.hasPrefix("ts"):
      return format.hasSuffix(":") ? "timestamp" : "timestamp with time zone"
    case let format where format.hasPrefix("tt"): return "time"
    case let format where format.hasPrefix("ti"): return "interval"
    case let format where format.hasPrefix("tD"): return "duration"
    case let format where format.hasPrefix("w:"): return "binary(\(format.dropFirst(2)))"
    case let format where format.hasPrefix("+w:"):
      return (field.children.first.map(name(of:)) ?? "") + "[\(format.dropFirst(3))]"
    default: return field.format
    }
  }
}
