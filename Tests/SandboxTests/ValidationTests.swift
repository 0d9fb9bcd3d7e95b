import Domain
import Foundation
import Sandbox
import Testing

@Suite struct ValidationTests {
  @Test func everythingThatIsMissingIsNamedAtOnce() async {
    let trouble = await Guests.refusal(
      """
      (module
        (import "checker" "datset" (func (param i32 i32 i32 i32) (result i32)))
        (import "checker" "ok" (func (param i32)))
        (import "wasi_snapshot_preview1" "path_open" (func (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
        (import "chcker" "fail" (func (param i32 i32)))
        (import "env" "limit" (global i32))
        (memory 1)
        (func (export "Check")))
      """)
    #expect(trouble?.reason == .invalidModule)
    let message = trouble?.message ?? ""
    for part in [
      "no function 'check' (it exports 'Check')", "does not export its memory as 'memory'",
      "checker.datset, which the sandbox does not have: did you mean dataset?",
      "checker.ok as (i32) -> (), which must be (i32, i32) -> ()", "wasi_snapshot_preview1.path_open",
      "did you mean the module 'checker'?", "env.limit", "only functions can be imported",
    ] {
      #expect(message.contains(part), "\(part) in \(message)")
    }
  }

  @Test func checkMustTakeAndGiveNothing() async {
    let trouble = await Guests.refusal(
      "(module (memory (export \"memory\") 1) (func (export \"check\") (result i32) (i32.const 1)))")
    #expect(trouble?.message.contains("'check' has the type () -> (i32), which must be () -> ()") == true)
  }

  @Test(arguments: [
    ("(memory i64 1)", "64-bit memory"), ("(memory 1) (memory 1)", "two memories"),
    ("(memory 1 2 shared)", "shared memory"), ("(table 70000 funcref)", "a huge table"),
  ]) func whatTheSandboxDoesNotHaveIsRefused(_ part: String, _ what: String) async {
    let text = "(module \(part) (memory (export \"memory\") 1) (func (export \"check\")))"
    #expect(await Guests.refusal(text)?.reason == .invalidModule, "\(what)")
  }

  /// wasmtime's C functions that list types end the process at these.
  @Test func typesWithVectorsHarmNobody() async {
    let imported = await Guests.refusal(Guests.module("", imports: "(import \"checker\" \"log\" (func (param v128)))"))
    #expect(
      imported?.message.contains("checker.log as (reference or vector) -> ()") == true, "\(imported?.message ?? "")")
    let exported = Guests.module(
      Guests.sayOK, more: "(func (export \"more\") (param v128 externref) (result v128) (local.get 0))")
    #expect(await Guests.run(exported).trouble == nil)
  }

  @Test func whatIsNoModuleIsRefused() async throws {
    let module = try Modules.binary(Guests.module(Guests.sayOK))
    #expect(await Guests.refusal([UInt8]())?.message.contains("empty") == true)
    #expect(await Guests.refusal(Array("\u{7F}ELF".utf8))?.message.contains("no WebAssembly") == true)
    #expect(await Guests.refusal([0, 0x61, 0x73, 0x6D, 1])?.message.contains("ends within its header") == true)
    #expect(await Guests.refusal([0, 0x61, 0x73, 0x6D, 9, 0, 0, 0])?.message.contains("version") == true)
    #expect(await Guests.refusal("(module (func (export \"check\") (i32.cnst 1)))")?.message.contains("1:") == true)
    var accepted = 0
    for count in 8..<module.count {
      let report = await Guests.sandbox.run(Guests.task(Array(module[..<count])))
      if report.trouble?.reason != .invalidModule { accepted += 1 }
    }
    // Without its last sections, the texts and the names of functions, it is a module still.
    #expect(accepted == 2)
  }

  @Test func aModuleThatIsTooLargeIsRefused() async {
    var limits = GuestLimits.module
    limits.moduleBytes = 100
    let trouble = await Guests.refusal(Array(Guests.module(Guests.sayOK).utf8), limits: limits)
    #expect(trouble?.message.contains("the limit of 100 bytes") == true)
  }

  @Test func compiledCodeIsKeptAndUsedAgain() async throws {
    let folder = NSTemporaryDirectory() + "checker-code-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let task = Guests.task(Array(Guests.module(Guests.sayOK).utf8))
    for _ in 0..<2 {
      let sandbox = WasmtimeSandbox(.init(vendorFolders: [Guests.vendorFolder], cacheFolder: folder))
      #expect(await sandbox.run(task).trouble == nil)
      await sandbox.close()
    }
    let files = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(files.count == 1)
    // Code that was damaged is compiled anew.
    try Data("not code".utf8).write(to: URL(fileURLWithPath: folder + "/" + files[0]), options: .atomic)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: folder + "/" + files[0])
    let sandbox = WasmtimeSandbox(.init(vendorFolders: [Guests.vendorFolder], cacheFolder: folder))
    #expect(await sandbox.run(task).trouble == nil)
  }

  @Test func aMissingEngineIsExplained() async {
    let sandbox = WasmtimeSandbox(.init(vendorFolders: []))
    let report = await sandbox.run(Guests.task(Array(Guests.module(Guests.sayOK).utf8)))
    // The library is the process's: another test may have loaded it.
    #expect(report.trouble == nil || report.trouble?.message.contains("Scripts/set-up") == true)
  }
}
