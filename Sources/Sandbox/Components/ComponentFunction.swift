import CWasmtime
import Domain

/// A value between a component and the host, of the kinds that our interfaces use.
enum ComponentValue: Sendable {
  case string(String)
  /// UTF-8 that is a string to the component; spares a copy.
  case utf8([UInt8])
  case float64(Double)
  case signed64(Int64)
  case signed32(Int32)
  case unsigned32(UInt32)
  case boolean(Bool)
  case none
  indirect case some(ComponentValue)
  indirect case ok(ComponentValue?)
  indirect case error(ComponentValue?)
  case list([ComponentValue])
  /// A kind that no interface of ours has.
  case other

  /// Copies a value that stays wasmtime's.
  init(_ value: wasmtime_component_val_t) {
    switch Int(value.kind) {
    case CWASM_COMPONENT_STRING: self = .string(value.of.string.text)
    case CWASM_COMPONENT_F64: self = .float64(value.of.f64)
    case CWASM_COMPONENT_S64: self = .signed64(value.of.s64)
    case CWASM_COMPONENT_S32: self = .signed32(value.of.s32)
    case CWASM_COMPONENT_U32: self = .unsigned32(value.of.u32)
    case CWASM_COMPONENT_BOOL: self = .boolean(value.of.boolean)
    case CWASM_COMPONENT_OPTION: self = value.of.option.map { .some(ComponentValue($0.pointee)) } ?? .none
    case CWASM_COMPONENT_RESULT:
      let inner = value.of.result.val.map { ComponentValue($0.pointee) }
      self = value.of.result.is_ok ? .ok(inner) : .error(inner)
    case CWASM_COMPONENT_LIST:
      let list = value.of.list
      self = .list((0..<list.size).compactMap { index in list.data.map { ComponentValue($0[index]) } })
    default: self = .other
    }
  }

  /// A value that whoever takes it must delete.
  func make() -> wasmtime_component_val_t {
    var value = wasmtime_component_val_t()
    switch self {
    case .string(let text):
      value.kind = UInt8(CWASM_COMPONENT_STRING)
      var text = text
      text.withUTF8 { wasm_byte_vec_new(&value.of.string, $0.count, $0.baseAddress) }
    case .utf8(let bytes):
      value.kind = UInt8(CWASM_COMPONENT_STRING)
      bytes.withUnsafeBufferPointer { wasm_byte_vec_new(&value.of.string, $0.count, $0.baseAddress) }
    case .float64(let number): (value.kind, value.of.f64) = (UInt8(CWASM_COMPONENT_F64), number)
    case .signed64(let number): (value.kind, value.of.s64) = (UInt8(CWASM_COMPONENT_S64), number)
    case .signed32(let number): (value.kind, value.of.s32) = (UInt8(CWASM_COMPONENT_S32), number)
    case .unsigned32(let number): (value.kind, value.of.u32) = (UInt8(CWASM_COMPONENT_U32), number)
    case .boolean(let flag): (value.kind, value.of.boolean) = (UInt8(CWASM_COMPONENT_BOOL), flag)
    case .none, .other: value.kind = UInt8(CWASM_COMPONENT_OPTION)
    case .some(let inner):
      value.kind = UInt8(CWASM_COMPONENT_OPTION)
      value.of.option = inner.makeBoxed()
    case .ok(let inner), .error(let inner):
      value.kind = UInt8(CWASM_COMPONENT_RESULT)
      if case .ok = self { value.of.result.is_ok = true }
      value.of.result.val = inner?.makeBoxed()
    case .list(let values):
      value.kind = UInt8(CWASM_COMPONENT_LIST)
      wasmtime_component_vallist_new_uninit(&value.of.list, values.count)
      for (index, item) in values.enumerated() { value.of.list.data?[index] = item.make() }
    }
    return value
  }

  private func makeBoxed() -> UnsafeMutablePointer<wasmtime_component_val_t>? {
    var value = make()
    return wasmtime_component_val_new(&value)
  }

  var text: String {
    if case .string(let text) = self { text } else { "" }
  }
}

/// A function that the host gives to components.
final class ComponentFunction: Sendable {
  typealias Body = @Sendable (HostCalls, [ComponentValue]) throws(GuestTrouble) -> ComponentValue?

  let name: String
  let body: Body

  init(_ name: String, _ body: @escaping Body) {
    self.name = name
    self.body = body
  }

  /// What wasmtime calls, for every function.
  static let callback: wasmtime_component_func_callback_t = {
    environment, context, _, arguments, count, results, given in
    guard let environment, let context, let state = GuestStore.state(of: context) else {
      return wasmtime_error_new("stopped")
    }
    let function = Unmanaged<ComponentFunction>.fromOpaque(environment).takeUnretainedValue()
    let values = (0..<count).map { index in arguments.map { ComponentValue($0[index]) } ?? .other }
    do throws(GuestTrouble) {
      if let value = try function.body(state.host, values), given > 0 { results?.pointee = value.make() }
      return nil
    } catch {
      state.host.stop(error)
      return wasmtime_error_new("stopped")
    }
  }
}
