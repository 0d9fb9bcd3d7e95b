import CWasmtime

/// What wasmtime reports when something does not work.
struct EngineFault: Error {
  /// As wasmtime words it, with the guest's call stack when there was one.
  var text: String
  /// Of a WebAssembly trap; `nil` for everything else.
  var trap: TrapCode?

  /// Takes the error over.
  init(consuming error: OpaquePointer) {
    var message = wasm_name_t()
    wasmtime_error_message(error, &message)
    text = message.text
    wasm_byte_vec_delete(&message)
    wasmtime_error_delete(error)
  }

  /// Takes the trap over.
  init(consumingTrap trap: OpaquePointer) {
    var message = wasm_byte_vec_t()
    wasm_trap_message(trap, &message)
    text = message.text
    wasm_byte_vec_delete(&message)
    var code: UInt8 = 0
    if wasmtime_trap_code(trap, &code) { self.trap = TrapCode(rawValue: code) ?? .other }
    wasm_trap_delete(trap)
  }

  static func check(_ error: OpaquePointer?) throws(EngineFault) {
    if let error { throw EngineFault(consuming: error) }
  }

  /// The last cause, without the call stack before it.
  var cause: String {
    guard let range = text.firstRange(of: "Caused by:") else { return text.trimmed }
    let lines = text[range.upperBound...].split(separator: "\n").map { String($0).trimmed }
    return lines.last.map { Self.withoutNumber($0) } ?? text.trimmed
  }

  /// The guest's functions, innermost first, as wasmtime lists them.
  var backtrace: String? {
    guard let start = text.firstRange(of: "wasm backtrace:") else { return nil }
    let end = text.firstRange(of: "Caused by:")?.lowerBound ?? text.endIndex
    guard start.upperBound < end else { return nil }
    let lines = text[start.upperBound..<end].split(separator: "\n").prefix(20).map { String($0).trimmed }
    return lines.isEmpty ? nil : lines.joined(separator: "\n")
  }

  private static func withoutNumber(_ line: String) -> String {
    guard let colon = line.firstIndex(of: ":"), line[..<colon].allSatisfy(\.isNumber), !line[..<colon].isEmpty else {
      return line
    }
    return String(line[line.index(after: colon)...]).trimmed
  }
}

/// WebAssembly's own faults, by wasmtime's numbers.
enum TrapCode: UInt8 {
  case stackOverflow = 0
  case memoryOutOfBounds = 1
  case misaligned = 2
  case tableOutOfBounds = 3
  case callToNull = 4
  case badSignature = 5
  case integerOverflow = 6
  case divisionByZero = 7
  case badConversion = 8
  case unreachable = 9
  case interrupt = 10
  case outOfFuel = 11
  case other = 255

  var sentence: String {
    switch self {
    case .stackOverflow: "it called itself too deeply"
    case .memoryOutOfBounds: "it read or wrote outside its memory"
    case .misaligned: "it made an atomic access that was not aligned"
    case .tableOutOfBounds: "it used a table entry that does not exist"
    case .callToNull: "it called a function pointer that is null"
    case .badSignature: "it called a function pointer of another type"
    case .integerOverflow: "a division overflowed"
    case .divisionByZero: "it divided an integer by zero"
    case .badConversion: "it converted a floating-point number that fits no integer"
    case .unreachable: "it gave up at an 'unreachable' instruction (a panic, an abort or a failed assertion of its own)"
    case .interrupt: "it was interrupted"
    case .outOfFuel: "it ran out of fuel"
    case .other: "it trapped"
    }
  }
}

extension wasm_byte_vec_t {
  var text: String {
    guard size > 0, let data else { return "" }
    return String(decoding: UnsafeBufferPointer(start: data, count: size), as: UTF8.self).replacing("\0", with: "")
  }
}

extension String {
  var trimmed: String {
    guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace }) else {
      return ""
    }
    return String(self[first...last])
  }
}
