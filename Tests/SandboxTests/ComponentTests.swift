import Domain
import Sandbox
import Testing

/// Components of the world in `wit/checker.wit`.
@Suite struct ComponentTests {
  /// A component as its tools make them: a core module with memory and an allocator, and the adapters around it.
  static func component(_ body: String, imports: String = "") -> String {
    """
    (component
      (import "ok" (func $ok (param "message" string)))
      (import "dataset" (func $dataset (param "name" string) (result string)))
      \(imports)
      (core module $memory
        (memory (export "memory") 1)
        (global $end (mut i32) (i32.const 4096))
        (func (export "realloc") (param i32 i32 i32 i32) (result i32)
          (global.get $end) (global.set $end (i32.add (global.get $end) (local.get 3)))))
      (core instance $m (instantiate $memory))
      (alias core export $m "memory" (core memory $mem))
      (alias core export $m "realloc" (core func $realloc))
      (core func $ok-core (canon lower (func $ok) (memory $mem)))
      (core func $dataset-core (canon lower (func $dataset) (memory $mem) (realloc $realloc)))
      (core module $code
        (import "host" "memory" (memory 1))
        (import "host" "ok" (func $ok (param i32 i32)))
        (import "host" "dataset" (func $dataset (param i32 i32 i32)))
        (data (i32.const 16) "users")
        (func (export "check") \(body)))
      (core instance $host (export "memory" (memory $mem)) (export "ok" (func $ok-core)) (export "dataset" (func $dataset-core)))
      (core instance $c (instantiate $code (with "host" (instance $host))))
      (func (export "check") (canon lift (core func $c "check"))))
    """
  }

  static let echo =
    "(call $dataset (i32.const 16) (i32.const 5) (i32.const 32)) (call $ok (i32.load (i32.const 32)) (i32.load (i32.const 36)))"

  @Test func aComponentGetsDataAndStatesAVerdict() async throws {
    let text = Self.component(Self.echo)
    let description = try await Guests.sandbox.prepare(Array(text.utf8), limits: .module)
    #expect(description.isComponent)
    #expect(description.imports.sorted() == ["dataset", "ok"])
    let report = await Guests.run(text, data: Samples.data)
    #expect(report.trouble == nil)
    #expect(report.verdicts.map(\.message) == [VerdictTests.csv])
  }

  @Test func aComponentIsBoundedToo() async {
    var limits = GuestLimits.module
    limits.seconds = 0.05
    let loop = await Guests.run(Self.component("(loop (br 0))"), data: Samples.data, limits: limits)
    #expect(loop.trouble?.reason == .deadline)
    let unknown = await Guests.run(Self.component(Self.echo))
    #expect(unknown.trouble?.reason == .unknownDataset)
    let trap = await Guests.run(Self.component("unreachable"))
    #expect(trap.trouble?.reason == .trap)
    let flood = await Guests.run(Self.component("(loop (call $ok (i32.const 16) (i32.const 5)) (br 0))"))
    #expect(flood.trouble?.reason == .tooManyMessages)
  }

  @Test func anImportThatTheWorldDoesNotHaveIsNamed() async {
    let trouble = await Guests.refusal(Self.component("", imports: "(import \"datasett\" (func))"))
    #expect(
      trouble?.message.contains("it imports 'datasett', which the sandbox does not have: did you mean 'dataset'?")
        == true)
  }
}
