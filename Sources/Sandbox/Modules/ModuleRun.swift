import CWasmtime
import Domain

/// One run of a module, on the current thread.
enum ModuleRun {
  /// - Parameter exports: functions of type () -> () that are called in turn, those that there are.
  static func report(_ module: CompiledModule, _ host: HostCalls, exports: [String] = ["_initialize", "check"])
    -> GuestReport
  {
    do throws(GuestTrouble) {
      if let trouble = host.reasonToStop() { throw trouble }
      try requireMemory(module.shape.memoryBytes, host.limits)
      let store = try GuestStore(engine: module.engine, host: host, shape: .module)
      let trouble = trouble(of: module, in: store, exports)
      store.noteMemory()
      host.leave(store)
      return host.report(trouble: trouble, fuel: store.usedFuel)
    } catch {
      return host.report(trouble: error, fuel: 0)
    }
  }

  private static func requireMemory(_ bytes: Int, _ limits: GuestLimits) throws(GuestTrouble) {
    let limit = min(limits.memoryBytes, Engine.maxMemoryBytes)
    guard bytes <= limit else {
      throw GuestTrouble(
        .memory,
        "The module asks for \(Words.bytes(bytes)) of memory at its start, more than the limit of \(Words.bytes(limit)). "
          + "Raise the checker's memory limit, or link the module with less.")
    }
  }

  private static func trouble(of module: CompiledModule, in store: GuestStore, _ exports: [String]) -> GuestTrouble? {
    do throws(EngineFault) {
      var instance = wasmtime_instance_t()
      var trap: OpaquePointer?
      try EngineFault.check(wasmtime_instance_pre_instantiate(module.linked, store.context, &instance, &trap))
      if let trap { throw EngineFault(consumingTrap: trap) }
      store.findMemory(of: &instance)
      for name in exports {
        guard module.entryPoints.contains(name) else { continue }
        var item = wasmtime_extern_t()
        guard wasmtime_instance_export_get(store.context, &instance, name, name.utf8.count, &item) else { continue }
        try EngineFault.check(wasmtime_func_call(store.context, &item.of.func, nil, 0, nil, 0, &trap))
        if let trap { throw EngineFault(consumingTrap: trap) }
      }
      return nil
    } catch {
      store.noteMemory()
      if store.state.exitStatus == 0 { return nil }
      return store.trouble(error)
    }
  }
}

extension GuestStore {
  func findMemory(of instance: inout wasmtime_instance_t) {
    var item = wasmtime_extern_t()
    if wasmtime_instance_export_get(context, &instance, "memory", 6, &item), Int(item.kind) == CWASM_EXTERN_MEMORY {
      state.memory = item.of.memory
    }
  }

  /// Memory never shrinks, so what the guest has at its end is the most that it had.
  func noteMemory() {
    guard var memory = state.memory else { return }
    host.memoryBytes = wasmtime_memory_data_size(context, &memory)
  }
}
