import CWasmtime

/// The type of a function between a module and the host.
struct Signature: Hashable, Sendable, CustomStringConvertible {
  enum Value: UInt8, Sendable {
    case i32 = 0
    case i64, f32, f64
    /// References and vectors, which no function of ours takes.
    case other = 255

    var name: String {
      switch self {
      case .i32: "i32"
      case .i64: "i64"
      case .f32: "f32"
      case .f64: "f64"
      case .other: "reference or vector"
      }
    }
  }

  var parameters: [Value]
  var results: [Value]

  /// From letters: `i` and `I` are i32 and i64, `F` is f64.
  init(_ parameters: String, _ results: String = "") {
    func values(_ letters: String) -> [Value] {
      letters.map { $0 == "I" ? .i64 : $0 == "F" ? .f64 : .i32 }
    }
    self.parameters = values(parameters)
    self.results = values(results)
  }

  init(parameters: [Value], results: [Value]) {
    self.parameters = parameters
    self.results = results
  }

  var description: String {
    func list(_ values: [Value]) -> String { "(" + values.map(\.name).joined(separator: ", ") + ")" }
    return "\(list(parameters)) -> \(list(results))"
  }

  /// A type for wasmtime; the caller deletes it.
  func makeType() -> OpaquePointer? {
    func vector(_ values: [Value]) -> wasm_valtype_vec_t {
      var vector = wasm_valtype_vec_t()
      let types = values.map { wasm_valtype_new($0.rawValue) }
      types.withUnsafeBufferPointer { wasm_valtype_vec_new(&vector, $0.count, $0.baseAddress) }
      return vector
    }
    var (taken, given) = (vector(parameters), vector(results))
    return wasm_functype_new(&taken, &given)
  }
}
