import CWasmtime
import Domain
import Sandbox
import Testing

/// WebAssembly text as bytes, for tests that damage them.
enum Modules {
  static func binary(_ text: String) throws -> [UInt8] {
    if let reason = cwasmtime_load(Guests.vendorFolder + "/wasmtime/libwasmtime.so") {
      throw GuestTrouble(.host, String(cString: reason))
    }
    var bytes = wasm_byte_vec_t()
    if let error = wasmtime_wat2wasm(text, text.utf8.count, &bytes) {
      wasmtime_error_delete(error)
      throw GuestTrouble(.invalidModule, text)
    }
    defer { wasm_byte_vec_delete(&bytes) }
    return Array(UnsafeBufferPointer(start: bytes.data, count: bytes.size))
  }
}

/// Modules that are damaged at random, always in the same way.
@Suite struct FuzzTests {
  private static let count = 100_000

  private static let sources = [
    Guests.module(
      """
      (drop (call $d (i32.const 16) (i32.const 5) (i32.const 1024) (i32.const 4096)))
      (local.set $i (call $len)) (loop (br_if 0 (local.tee $i (i32.sub (local.get $i) (i32.const 1)))))
      \(Guests.sayOK)
      """,
      imports: """
        (import "checker" "dataset" (func $d (param i32 i32 i32 i32) (result i32)))
        (import "checker" "previous_count" (func $previous (result i32)))
        """,
      more: "(table 4 funcref) (elem (i32.const 0) $len) (func $len (result i32) (i32.load8_u (i32.const 16)))"
    ).replacing("(func (export \"check\") ", with: "(func (export \"check\") (local $i i32) "),
    ComponentTests.component(ComponentTests.echo),
  ]

  private struct Random {
    var state: UInt64

    mutating func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }
  }

  private static func damaged(_ source: [UInt8], _ random: inout Random) -> [UInt8] {
    var bytes = source
    for _ in 0...random.next(3) {
      let place = 8 + random.next(max(1, bytes.count - 8))
      guard place < bytes.count else { continue }
      switch random.next(5) {
      case 0: bytes[place] ^= 1 << UInt8(random.next(8))
      case 1: bytes[place] = UInt8(random.next(256))
      case 2: bytes.remove(at: place)
      case 3: bytes.insert(UInt8(random.next(256)), at: place)
      default: bytes.removeSubrange(min(bytes.count, place + random.next(8))...)
      }
    }
    return bytes
  }

  @Test func damagedModulesHarmNobody() async throws {
    var limits = GuestLimits.module
    limits.seconds = 0.01
    limits.memoryBytes = 1 << 20
    let sources = try Self.sources.map { try Modules.binary($0) }
    let share = Self.count / 2
    try await withThrowingTaskGroup(of: Int.self) { [limits] group in
      for worker in 0..<2 {
        group.addTask {
          var random = Random(state: UInt64(worker) &+ 20_240_601)
          var ran = 0
          for _ in 0..<share {
            // Components take longer to compile.
            let source = sources[random.next(20) == 0 ? 1 : 0]
            let bytes = Self.damaged(source, &random)
            let report = await Guests.sandbox.run(Guests.task(bytes, data: Samples.data, limits: limits))
            if report.trouble?.reason != .invalidModule { ran += 1 }
            // Neither of these is a module's doing.
            #expect(
              report.trouble?.reason != .host && report.trouble?.reason != .cancelled,
              "\(report.trouble?.message ?? "") \(report.trouble?.traceback ?? "")")
          }
          return ran
        }
      }
      var ran = 0
      for try await some in group { ran += some }
      #expect(ran > 1000, "most damaged modules die early, but some must run: \(ran)")
    }
    // The sandbox is as good as before.
    #expect(await Guests.run(Guests.module(Guests.sayOK)).trouble == nil)
  }
}
