import CWasmtime
import Dispatch
import Domain
import Synchronization

/// Users' modules, compiled: each once, one at a time, and never on a thread that serves requests.
final class ModuleLibrary: Sendable {
  /// What a program comes to: a linked module or component, or why there is none.
  typealias Outcome = Result<Program, GuestTrouble>

  enum Program: Sendable {
    case module(CompiledModule)
    case component(CompiledComponent)

    var description: ModuleDescription {
      switch self {
      case .module(let module): module.description
      case .component(let component): component.description
      }
    }
  }

  private struct Entry {
    var outcome: Outcome
    var use: UInt64
  }

  private struct State {
    var entries: [String: Entry] = [:]
    var waiting: [String: [CheckedContinuation<Outcome, Never>]] = [:]
    /// Bytes that came before, by where they are: they are kept, so nothing else can be there.
    var seen: [UInt: (bytes: [UInt8], digest: String)] = [:]
    var uses: UInt64 = 0
  }

  private static let capacity = 64

  private let cache: CodeCache?
  private let engine: @Sendable () throws(GuestTrouble) -> Engine
  private let queue = DispatchQueue(label: "sandbox-compile", qos: .utility)
  private let state = Mutex(State())

  init(cache: CodeCache?, engine: @escaping @Sendable () throws(GuestTrouble) -> Engine) {
    self.cache = cache
    self.engine = engine
  }

  /// The program of `bytes`, at once when it is known already.
  func known(_ bytes: [UInt8]) -> Program? {
    let place = bytes.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
    return state.withLock { state in
      guard let seen = state.seen[place], seen.bytes.count == bytes.count else { return nil }
      return Self.use(seen.digest, &state).flatMap { try? $0.get() }
    }
  }

  /// The program of `bytes`; compiles it when it is new.
  func program(_ bytes: [UInt8], limits: GuestLimits) async throws(GuestTrouble) -> Program {
    if bytes.count > limits.moduleBytes { throw ModuleBytes.tooLarge(bytes.count, limits) }
    if let known = known(bytes) { return known }
    let digest = ModuleBytes.digest(of: bytes)
    let outcome = await withCheckedContinuation { continuation in
      let (known, isFirst) = state.withLock { state -> (Outcome?, Bool) in
        if let known = Self.use(digest, &state) {
          Self.remember(bytes, digest, &state)
          return (known, false)
        }
        state.waiting[digest, default: []].append(continuation)
        return (nil, state.waiting[digest]?.count == 1)
      }
      if let known {
        continuation.resume(returning: known)
      } else if isFirst {
        queue.async { self.finish(bytes, digest, self.compiled(bytes, digest, limits)) }
      }
    }
    return try outcome.get()
  }

  private static func use(_ digest: String, _ state: inout State) -> Outcome? {
    state.uses += 1
    state.entries[digest]?.use = state.uses
    return state.entries[digest]?.outcome
  }

  private static func remember(_ bytes: [UInt8], _ digest: String, _ state: inout State) {
    let place = bytes.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
    if state.seen.count >= capacity { state.seen.removeAll() }
    state.seen[place] = (bytes, digest)
  }

  private func finish(_ bytes: [UInt8], _ digest: String, _ outcome: Outcome) {
    let waiting = state.withLock { state in
      // What failed may work the next time: another limit, a library that was put in place.
      if case .success = outcome {
        state.uses += 1
        if state.entries.count >= Self.capacity, let oldest = state.entries.min(by: { $0.value.use < $1.value.use }) {
          state.entries[oldest.key] = nil
        }
        state.entries[digest] = Entry(outcome: outcome, use: state.uses)
        Self.remember(bytes, digest, &state)
      }
      return state.waiting.removeValue(forKey: digest) ?? []
    }
    for continuation in waiting { continuation.resume(returning: outcome) }
  }

  // MARK: compiling

  private func compiled(_ bytes: [UInt8], _ digest: String, _ limits: GuestLimits) -> Outcome {
    do throws(GuestTrouble) {
      let kind = try ModuleBytes.kind(of: bytes, limits: limits)
      let engine = try engine()
      guard kind == .text else { return .success(try make(bytes, kind, digest, bytes.count, engine)) }
      let binary = try ModuleBytes.assembled(bytes)
      return .success(try make(binary, try ModuleBytes.kind(of: binary, limits: limits), digest, bytes.count, engine))
    } catch {
      return .failure(error)
    }
  }

  private func make(
    _ binary: [UInt8], _ kind: ModuleBytes.Kind, _ digest: String, _ byteCount: Int, _ engine: Engine
  ) throws(GuestTrouble) -> Program {
    if kind == .component {
      let component = try Self.loaded(binary, digest, .component, engine, cache)
      return .component(
        try CompiledComponent(
          component, engine: engine, functions: ComponentFunctions.checks, export: "check", digest: digest,
          byteCount: byteCount))
    }
    return .module(
      try Self.module(
        binary, engine: engine, functions: .modules, exports: HostFunctions.checkExports, cache: cache, digest: digest,
        byteCount: byteCount))
  }

  /// A module with the given host functions; refuses what it must not import before compiling it.
  static func module(
    _ binary: [UInt8], engine: Engine, functions: HostFunctions, exports: [HostFunctions.Required], cache: CodeCache?,
    digest: String, byteCount: Int
  ) throws(GuestTrouble) -> CompiledModule {
    if let error = wasmtime_module_validate(engine.pointer, binary, binary.count) {
      throw GuestTrouble(.invalidModule, "The module is not valid: \(EngineFault(consuming: error).cause).")
    }
    guard let shape = ModuleShape(binary) else {
      throw GuestTrouble(.invalidModule, "The module uses a part of WebAssembly that the sandbox does not have.")
    }
    let chosen = try functions.chosen(for: shape, exports: exports)
    return try CompiledModule(
      try loaded(binary, digest, .module, engine, cache), engine: engine, shape: shape, functions: chosen,
      digest: digest, byteCount: byteCount)
  }

  /// Machine code of `binary`, out of the cache or newly compiled. The caller takes it over.
  static func loaded(
    _ binary: [UInt8], _ digest: String, _ kind: ModuleBytes.Kind, _ engine: Engine, _ cache: CodeCache?
  ) throws(GuestTrouble) -> OpaquePointer {
    let isComponent = kind == .component
    let path = cache?.path(digest: digest, kind: isComponent ? "component" : "module")
    var code: OpaquePointer?
    if let cache, let path, cache.has(path) {
      let error =
        isComponent
        ? wasmtime_component_deserialize_file(engine.pointer, path, &code)
        : wasmtime_module_deserialize_file(engine.pointer, path, &code)
      if error == nil, let code { return code }
      if let error { wasmtime_error_delete(error) }
      cache.drop(path)
    }
    do throws(EngineFault) {
      try EngineFault.check(
        isComponent
          ? wasmtime_component_new(engine.pointer, binary, binary.count, &code)
          : wasmtime_module_new(engine.pointer, binary, binary.count, &code))
    } catch {
      throw GuestTrouble(.invalidModule, "The module is not valid: \(error.cause).")
    }
    guard let code else { throw GuestTrouble(.host, "The module could not be compiled.") }
    if let cache, let path { keep(code, isComponent, at: path, in: cache) }
    return code
  }

  private static func keep(_ code: OpaquePointer, _ isComponent: Bool, at path: String, in cache: CodeCache) {
    var bytes = wasm_byte_vec_t()
    let error =
      isComponent ? wasmtime_component_serialize(code, &bytes) : wasmtime_module_serialize(code, &bytes)
    if let error {
      wasmtime_error_delete(error)
      return
    }
    cache.keep(bytes, at: path)
    wasm_byte_vec_delete(&bytes)
  }
}
