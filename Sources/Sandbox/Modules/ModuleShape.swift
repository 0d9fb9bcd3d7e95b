/// What a module imports and exports, read from its bytes.
///
/// wasmtime's own C functions for this end the process when a type has a vector in it, so hostile modules never reach them.
/// The format: webassembly.github.io/spec/core/binary/modules.html.
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

  private(set) var imports: [Import] = []
  private(set) var exports: [Export] = []
  private var types: [Signature] = []
  /// Of all functions, the imported ones first.
  private var functions: [Int] = []
  private var memories: [Int] = []

  /// `nil` when the bytes are no module, or use a part of WebAssembly that is switched off.
  init?(_ module: [UInt8]) {
    guard module.count >= 8 else { return nil }
    var reader = BinaryReader(module[8...])
    do {
      while !reader.isAtEnd {
        let section = try reader.byte()
        var content = BinaryReader(try reader.bytes(try reader.number()))
        try read(section, &content)
      }
    } catch {
      return nil
    }
  }

  func export(_ name: String) -> Item? { exports.first { $0.name == name }?.item }

  var memoryBytes: Int {
    if case .memory(let bytes) = export("memory") { bytes } else { 0 }
  }

  private mutating func read(_ section: UInt8, _ reader: inout BinaryReader) throws(BinaryReader.Malformed) {
    guard [1, 2, 3, 5, 7].contains(section) else { return }
    for _ in 0..<(try reader.number()) {
      switch section {
      case 1: types.append(try Self.type(&reader))
      case 2: imports.append(try importing(&reader))
      case 3: functions.append(try reader.number())
      case 5: memories.append(try Self.memory(&reader))
      default: exports.append(try exporting(&reader))
      }
    }
  }

  private static func type(_ reader: inout BinaryReader) throws(BinaryReader.Malformed) -> Signature {
    guard try reader.byte() == 0x60 else { throw BinaryReader.Malformed() }
    return Signature(parameters: try values(&reader), results: try values(&reader))
  }

  private static func values(_ reader: inout BinaryReader) throws(BinaryReader.Malformed) -> [Signature.Value] {
    var values: [Signature.Value] = []
    for _ in 0..<(try reader.number()) { values.append(try value(&reader)) }
    return values
  }

  private static func value(_ reader: inout BinaryReader) throws(BinaryReader.Malformed) -> Signature.Value {
    switch try reader.byte() {
    case 0x7F: return .i32
    case 0x7E: return .i64
    case 0x7D: return .f32
    case 0x7C: return .f64
    case 0x63, 0x64:  // a reference, with what it refers to
      try reader.skipNumber()
      return .other
    default: return .other
    }
  }

  private mutating func importing(_ reader: inout BinaryReader) throws(BinaryReader.Malformed) -> Import {
    var item = Import(module: try reader.name(), name: try reader.name())
    switch try reader.byte() {
    case 0:
      let type = try reader.number()
      guard types.indices.contains(type) else { throw BinaryReader.Malformed() }
      functions.append(type)
      item.signature = types[type]
    case 1:
      _ = try Self.value(&reader)
      _ = try Self.limits(&reader)
    case 2: memories.append(try Self.memory(&reader))
    case 3:
      _ = try Self.value(&reader)
      _ = try reader.byte()
    case 4:
      _ = try reader.byte()
      _ = try reader.number()
    default: throw BinaryReader.Malformed()
    }
    return item
  }

  private static func memory(_ reader: inout BinaryReader) throws(BinaryReader.Malformed) -> Int {
    try limits(&reader) * 65536
  }

  /// The minimum.
  private static func limits(_ reader: inout BinaryReader) throws(BinaryReader.Malformed) -> Int {
    let flags = try reader.byte()
    guard flags <= 1 else { throw BinaryReader.Malformed() }  // shared, 64 bits, other page sizes
    let minimum = try reader.number()
    if flags == 1 { _ = try reader.number() }
    return minimum
  }

  private func exporting(_ reader: inout BinaryReader) throws(BinaryReader.Malformed) -> Export {
    let name = try reader.name()
    let kind = try reader.byte()
    let index = try reader.number()
    switch kind {
    case 0:
      guard functions.indices.contains(index), types.indices.contains(functions[index]) else {
        throw BinaryReader.Malformed()
      }
      return Export(name: name, item: .function(types[functions[index]]))
    case 2:
      guard memories.indices.contains(index) else { throw BinaryReader.Malformed() }
      return Export(name: name, item: .memory(memories[index]))
    default: return Export(name: name, item: .other)
    }
  }
}

/// Reads WebAssembly's binary format; never past the end.
struct BinaryReader {
  struct Malformed: Error {}

  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  var isAtEnd: Bool { rest.isEmpty }

  mutating func byte() throws(Malformed) -> UInt8 {
    guard let byte = rest.popFirst() else { throw Malformed() }
    return byte
  }

  /// An unsigned LEB128 number of at most 32 bits.
  mutating func number() throws(Malformed) -> Int {
    var value = 0
    for shift in stride(from: 0, to: 35, by: 7) {
      let byte = try byte()
      value |= Int(byte & 0x7F) << shift
      if byte & 0x80 == 0 {
        guard value <= Int(UInt32.max) else { throw Malformed() }
        return value
      }
    }
    throw Malformed()
  }

  mutating func skipNumber() throws(Malformed) {
    while try byte() & 0x80 != 0 {}
  }

  mutating func bytes(_ count: Int) throws(Malformed) -> ArraySlice<UInt8> {
    guard count <= rest.count else { throw Malformed() }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  mutating func name() throws(Malformed) -> String {
    String(decoding: try bytes(try number()), as: UTF8.self)
  }
}
