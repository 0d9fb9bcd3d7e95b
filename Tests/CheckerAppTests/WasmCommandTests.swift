import Foundation
import Testing

@Suite("checker wasm") struct WasmCommandTests {
  private let program: Program

  init() throws { program = try Program() }

  private func module(_ body: String, imports: String = "") throws -> String {
    try program.write(
      """
      (module
        (import "checker" "succeed" (func $ok (param i32 i32)))
        (import "checker" "fail" (func $fail (param i32 i32)))
        (import "checker" "datasets" (func $datasets (param i32 i32) (result i32 i32)))
        \(imports)
        (memory (export "memory") 2)
        (data (i32.const 16) "users")
        (data (i32.const 32) "score > 1")
        (data (i32.const 48) "sum(score)")
        (func (export "check") \(body)))
      """, to: "guest.wat")
  }

  private static let echo = "(call $ok (call $datasets (i32.const 16) (i32.const 5)))"

  @Test("It hands the CSV over and prints what holds") func echo() throws {
    let path = try module(Self.echo)
    let result = try program.run("wasm", "-c", path, "-n", "users", "-d", "123,456,678,10,12,12")
    #expect(result.output == "ok      123,456,678,10,12,12\n")
    #expect(result.status == 0)
    let file = try program.write("id,name\n1,\"a,b\"\n2,\n", to: "users.csv")
    let other = try program.run("wasm", "--code", path, "--ds_name", "users", "--dataset", "@" + file)
    #expect(other.output == "ok      id,name\n1,\"a,b\"\n2,\n")
  }

  @Test("Several datasets, and aggregates over them") func several() throws {
    let path = try module(
      """
      (drop (call $datasets (i32.const 16) (i32.const 5))) drop
      (if (f64.ne (call $metric (i32.const 16) (i32.const 5) (i32.const 48) (i32.const 10)) (f64.const 4.5)) (then unreachable))
      (call $none (i32.const 16) (i32.const 5) (i32.const 32) (i32.const 9) (i32.const 32) (i32.const 9))
      """,
      imports: """
        (import "checker" "metric" (func $metric (param i32 i32 i32 i32) (result f64)))
        (import "checker" "assert_no_rows" (func $none (param i32 i32 i32 i32 i32 i32)))
        """)
    let result = try program.run(
      "wasm", "-c", path, "-n", "others", "-d", "a\n1", "-n", "users", "-d", "id,score\n1,0.5\n2,4.0")
    #expect(result.output == "FAILED  score > 1 (users: no rows; found 1)\n")
    #expect(result.status == 1)
    #expect(result.errors == "")
  }

  @Test("A module that cannot be run is status 3, with the reason") func trouble() throws {
    let echo = try module(Self.echo)
    let missing = try program.run("wasm", "-c", echo, "-n", "user", "-d", "a\n1")
    #expect(missing.status == 3)
    #expect(missing.errors.contains("There is no dataset 'users'"))
    #expect(missing.errors.contains("Did you mean 'user'?"))
    let loop = try program.run("wasm", "-c", try module("(loop (br 0))"), "--seconds", "0.05")
    #expect(loop.status == 3)
    #expect(loop.errors.contains("0.05 seconds"))
    let broken = try program.run("wasm", "-c", try program.write("(module", to: "broken.wat"))
    #expect(broken.status == 3)
  }

  @Test("A command that cannot be used is status 64") func usage() throws {
    let path = try module(Self.echo)
    #expect(try program.run("wasm", "-c", "nosuch.wasm").status == 64)
    #expect(try program.run("wasm", "-c", path, "-n", "users").status == 64)
    let ragged = try program.run("wasm", "-c", path, "-n", "users", "-d", "a,b\n1")
    #expect(ragged.errors.contains("line 2"))
    #expect(try program.run("wasm", "-c", path, "--param", "x").status == 64)
    #expect(try program.run("wasm").status == 64)
  }

  @Test("What a module prints cannot steer the terminal") func control() throws {
    let path = try module(
      "(i32.store8 (i32.const 16) (i32.const 27)) (call $fail (i32.const 16) (i32.const 5))")
    #expect(try program.run("wasm", "-c", path).output == "FAILED  \u{FFFD}sers\n")
  }
}
