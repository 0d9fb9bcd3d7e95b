import Domain

/// JSON for a guest, written in one pass; its keys stand in the order in which they were set.
struct JSONObject {
  enum Value {
    case text(String)
    /// JSON as it is: a number, `true`, `false`.
    case number(String)
    case list([Value])
    case object([(String, Value)])
    case cell(Cell)
  }

  private var members: [(String, Value)] = []

  subscript(key: String) -> Value? {
    get { members.first { $0.0 == key }?.1 }
    set { if let newValue { members.append((key, newValue)) } }
  }

  var bytes: [UInt8] {
    var out: [UInt8] = []
    Self.write(.object(members), to: &out)
    return out
  }

  static func list(_ objects: [JSONObject]) -> [UInt8] {
    var out: [UInt8] = []
    write(.list(objects.map { .object($0.members) }), to: &out)
    return out
  }

  private static func write(_ value: Value, to out: inout [UInt8]) {
    switch value {
    case .text(let text): JSONText.string(text.utf8, to: &out)
    case .number(let text): out += text.utf8
    case .cell(let cell): write(cell, to: &out)
    case .list(let values):
      out.append(UInt8(ascii: "["))
      for (index, value) in values.enumerated() {
        if index > 0 { out.append(UInt8(ascii: ",")) }
        write(value, to: &out)
      }
      out.append(UInt8(ascii: "]"))
    case .object(let members):
      out.append(UInt8(ascii: "{"))
      for (index, member) in members.enumerated() {
        if index > 0 { out.append(UInt8(ascii: ",")) }
        JSONText.string(member.0.utf8, to: &out)
        out.append(UInt8(ascii: ":"))
        write(member.1, to: &out)
      }
      out.append(UInt8(ascii: "}"))
    }
  }

  /// What JSON has no form of is an object with the kind as its one key.
  private static func write(_ cell: Cell, to out: inout [UInt8]) {
    switch cell {
    case .null: out += "null".utf8
    case .boolean: out += cell.text.utf8
    // JavaScript reads larger ones as the nearest that a double has.
    case .integer(let value) where value.magnitude > 1 << 53: write(.object([("integer", .text("\(value)"))]), to: &out)
    case .integer(let value): out += "\(value)".utf8
    case .double(let value) where value.isFinite: out += "\(value)".utf8
    case .double(let value):
      let name = value.isNaN ? "nan" : value < 0 ? "-inf" : "inf"
      write(.object([("double", .text(name))]), to: &out)
    case .decimal(let text): write(.object([("decimal", .text(text))]), to: &out)
    case .text(let text): JSONText.string(text.utf8, to: &out)
    case .binary: write(.object([("binary", .text(String(cell.text.dropFirst(2))))]), to: &out)
    }
  }
}
