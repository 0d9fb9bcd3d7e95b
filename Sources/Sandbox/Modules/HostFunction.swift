import CWasmtime
import Domain

/// A function that the host gives to modules under one name, for each of the types that it may be imported with.
struct HostFunction: Sendable {
  typealias Body = @Sendable (inout HostFrame) throws(GuestTrouble) -> Void

  var name: String
  var signatures: [Signature]
  var body: Body

  init(_ name: String, _ signatures: [Signature], _ body: @escaping Body) {
    self.name = name
    self.signatures = signatures
    self.body = body
  }

  init(_ name: String, _ parameters: String, _ results: String = "", _ body: @escaping Body) {
    self.init(name, [Signature(parameters, results)], body)
  }
}

/// A host function as one module imports it. Lives as long as the module that is linked with it.
final class LinkedFunction: Sendable {
  let signature: Signature
  let parameterCount: Int
  let resultCount: Int
  /// Bit `i` is set when parameter `i` is an i64.
  let wideParameters: UInt32
  let givesWide: Bool
  let body: HostFunction.Body

  init(_ function: HostFunction, as signature: Signature) {
    self.signature = signature
    parameterCount = signature.parameters.count
    resultCount = signature.results.count
    wideParameters = signature.parameters.enumerated().reduce(0) { bits, parameter in
      parameter.element == .i64 ? bits | 1 << UInt32(parameter.offset) : bits
    }
    givesWide = signature.results == [.i64]
    body = function.body
  }

  /// What wasmtime calls, for every function.
  static let callback: wasmtime_func_unchecked_callback_t = { environment, caller, values, _ in
    guard let environment, let caller, let values, let context = wasmtime_caller_context(caller),
      let state = GuestStore.unmanagedState(of: context)
    else { return wasmtime_trap_new("stopped", 7) }
    let function = Unmanaged<LinkedFunction>.fromOpaque(environment)
    var frame = HostFrame(caller: caller, context: context, values: values, function: function, state: state)
    return function._withUnsafeGuaranteedRef { function in
      do throws(GuestTrouble) {
        try function.body(&frame)
        return nil
      } catch {
        frame.host.stop(error)
        return wasmtime_trap_new("stopped", 7)
      }
    }
  }
}
