import Domain
import Sandbox
import Testing

/// Modules built for WASI's first versions, by compilers that know nothing of this sandbox.
@Suite struct OldModuleTests {
  private func run(_ body: String, _ imports: String, from module: String = "wasi_snapshot_preview1") async
    -> GuestReport
  {
    await Guests.run(
      """
      (module
        (import "checker" "succeed" (func $ok (param i32 i32)))
        \(imports.replacing("WASI", with: module))
        (memory (export "memory") 2)
        (data (i32.const 16) "printed\\n")
        (data (i32.const 8) "\\10\\00\\00\\00\\08\\00\\00\\00")
        (func (export "check") \(body)))
      """)
  }

  private static let write = "(import \"WASI\" \"fd_write\" (func $write (param i32 i32 i32 i32) (result i32)))"

  @Test(arguments: ["wasi_snapshot_preview1", "wasi_unstable"]) func whatItPrintsIsLogged(_ module: String) async {
    let report = await run(
      """
      (if (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 0)) (then unreachable))
      (if (i32.ne (i32.load (i32.const 0)) (i32.const 8)) (then unreachable))
      (if (i32.ne (call $write (i32.const 3) (i32.const 8) (i32.const 1) (i32.const 0)) (i32.const 8)) (then unreachable))
      (call $ok (i32.const 16) (i32.const 7))
      """, Self.write, from: module)
    #expect(report.trouble == nil)
    #expect(report.log == "printed\n")
  }

  @Test func buffersThatLieAreRefused() async {
    let list = await run("(drop (call $write (i32.const 1) (i32.const -8) (i32.const 2) (i32.const 0)))", Self.write)
    #expect(list.trouble?.reason == .trap)
    let inner = await run(
      "(i32.store (i32.const 12) (i32.const -1)) (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 0)))",
      Self.write)
    #expect(inner.trouble?.reason == .trap)
    let many = await run(
      "(drop (call $write (i32.const 1) (i32.const 8) (i32.const -1) (i32.const 0))) (call $ok (i32.const 16) (i32.const 1))",
      Self.write)
    #expect(many.trouble == nil)
    #expect(many.log == "")
  }

  @Test func itSeesNoClockArgumentsOrEnvironment() async {
    let report = await run(
      """
      (i32.store (i32.const 32) (i32.const 9)) (i32.store (i32.const 36) (i32.const 9))
      (drop (call $env (i32.const 32) (i32.const 36)))
      (if (i64.ne (i64.load (i32.const 32)) (i64.const 0)) (then unreachable))
      (drop (call $clock (i32.const 0) (i64.const 1) (i32.const 40)))
      (if (i64.ne (i64.load (i32.const 40)) (i64.const 1700000000500000000)) (then unreachable))
      (drop (call $random (i32.const 48) (i32.const 8)))
      (if (i64.eqz (i64.load (i32.const 48))) (then unreachable))
      (if (i32.ne (call $prestat (i32.const 3) (i32.const 64)) (i32.const 8)) (then unreachable))
      (call $ok (i32.const 16) (i32.const 7))
      """,
      """
      (import "WASI" "environ_sizes_get" (func $env (param i32 i32) (result i32)))
      (import "WASI" "clock_time_get" (func $clock (param i32 i64 i32) (result i32)))
      (import "WASI" "random_get" (func $random (param i32 i32) (result i32)))
      (import "WASI" "fd_prestat_get" (func $prestat (param i32 i32) (result i32)))
      """)
    #expect(report.trouble == nil)
    #expect(report.verdicts.count == 1)
  }

  @Test func itMayExit() async {
    let exit = "(import \"WASI\" \"proc_exit\" (func $exit (param i32)))"
    let good = await run("(call $ok (i32.const 16) (i32.const 7)) (call $exit (i32.const 0))", exit)
    #expect(good.trouble == nil)
    let bad = await run("(call $ok (i32.const 16) (i32.const 7)) (call $exit (i32.const 3))", exit)
    #expect(bad.trouble?.reason == .exception)
    #expect(bad.trouble?.message.contains("exit status 3") == true)
  }

  @Test func itsInitialisationRunsFirst() async {
    let report = await Guests.run(
      """
      (module
        (import "checker" "ok" (func $ok (param i32 i32)))
        (memory (export "memory") 1)
        (func (export "_initialize") (i32.store8 (i32.const 0) (i32.const 65)))
        (func (export "check") (call $ok (i32.const 0) (i32.const 1))))
      """)
    #expect(report.verdicts.map(\.message) == ["A"])
  }
}
