import CWasmtime
import Domain

/// A component, compiled and linked. Any number of threads can run it at once.
///
/// `@unchecked Sendable`: wasmtime's components and linkers may be read from any thread; nothing here changes.
final class CompiledComponent: @unchecked Sendable {
  let engine: Engine
  let description: ModuleDescription
  let component: OpaquePointer
  let linker: OpaquePointer
  let export: OpaquePointer
  /// What the linked callbacks point to.
  private let functions: [ComponentFunction]

  /// Takes `component` over. Throws what it imports that `functions` do not have, or that `export` is missing.
  init(
    _ component: OpaquePointer, engine: Engine, functions: [ComponentFunction], export: String, digest: String,
    byteCount: Int
  ) throws(GuestTrouble) {
    let (imports, exports) = Self.names(component, engine)
    do throws(GuestTrouble) {
      let unknown = imports.filter { name in !functions.contains { $0.name == name } }
      guard unknown.isEmpty else { throw Self.refusal(unknown, functions) }
      guard let index = wasmtime_component_get_export_index(component, nil, export, export.utf8.count) else {
        throw GuestTrouble(.invalidModule, "The component cannot be run: it does not export the function '\(export)'.")
      }
      self.export = index
      linker = try Self.link(functions.filter { imports.contains($0.name) }, engine)
    } catch {
      wasmtime_component_delete(component)
      throw error
    }
    self.engine = engine
    self.component = component
    self.functions = functions
    description = ModuleDescription(
      digest: digest, byteCount: byteCount, imports: imports, exports: exports, isComponent: true)
  }

  deinit {
    wasmtime_component_linker_delete(linker)
    wasmtime_component_export_index_delete(export)
    wasmtime_component_delete(component)
  }

  private static func refusal(_ unknown: [String], _ functions: [ComponentFunction]) -> GuestTrouble {
    let shown = unknown.prefix(8).map { name in
      "it imports '\(name)', which the sandbox does not have"
        + (Spelling.nearest(to: name, among: functions.map(\.name)).map { ": did you mean '\($0)'?" } ?? "")
    }
    return GuestTrouble(.invalidModule, "The component cannot be run: \(shown.joined(separator: "; ")).")
  }

  private static func link(_ functions: [ComponentFunction], _ engine: Engine) throws(GuestTrouble) -> OpaquePointer {
    guard let linker = wasmtime_component_linker_new(engine.pointer),
      let root = wasmtime_component_linker_root(linker)
    else { throw GuestTrouble(.host, "The component could not be linked.") }
    defer { wasmtime_component_linker_instance_delete(root) }
    for function in functions {
      let error = wasmtime_component_linker_instance_add_func(
        root, function.name, function.name.utf8.count, ComponentFunction.callback,
        Unmanaged.passUnretained(function).toOpaque(), nil)
      if let error {
        let fault = EngineFault(consuming: error)
        throw GuestTrouble(.host, "The component could not be linked: \(fault.cause).")
      }
    }
    return linker
  }

  /// What the component imports and exports, by name.
  private static func names(_ component: OpaquePointer, _ engine: Engine) -> (imports: [String], exports: [String]) {
    guard let type = wasmtime_component_type(component) else { return ([], []) }
    defer { wasmtime_component_type_delete(type) }
    func list(
      _ count: Int,
      _ nth: (Int, inout UnsafePointer<CChar>?, inout Int, inout OpaquePointer?) -> Bool
    ) -> [String] {
      (0..<count).compactMap { index in
        var name: UnsafePointer<CChar>?
        var size = 0
        var item: OpaquePointer?
        guard nth(index, &name, &size, &item), let name else { return nil }
        defer { if let item { wasmtime_component_extern_delete(item) } }
        return name.withMemoryRebound(to: UInt8.self, capacity: size) {
          String(decoding: UnsafeBufferPointer(start: $0, count: size), as: UTF8.self)
        }
      }
    }
    let imports = list(wasmtime_component_type_import_count(type, engine.pointer)) {
      wasmtime_component_type_import_nth(type, engine.pointer, $0, &$1, &$2, &$3)
    }
    let exports = list(wasmtime_component_type_export_count(type, engine.pointer)) {
      wasmtime_component_type_export_nth(type, engine.pointer, $0, &$1, &$2, &$3)
    }
    return (imports, exports)
  }
}

/// One run of a component, on the current thread.
enum ComponentRun {
  /// Runs the export without arguments.
  static func report(_ component: CompiledComponent, _ host: HostCalls) -> GuestReport {
    call(component, host, [], results: 0) { _ in nil }
  }

  /// Calls the export in an instance of its own; `conclude` makes trouble of what it gives.
  static func call(
    _ component: CompiledComponent, _ host: HostCalls, _ arguments: [ComponentValue], results: Int,
    conclude: (ComponentValue?) -> GuestTrouble?
  ) -> GuestReport {
    do throws(GuestTrouble) {
      if let trouble = host.reasonToStop() { throw trouble }
      let store = try GuestStore(engine: component.engine, host: host, shape: .component)
      var trouble: GuestTrouble?
      do throws(EngineFault) {
        trouble = conclude(try result(component, store, arguments, results))
      } catch {
        trouble = store.trouble(error)
      }
      host.leave(store)
      return host.report(trouble: trouble, fuel: store.usedFuel)
    } catch {
      return host.report(trouble: error, fuel: 0)
    }
  }

  private static func result(
    _ component: CompiledComponent, _ store: GuestStore, _ arguments: [ComponentValue], _ results: Int
  ) throws(EngineFault) -> ComponentValue? {
    var instance = wasmtime_component_instance_t()
    try EngineFault.check(
      wasmtime_component_linker_instantiate(component.linker, store.context, component.component, &instance))
    var function = wasmtime_component_func_t()
    guard wasmtime_component_instance_get_func(&instance, store.context, component.export, &function) else {
      throw EngineFault(text: "the export is not a function")
    }
    var values = arguments.map { $0.make() }
    defer { for index in values.indices { wasmtime_component_val_delete(&values[index]) } }
    var given = [wasmtime_component_val_t](repeating: wasmtime_component_val_t(), count: results)
    try EngineFault.check(
      wasmtime_component_func_call(&function, store.context, values, values.count, &given, given.count))
    defer { for index in given.indices { wasmtime_component_val_delete(&given[index]) } }
    return given.first.map { ComponentValue($0) }
  }
}

extension EngineFault {
  init(text: String) { self.text = text }
}
