import Domain
import Foundation
import Sandbox
import Testing

@Suite struct VerdictTests {
  @Test func aModuleStatesItsVerdicts() async {
    let report = await Guests.run(Guests.module("\(Guests.sayOK) (call $fail (i32.const 32) (i32.const 8))"))
    #expect(report.trouble == nil)
    #expect(report.verdicts.map(\.passed) == [true, false])
    #expect(report.verdicts.map(\.message) == ["all rows are fine", "all rows"])
    #expect(report.verdicts.map(\.assertion) == ["ok", "fail"])
    #expect(report.cost.fuel > 0)
    #expect(report.cost.memoryBytes == 65536)
    #expect(report.cost.hostCalls == 2)
  }

  @Test func theOriginalSpellingsAndImportModuleWork() async {
    let report = await Guests.run(
      """
      (module
        (import "env" "succeed" (func $succeed (param i32 i32)))
        (import "checker" "datasets" (func $datasets (param i32 i32) (result i32 i32)))
        (memory (export "memory") 2)
        (data (i32.const 0) "users")
        (func (export "check") (call $succeed (call $datasets (i32.const 0) (i32.const 5)))))
      """, data: Samples.data)
    #expect(report.trouble == nil)
    #expect(report.verdicts.map(\.message) == [Self.csv])
    #expect(report.cost.memoryBytes == 3 * 65536)
  }

  static let csv = """
    id,score,active,name,balance,note
    1,1.5,true,Ada,10.50,
    2,-2,false,"",,
    3,,true,"say ""hi"",
    all",-3,
    """

  @Test func theSameProgramAndDataCostTheSame() async {
    let text = Guests.module(
      "(local $i i32) (loop (br_if 0 (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 1000)))) \(Guests.sayOK)"
    )
    let costs = [await Guests.run(text).cost.fuel, await Guests.run(text).cost.fuel]
    #expect(costs[0] == costs[1])
    #expect(costs[0] > 3000)
  }

  @Test func aRunWithoutAVerdictIsTrouble() async {
    let report = await Guests.run(Guests.module(""))
    #expect(report.trouble?.reason == .noVerdict)
  }

  @Test func verdictsBeforeAFaultAreKept() async {
    let report = await Guests.run(Guests.module("\(Guests.sayOK) unreachable"))
    #expect(report.verdicts.count == 1)
    #expect(report.trouble?.reason == .trap)
  }

  @Test func messagesAreCutVisibly() async {
    var limits = GuestLimits.module
    limits.messageBytes = 20
    let report = await Guests.run(Guests.module("(call $ok (i32.const 0) (i32.const 65536))"), limits: limits)
    #expect(report.verdicts[0].message.hasSuffix("… (cut)"))
    #expect(report.verdicts[0].message.utf8.count <= 20)
  }

  @Test func theLogIsKeptAndCutVisibly() async {
    let log = "(import \"checker\" \"log\" (func $log (param i32 i32)))"
    let line = await Guests.run(
      Guests.module("(call $log (i32.const 16) (i32.const 5)) \(Guests.sayOK)", imports: log))
    #expect(line.log == "users\n")
    let flood = await Guests.run(
      Guests.module(
        "(local $i i32) (loop (call $log (i32.const 0) (i32.const 1000)) (br_if 0 (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 1000)))) \(Guests.sayOK)",
        imports: log))
    #expect(flood.trouble == nil)
    #expect(flood.log.utf8.count < 66_000)
    #expect(flood.log.hasSuffix("(cut: the log is limited to 64 KB)\n"))
  }

  @Test func aModuleIsDescribed() async throws {
    let text = Guests.module(Guests.sayOK)
    let description = try await Guests.sandbox.prepare(Array(text.utf8), limits: .module)
    #expect(description.imports == ["checker.ok", "checker.fail"])
    #expect(description.exports.sorted() == ["check", "memory"])
    #expect(description.digest.count == 64)
    #expect(description.byteCount == text.utf8.count)
    #expect(!description.isComponent)
  }
}
