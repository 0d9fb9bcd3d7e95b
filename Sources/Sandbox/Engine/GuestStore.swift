import CWasmtime
import Domain

/// What wasmtime's callbacks find a run by.
final class GuestState {
  let host: HostCalls
  /// The guest's memory, once its module is instantiated.
  var memory: wasmtime_memory_t?
  /// What an old module gave to `proc_exit`, which ends it.
  var exitStatus: Int32?
  /// Cursors over rows that a module has open.
  var cursors: [RowCursor] = []

  init(_ host: HostCalls) { self.host = host }
}

/// One guest's world: its memory, its limits, and the host that answers it. Used on one thread, then thrown away.
final class GuestStore {
  /// What a guest may have of the engine's things; components are made of several modules.
  struct Shape {
    var instances: Int64
    var tables: Int64
    var memories: Int64

    static let module = Shape(instances: 1, tables: 4, memories: 1)
    static let component = Shape(instances: 100, tables: 100, memories: 4)
  }

  let state: GuestState
  let context: OpaquePointer
  private let store: OpaquePointer
  private let engine: Engine

  /// The engine's fuel before the first instruction.
  private static let allFuel = UInt64(Int64.max)

  init(engine: Engine, host: HostCalls, shape: Shape) throws(GuestTrouble) {
    let state = GuestState(host)
    let data = Unmanaged.passUnretained(state).toOpaque()
    // The store needs no finalizer: `state` lives as long as this object, which outlives the store.
    guard let store = wasmtime_store_new(engine.pointer, data, nil),
      let context = wasmtime_store_context(store)
    else { throw GuestTrouble(.host, "The sandbox has no room for another guest.") }
    self.engine = engine
    self.state = state
    self.store = store
    self.context = context
    let memory = min(host.task.limits.memoryBytes, Engine.maxMemoryBytes)
    wasmtime_store_limiter(
      store, Int64(memory), Int64(Engine.maxTableElements), shape.instances, shape.tables, shape.memories)
    wasmtime_store_epoch_deadline_callback(store, Self.atEpoch, data, nil)
    wasmtime_context_set_epoch_deadline(context, 1)
    if let error = wasmtime_context_set_fuel(context, Self.allFuel) { wasmtime_error_delete(error) }
    engine.ticker.begin()
  }

  deinit {
    engine.ticker.end()
    wasmtime_store_delete(store)
  }

  var usedFuel: UInt64 {
    var left: UInt64 = 0
    if let error = wasmtime_context_get_fuel(context, &left) {
      wasmtime_error_delete(error)
      return 0
    }
    return Self.allFuel &- left
  }

  var host: HostCalls { state.host }

  /// The run that a callback of wasmtime belongs to.
  static func state(of context: OpaquePointer) -> GuestState? {
    unmanagedState(of: context)?.takeUnretainedValue()
  }

  static func unmanagedState(of context: OpaquePointer) -> Unmanaged<GuestState>? {
    wasmtime_context_get_data(context).map { Unmanaged.fromOpaque($0) }
  }

  /// Runs at each tick in which the guest is at work.
  private static let atEpoch: cwasmtime_epoch_callback = { _, data, delta, kind in
    guard let data else { return wasmtime_error_new("stopped") }
    let host = Unmanaged<GuestState>.fromOpaque(data).takeUnretainedValue().host
    if let trouble = host.reasonToStop() {
      host.stop(trouble)
      return wasmtime_error_new("stopped")
    }
    delta?.pointee = 1
    kind?.pointee = 0
    return nil
  }

  /// What a fault of the engine means for the user. What the host itself stopped the guest for comes first.
  func trouble(_ fault: EngineFault) -> GuestTrouble {
    if let trouble = host.stopped { return trouble }
    let limit = host.task.limits.memoryBytes
    switch fault.trap {
    case .stackOverflow:
      return GuestTrouble(
        .stack,
        "The code called itself too deeply: the stack of \(Words.bytes(Engine.stackBytes)) is used up. Turn the "
          + "recursion into a loop.", traceback: fault.backtrace)
    case .unreachable where host.memoryBytes > limit / 2:
      return GuestTrouble(
        .memory,
        "The code gave up while it held \(Words.bytes(host.memoryBytes)) of memory; more than \(Words.bytes(limit)) is "
          + "refused. Raise the checker's memory limit, or read less data at a time.", traceback: fault.backtrace)
    case .unreachable:
      return GuestTrouble(
        .trap,
        "The code stopped: \(TrapCode.unreachable.sentence). A request for more memory than \(Words.bytes(limit)) is "
          + "refused, and ends so in some languages.", traceback: fault.backtrace)
    case .some(let code):
      return GuestTrouble(.trap, "The code stopped: \(code.sentence).", traceback: fault.backtrace)
    case nil:
      return troubleByText(fault)
    }
  }

  /// Components report every fault as a plain error.
  private func troubleByText(_ fault: EngineFault) -> GuestTrouble {
    let text = fault.text
    if text.contains("call stack exhausted") {
      return GuestTrouble(
        .stack, "The code called itself too deeply: the stack of \(Words.bytes(Engine.stackBytes)) is used up.",
        traceback: fault.backtrace)
    }
    if text.contains("exceeds memory limits") || text.contains("memory minimum size") {
      return GuestTrouble(
        .memory,
        "The code asks for more memory at its start than the limit of \(Words.bytes(host.task.limits.memoryBytes)). "
          + "Raise the checker's memory limit, or link the code with less.")
    }
    if text.contains("maximum concurrent") {
      return GuestTrouble(.host, "The sandbox has no room for another guest: \(fault.cause).")
    }
    // What is left is the guest's doing: a trap of a component, a string that is none, a bad pointer.
    return GuestTrouble(.trap, "The code stopped: \(fault.cause).", traceback: fault.backtrace)
  }
}
