import CWasmtime
import Domain

/// A module, compiled and linked with the host functions that it imports: any number of threads can run it at once.
///
/// `@unchecked Sendable`: wasmtime's modules and linked modules may be used from any thread; nothing here changes.
final class CompiledModule: @unchecked Sendable {
  let engine: Engine
  let description: ModuleDescription
  let shape: ModuleShape
  let linked: OpaquePointer
  /// The exported functions that take and give nothing.
  let entryPoints: [String]
  private let module: OpaquePointer
  /// What the linked callbacks point to.
  private let functions: [LinkedFunction]

  /// Takes `module` over.
  init(
    _ module: OpaquePointer, engine: Engine, shape: ModuleShape, functions: [HostFunctions.Chosen], digest: String,
    byteCount: Int
  ) throws(GuestTrouble) {
    do throws(GuestTrouble) {
      linked = try Self.link(module, engine, functions)
    } catch {
      wasmtime_module_delete(module)
      throw error
    }
    self.engine = engine
    self.module = module
    self.shape = shape
    entryPoints = shape.exports.filter { $0.item == .function(Signature("")) }.map(\.name)
    self.functions = functions.map(\.function)
    description = ModuleDescription(
      digest: digest, byteCount: byteCount, imports: shape.imports.map(\.fullName),
      exports: shape.exports.map(\.name), isComponent: false)
  }

  deinit {
    wasmtime_instance_pre_delete(linked)
    wasmtime_module_delete(module)
  }

  private static func link(
    _ module: OpaquePointer, _ engine: Engine, _ functions: [HostFunctions.Chosen]
  ) throws(GuestTrouble) -> OpaquePointer {
    guard let linker = wasmtime_linker_new(engine.pointer) else {
      throw GuestTrouble(.host, "The module could not be linked.")
    }
    defer { wasmtime_linker_delete(linker) }
    do throws(EngineFault) {
      for chosen in functions {
        guard let type = chosen.function.signature.makeType() else { continue }
        defer { wasm_functype_delete(type) }
        try EngineFault.check(
          wasmtime_linker_define_func_unchecked(
            linker, chosen.module, chosen.module.utf8.count, chosen.name, chosen.name.utf8.count, type,
            LinkedFunction.callback, Unmanaged.passUnretained(chosen.function).toOpaque(), nil))
      }
      var pre: OpaquePointer?
      try EngineFault.check(wasmtime_linker_instantiate_pre(linker, module, &pre))
      if let pre { return pre }
    } catch {
      throw GuestTrouble(.invalidModule, "The module cannot be linked: \(error.cause).")
    }
    throw GuestTrouble(.host, "The module could not be linked.")
  }
}
