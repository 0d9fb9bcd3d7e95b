import CWasmtime
import Domain

/// wasmtime's engine as every guest gets it: bounded in memory and time, without threads, files or clocks.
///
/// `@unchecked Sendable`: wasmtime's engines may be used from any thread at once.
final class Engine: @unchecked Sendable {
  let pointer: OpaquePointer
  let ticker: EpochTicker

  /// Changes whenever code that was compiled before must not be loaded again.
  static let configurationName = "fuel-epoch-1"

  /// Bytes of the guest's own stack: deep recursion ends here, long before the thread's stack does.
  static let stackBytes = 1 << 20

  /// - Parameters:
  ///   - guests: how many run at once.
  ///   - keptBytes: how much of a memory stays with its place in the pool when a guest ends, to be set back by copying
  ///     in place of being given back to the system and faulted in again.
  init(guests: Int, keptBytes: Int) throws(GuestTrouble) {
    guard let configuration = wasm_config_new() else { throw Engine.failed }
    wasmtime_config_consume_fuel_set(configuration, true)
    wasmtime_config_epoch_interruption_set(configuration, true)
    wasmtime_config_max_wasm_stack_set(configuration, Self.stackBytes)
    wasmtime_config_memory_init_cow_set(configuration, true)
    wasmtime_config_wasm_component_model_set(configuration, true)
    wasmtime_config_wasm_relaxed_simd_deterministic_set(configuration, true)
    for refuse in [
      wasmtime_config_wasm_threads_set, wasmtime_config_shared_memory_set, wasmtime_config_wasm_gc_set,
      wasmtime_config_wasm_function_references_set, wasmtime_config_wasm_exceptions_set,
      wasmtime_config_wasm_multi_memory_set, wasmtime_config_wasm_memory64_set,
      wasmtime_config_wasm_custom_page_sizes_set, wasmtime_config_wasm_compact_imports_set,
      wasmtime_config_wasm_stack_switching_set,
    ] {
      refuse(configuration, false)
    }
    Self.addPool(to: configuration, guests: UInt32(guests), keptBytes: keptBytes)
    guard let engine = wasm_engine_new_with_config(configuration) else { throw Engine.failed }
    pointer = engine
    ticker = EpochTicker(engine)
  }

  deinit {
    ticker.stop()
    wasm_engine_delete(pointer)
  }

  /// Instances come out of a pool that was reserved once: starting one then takes microseconds, on any number of
  /// threads. A component of many modules (Python) takes several instances and tables, and one memory.
  private static func addPool(to configuration: OpaquePointer, guests: UInt32, keptBytes: Int) {
    guard let pool = wasmtime_pooling_allocation_config_new() else { return }
    defer { wasmtime_pooling_allocation_config_delete(pool) }
    wasmtime_pooling_allocation_config_total_memories_set(pool, guests * 2)
    wasmtime_pooling_allocation_config_total_core_instances_set(pool, guests * 100)
    wasmtime_pooling_allocation_config_total_component_instances_set(pool, guests * 2)
    wasmtime_pooling_allocation_config_total_tables_set(pool, guests * 16)
    wasmtime_pooling_allocation_config_max_tables_per_module_set(pool, 4)
    wasmtime_pooling_allocation_config_max_memory_size_set(pool, maxMemoryBytes)
    wasmtime_pooling_allocation_config_table_elements_set(pool, maxTableElements)
    wasmtime_pooling_allocation_config_max_core_instance_size_set(pool, 4 << 20)
    wasmtime_pooling_allocation_config_max_component_instance_size_set(pool, 8 << 20)
    wasmtime_pooling_allocation_config_linear_memory_keep_resident_set(pool, keptBytes)
    wasmtime_pooling_allocation_config_table_keep_resident_set(pool, 16 << 10)
    wasmtime_pooling_allocation_strategy_set(configuration, pool)
  }

  /// What no limit can exceed.
  static let maxMemoryBytes = 1 << 30
  static let maxTableElements = 60_000

  private static let failed = GuestTrouble(
    .host, "The WebAssembly engine could not be started. It reserves much address space: is 'ulimit -v' set?")
}
