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
  private let module: OpaquePointer
  /// What the linked callbacks point to.
  private let functions: [LinkedFunction]

  /// Takes `module` over.
  init(
    _ module: OpaquePointer, engine: Engine, shape: ModuleShape, functions: HostFunctions, digest: String,
    byteCount: Int
  ) throws(GuestTrouble) {
    do throws(GuestTrouble) {
      let chosen = try functions.chosen(for: shape)
      linked = try Self.link(module, engine, chosen)
      self.functions = chosen.map(\.function)
    } catch {
      wasmtime_module_delete(module)
      throw error
    }
    self.engine = engine
    self.module = module
    self.shape = shape
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

/// What a module imports and exports.
struct ModuleShape: Sendable {
  struct Import: Hashable, Sendable {
    var module: String
    var name: String
    /// `nil` for what is no function.
    var signature: Signature?

    var fullName: String { module + "." + name }
  }

  enum Item: Hashable, Sendable {
    case function(Signature)
    /// Bytes that it has at its start.
    case memory(Int)
    case other
  }

  struct Export: Hashable, Sendable {
    var name: String
    var item: Item
  }

  var imports: [Import]
  var exports: [Export]

  init(_ module: OpaquePointer) {
    var types = wasm_importtype_vec_t()
    wasmtime_module_imports(module, &types)
    imports = (0..<types.size).compactMap { index in types.data?[index].flatMap(Self.item(importing:)) }
    wasm_importtype_vec_delete(&types)
    var given = wasm_exporttype_vec_t()
    wasmtime_module_exports(module, &given)
    exports = (0..<given.size).compactMap { index in given.data?[index].flatMap(Self.item(exporting:)) }
    wasm_exporttype_vec_delete(&given)
  }

  func export(_ name: String) -> Item? { exports.first { $0.name == name }?.item }

  var memoryBytes: Int {
    if case .memory(let bytes) = export("memory") { bytes } else { 0 }
  }

  private static func item(importing type: OpaquePointer) -> Import? {
    guard let module = wasm_importtype_module(type), let name = wasm_importtype_name(type),
      let item = wasm_importtype_type(type)
    else { return nil }
    return Import(module: module.pointee.text, name: name.pointee.text, signature: signature(item))
  }

  private static func item(exporting type: OpaquePointer) -> Export? {
    guard let name = wasm_exporttype_name(type), let item = wasm_exporttype_type(type) else { return nil }
    if let signature = signature(item) { return Export(name: name.pointee.text, item: .function(signature)) }
    if let memory = wasm_externtype_as_memorytype_const(item), let limits = wasm_memorytype_limits(memory) {
      return Export(name: name.pointee.text, item: .memory(Int(limits.pointee.min) * 65536))
    }
    return Export(name: name.pointee.text, item: .other)
  }

  private static func signature(_ item: OpaquePointer) -> Signature? {
    guard Int(wasm_externtype_kind(item)) == CWASM_EXTERN_FUNC else { return nil }
    return wasm_externtype_as_functype_const(item).map { Signature($0) }
  }
}
