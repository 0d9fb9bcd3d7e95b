import CWasmtime
import Domain

/// One call of the host by a module: its arguments, read in order, and the module's memory. Nothing that the module says
/// about its memory is believed.
///
/// Holds nothing that is counted: threads that run one module would take turns at its counters.
struct HostFrame {
  let caller: OpaquePointer
  let context: OpaquePointer
  let values: UnsafeMutablePointer<wasmtime_val_raw_t>
  private let function: Unmanaged<LinkedFunction>
  private let owner: Unmanaged<GuestState>
  private var next = 0

  init(
    caller: OpaquePointer, context: OpaquePointer, values: UnsafeMutablePointer<wasmtime_val_raw_t>,
    function: Unmanaged<LinkedFunction>, state: Unmanaged<GuestState>
  ) {
    self.caller = caller
    self.context = context
    self.values = values
    self.function = function
    owner = state
  }

  var state: GuestState { owner.takeUnretainedValue() }
  var host: HostCalls { owner._withUnsafeGuaranteedRef { $0.host } }
  var parameterCount: Int { function._withUnsafeGuaranteedRef { $0.parameterCount } }
  /// Its one result is an i64.
  var givesWide: Bool { function._withUnsafeGuaranteedRef { $0.givesWide } }
  var resultCount: Int { function._withUnsafeGuaranteedRef { $0.resultCount } }

  // MARK: arguments

  var parametersLeft: Int { parameterCount - next }

  mutating func int32() -> Int32 {
    defer { next += 1 }
    return values[next].i32
  }

  /// An i32 or an i64, as the module declared it.
  mutating func integer() -> Int64 {
    defer { next += 1 }
    return isWide(next) ? values[next].i64 : Int64(values[next].i32)
  }

  private func isWide(_ parameter: Int) -> Bool {
    function._withUnsafeGuaranteedRef { $0.wideParameters & (1 << UInt32(parameter)) != 0 }
  }

  mutating func double() -> Double {
    defer { next += 1 }
    return values[next].f64
  }

  /// Addresses and lengths have no sign.
  mutating func unsigned() -> Int { Int(UInt32(bitPattern: int32())) }

  /// A name, which must be UTF-8.
  mutating func name(_ what: String) throws(GuestTrouble) -> String {
    let range = try bytes(what)
    guard let text = String(validating: range, as: UTF8.self) else {
      throw GuestTrouble(.trap, "The code handed a \(what) that is not UTF-8.")
    }
    return text
  }

  /// A message: what is not UTF-8 in it is shown as �. `limit` spares the copying of what is cut anyway.
  mutating func message(_ what: String, limit: Int) throws(GuestTrouble) -> String {
    let range = try bytes(what)
    return String(decoding: range.prefix(limit + 4), as: UTF8.self)
  }

  /// The bytes that an address and a length stand for.
  mutating func bytes(_ what: String) throws(GuestTrouble) -> UnsafeMutableRawBufferPointer {
    let address = unsigned()
    return try bytes(at: address, count: unsigned(), what)
  }

  // MARK: memory

  func bytes(at address: Int, count: Int, _ what: String) throws(GuestTrouble) -> UnsafeMutableRawBufferPointer {
    // Several languages point an empty slice anywhere.
    if count == 0 { return UnsafeMutableRawBufferPointer(start: nil, count: 0) }
    var memory = try memory()
    let size = wasmtime_memory_data_size(context, &memory)
    guard address <= size, count <= size - address, let base = wasmtime_memory_data(context, &memory) else {
      throw GuestTrouble(
        .trap,
        "The code handed a \(what) at address \(address) of \(count) bytes, which lies outside its memory of \(size) bytes."
      )
    }
    return UnsafeMutableRawBufferPointer(start: base + address, count: count)
  }

  /// Room for `count` bytes in memory that is added at the end.
  func grow(for count: Int) throws(GuestTrouble) -> (address: Int, bytes: UnsafeMutableRawBufferPointer) {
    if count == 0 { return (0, UnsafeMutableRawBufferPointer(start: nil, count: 0)) }
    var memory = try memory()
    var previous: UInt64 = 0
    if let error = wasmtime_memory_grow(context, &memory, UInt64((count + 65535) / 65536), &previous) {
      wasmtime_error_delete(error)
      throw GuestTrouble(
        .memory,
        "There is no room for \(Words.bytes(count)) of data in the code's memory, which may have "
          + "\(Words.bytes(host.limits.memoryBytes)). Raise the checker's memory limit, declare the memory without a "
          + "maximum, or ask for less data.")
    }
    let address = Int(previous) * 65536
    return (address, try bytes(at: address, count: count, "buffer"))
  }

  func memory() throws(GuestTrouble) -> wasmtime_memory_t {
    if let memory = state.memory { return memory }
    // A start function runs before the instance is known.
    var item = wasmtime_extern_t()
    guard wasmtime_caller_export_get(caller, "memory", 6, &item), Int(item.kind) == CWASM_EXTERN_MEMORY else {
      throw GuestTrouble(.invalidModule, "The module does not export 'memory'.")
    }
    state.memory = item.of.memory
    return item.of.memory
  }

  // MARK: results

  func give(_ value: Int32, at index: Int = 0) { values[index].i32 = value }
  func give(_ value: Int64) { values[0].i64 = value }
  func give(_ value: Double) { values[0].f64 = value }

  /// An i32 if the module wants one.
  func giveIfWanted(_ value: Int32) {
    if resultCount > 0 { give(value) }
  }

  // MARK: giving bytes

  /// Hands bytes over in the way that the module's declaration asks for: with a buffer and its size among the arguments,
  /// copies them when they fit and gives how many there are; without, adds memory and gives address and length.
  mutating func hand(_ bytes: [UInt8], counting name: String? = nil) throws(GuestTrouble) {
    try hand(count: bytes.count, counting: name) { $0.copyBytes(from: bytes) }
  }

  mutating func hand(
    count: Int, counting name: String?, write: (UnsafeMutableRawBufferPointer) -> Void
  ) throws(GuestTrouble) {
    guard count <= Int(Int32.max) else { throw host.tooMuchData(name ?? "") }
    if resultCount == 2 {
      if let name { try host.copying(count, of: name) }
      let room = try grow(for: count)
      if count > 0 { write(room.bytes) }
      give(Int32(bitPattern: UInt32(room.address)), at: 0)
      give(Int32(count), at: 1)
      return
    }
    let address = unsigned()
    let capacity = unsigned()
    let target = try bytes(at: address, count: capacity, "buffer")
    if capacity >= count, count > 0 {
      if let name { try host.copying(count, of: name) }
      write(UnsafeMutableRawBufferPointer(rebasing: target[..<count]))
    }
    give(Int32(count))
  }
}
