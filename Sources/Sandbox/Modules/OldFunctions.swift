import Domain
import Foundation

/// The functions of WASI's first versions that old modules import because their language's library does. None reaches
/// anything outside: output goes to the log, the clock stands still, randomness is the run's own.
enum OldFunctions {
  static let modules = ["wasi_snapshot_preview1", "wasi_unstable"]

  /// WASI's error numbers.
  private enum Code {
    static let success: Int32 = 0
    static let badDescriptor: Int32 = 8
    static let invalid: Int32 = 28
    static let notSeekable: Int32 = 70
  }

  static let all: [HostFunction] = [
    HostFunction("fd_write", "iiii", "i", write),
    HostFunction("proc_exit", "i") { (frame: inout HostFrame) throws(GuestTrouble) in
      let status = frame.int32()
      frame.state.exitStatus = status
      throw GuestTrouble(.exception, "The code ended itself with exit status \(status).")
    },
    HostFunction("clock_time_get", "iIi", "i") { (frame: inout HostFrame) throws(GuestTrouble) in
      _ = frame.int32()
      _ = frame.integer()
      let seconds = frame.host.task.context.now.timeIntervalSince1970
      try store(UInt64(exactly: (max(0, seconds) * 1e6).rounded()).map { $0 &* 1000 } ?? 0, &frame)
      frame.give(Code.success)
    },
    HostFunction("clock_res_get", "ii", "i") { (frame: inout HostFrame) throws(GuestTrouble) in
      _ = frame.int32()
      try store(1_000_000, &frame)
      frame.give(Code.success)
    },
    HostFunction("random_get", "ii", "i") { (frame: inout HostFrame) throws(GuestTrouble) in
      let target = try frame.bytes("buffer")
      for index in target.indices { target[index] = UInt8(truncatingIfNeeded: frame.host.random.next()) }
      frame.give(Code.success)
    },
    nothing("environ_sizes_get"), nothing("args_sizes_get"),
    constant("environ_get", "ii", Code.success), constant("args_get", "ii", Code.success),
    HostFunction("fd_read", "iiii", "i", read),
    HostFunction("fd_fdstat_get", "ii", "i") { (frame: inout HostFrame) throws(GuestTrouble) in
      let descriptor = frame.int32()
      let target = try frame.bytes(at: frame.unsigned(), count: 24, "buffer")
      guard (0...2).contains(descriptor) else { return frame.give(Code.badDescriptor) }
      target.initializeMemory(as: UInt8.self, repeating: 0)
      target[0] = 2  // a character device
      frame.give(Code.success)
    },
    constant("fd_close", "i", Code.success), constant("fd_fdstat_set_flags", "ii", Code.success),
    constant("fd_seek", "iIii", Code.notSeekable), constant("fd_tell", "ii", Code.notSeekable),
    constant("fd_prestat_get", "ii", Code.badDescriptor), constant("fd_prestat_dir_name", "iii", Code.badDescriptor),
    constant("fd_filestat_get", "ii", Code.badDescriptor), constant("fd_sync", "i", Code.success),
    constant("fd_datasync", "i", Code.success), constant("fd_pread", "iiiIi", Code.badDescriptor),
    constant("fd_pwrite", "iiiIi", Code.badDescriptor), constant("fd_readdir", "iiiIi", Code.badDescriptor),
    constant("sched_yield", "", Code.success),
  ]

  private static func constant(_ name: String, _ parameters: String, _ code: Int32) -> HostFunction {
    HostFunction(name, parameters, "i") { (frame: inout HostFrame) throws(GuestTrouble) in frame.give(code) }
  }

  /// Two sizes, both 0.
  private static func nothing(_ name: String) -> HostFunction {
    HostFunction(name, "ii", "i") { (frame: inout HostFrame) throws(GuestTrouble) in
      for _ in 0..<2 {
        try frame.bytes(at: frame.unsigned(), count: 4, "buffer").initializeMemory(as: UInt8.self, repeating: 0)
      }
      frame.give(Code.success)
    }
  }

  private static func store(_ value: UInt64, _ frame: inout HostFrame) throws(GuestTrouble) {
    try frame.bytes(at: frame.unsigned(), count: 8, "buffer").storeBytes(of: value.littleEndian, as: UInt64.self)
  }

  /// (descriptor, list of buffers, their number, where the count goes)
  private static let write: HostFunction.Body = { (frame: inout HostFrame) throws(GuestTrouble) in
    let descriptor = frame.int32()
    let list = frame.unsigned()
    let count = frame.unsigned()
    guard descriptor == 1 || descriptor == 2 else { return frame.give(Code.badDescriptor) }
    guard count <= 1024 else { return frame.give(Code.invalid) }
    let entries = try frame.bytes(at: list, count: count * 8, "list of buffers")
    var text: [UInt8] = []
    var total = 0
    for index in 0..<count {
      let address = Int(entries.loadUnaligned(fromByteOffset: 8 * index, as: UInt32.self).littleEndian)
      let size = Int(entries.loadUnaligned(fromByteOffset: 8 * index + 4, as: UInt32.self).littleEndian)
      let bytes = try frame.bytes(at: address, count: size, "buffer")
      text += bytes.prefix(max(0, frame.host.limits.logBytes + 4 - text.count))
      total += size
    }
    try frame.host.print(String(decoding: text, as: UTF8.self))
    let place = try frame.bytes(at: frame.unsigned(), count: 4, "buffer")
    place.storeBytes(of: UInt32(truncatingIfNeeded: total).littleEndian, as: UInt32.self)
    frame.give(Code.success)
  }

  /// Standard input is empty.
  private static let read: HostFunction.Body = { (frame: inout HostFrame) throws(GuestTrouble) in
    let descriptor = frame.int32()
    _ = (frame.int32(), frame.int32())
    guard descriptor == 0 else { return frame.give(Code.badDescriptor) }
    try frame.bytes(at: frame.unsigned(), count: 4, "buffer").initializeMemory(as: UInt8.self, repeating: 0)
    frame.give(Code.success)
  }
}
