import Domain
import Foundation
import Sandbox
import Synchronization
import Testing

/// Guests that use up what they may, each ended by its own limit.
@Suite struct LimitTests {
  private static var quick: GuestLimits {
    var limits = GuestLimits.module
    limits.seconds = 0.05
    return limits
  }

  private static let recursion =
    "(func $deep (param i32) (result i32) (i32.add (call $deep (local.get 0)) (i32.const 1)))"

  @Test func anEndlessLoopEnds() async {
    let report = await Guests.run(Guests.module("(loop (br 0))"), limits: Self.quick)
    #expect(report.trouble?.reason == .deadline)
    #expect(report.trouble?.message.contains("0.05 seconds") == true)
    #expect(report.cost.milliseconds >= 50)
  }

  @Test func anEndlessStartFunctionEnds() async {
    let report = await Guests.run(
      Guests.module(Guests.sayOK, more: "(func $start (loop (br 0))) (start $start)"), limits: Self.quick)
    #expect(report.trouble?.reason == .deadline)
  }

  @Test func aLoopOfCheapHostCallsEnds() async {
    let text = Guests.module(
      "(loop (drop (call $count)) (br 0))",
      imports: "(import \"checker\" \"previous_count\" (func $count (result i32)))")
    #expect(await Guests.run(text, limits: Self.quick).trouble?.reason == .deadline)
  }

  @Test func deepRecursionEnds() async {
    let report = await Guests.run(Guests.module("(drop (call $deep (i32.const 1)))", more: Self.recursion))
    #expect(report.trouble?.reason == .stack)
  }

  @Test func memoryBeyondTheLimitIsRefusedToTheGuest() async {
    let text = Guests.module(
      "(if (i32.eq (memory.grow (i32.const 2000)) (i32.const -1)) (then \(Guests.sayOK)))")
    let report = await Guests.run(text)
    #expect(report.trouble == nil)
    #expect(report.verdicts.count == 1)
  }

  @Test func aMemoryBombIsBoundedAndNamed() async {
    let text = Guests.module(
      "(loop (br_if 0 (i32.ne (memory.grow (i32.const 16)) (i32.const -1)))) unreachable")
    let report = await Guests.run(text)
    #expect(report.trouble?.reason == .memory)
    #expect(report.trouble?.message.contains("64 MB") == true)
    #expect(report.cost.memoryBytes <= 64 << 20)
  }

  @Test func aModuleThatBeginsTooLargeIsRefused() async {
    let text = Guests.module(Guests.sayOK, pages: "2000")
    #expect(await Guests.run(text).trouble?.reason == .memory)
    #expect(await Guests.refusal(text)?.reason == .invalidModule)
  }

  @Test func tablesAreBounded() async {
    let text = Guests.module(
      """
      (loop (br_if 0 (i32.ne (table.grow $t (ref.null func) (i32.const 1000)) (i32.const -1))))
      (if (i32.le_u (table.size $t) (i32.const 60000)) (then \(Guests.sayOK)))
      """, more: "(table $t 1 funcref)")
    let report = await Guests.run(text)
    #expect(report.trouble == nil)
    #expect(report.verdicts.count == 1)
  }

  @Test func millionsOfVerdictsEnd() async {
    let report = await Guests.run(Guests.module("(loop \(Guests.sayOK) (br 0))"))
    #expect(report.trouble?.reason == .tooManyMessages)
    #expect(report.verdicts.count == 1000)
    #expect(report.trouble?.message.contains("1000") == true)
  }

  @Test func millionsOfLogLinesEnd() async {
    let text = Guests.module(
      "(loop (call $log (i32.const 16) (i32.const 5)) (br 0))",
      imports: "(import \"checker\" \"log\" (func $log (param i32 i32)))")
    #expect(await Guests.run(text).trouble?.reason == .tooManyHostCalls)
  }

  private static let dataset =
    "(import \"checker\" \"dataset\" (func $dataset (param i32 i32 i32 i32) (result i32)))"
  private static let placed = "(import \"checker\" \"dataset\" (func $placed (param i32 i32) (result i32 i32)))"

  private static let manyRows = FixedData(datasets: [
    "users": ResultSet(
      columns: [Samples.column("id", .integer, .integers((0..<10_000).map { $0 }))], rowCount: 10_000)
  ])

  @Test func datasetsAreBoundedTogether() async {
    var limits = GuestLimits.module
    limits.datasetBytes = 100_000
    let text = Guests.module(
      "(loop (call $placed (i32.const 16) (i32.const 5)) drop drop (br 0))", imports: Self.placed)
    let report = await Guests.run(text, data: Self.manyRows, limits: limits)
    #expect(report.trouble?.reason == .tooMuchData)
    #expect(report.cost.datasetBytes <= 100_000)
    limits.datasetBytes = 1000
    let asking = Guests.module(
      "(drop (call $dataset (i32.const 16) (i32.const 5) (i32.const 0) (i32.const 0)))", imports: Self.dataset)
    let refused = await Guests.run(asking, data: Self.manyRows, limits: limits)
    #expect(refused.trouble?.reason == .tooMuchData)
    #expect(refused.trouble?.message.contains("1000 bytes") == true)
  }

  @Test func dataThatFindsNoRoomIsTrouble() async {
    let text = Guests.module(
      "(call $placed (i32.const 16) (i32.const 5)) drop drop", imports: Self.placed, pages: "1 1")
    let report = await Guests.run(text, data: Self.manyRows)
    #expect(report.trouble?.reason == .memory)
  }

  // MARK: slow data, cancelled tasks

  /// Data that never comes, and tells when somebody began to wait for it.
  private struct SlowData: GuestData {
    let began: AsyncStream<Void>.Continuation

    func dataset(_ name: String) async throws(GuestDataError) -> ResultSet {
      began.yield()
      try? await Task.sleep(for: .seconds(3600))
      throw GuestDataError(.query, "stopped")
    }

    func measure(_ dataset: String, expression: String, filter: String?) async throws(GuestDataError) -> MeasuredValue {
      throw GuestDataError(.query, "not asked for")
    }
  }

  private static let askForUsers = Guests.module(
    "(drop (call $dataset (i32.const 16) (i32.const 5) (i32.const 0) (i32.const 0)))", imports: Self.dataset)

  @Test func slowDataEndsTheRunAtItsOwnLimit() async {
    var limits = GuestLimits.module
    limits.dataSeconds = 0.05
    let report = await Guests.run(
      Self.askForUsers, data: SlowData(began: AsyncStream.makeStream().continuation), limits: limits)
    #expect(report.trouble?.reason == .dataset)
    #expect(report.trouble?.message.contains("0.05 seconds") == true)
  }

  @Test func waitingForDataDoesNotUseUpTheGuestsTime() async {
    struct Later: GuestData {
      func dataset(_ name: String) async throws(GuestDataError) -> ResultSet {
        try? await Task.sleep(for: .milliseconds(200))
        return Samples.users
      }

      func measure(_ dataset: String, expression: String, filter: String?) async throws(GuestDataError) -> MeasuredValue
      {
        MeasuredValue(.null)
      }
    }
    let text = Guests.module(
      "(drop (call $dataset (i32.const 16) (i32.const 5) (i32.const 0) (i32.const 0))) \(Guests.sayOK)",
      imports: Self.dataset)
    let report = await Guests.run(text, data: Later(), limits: Self.quick)
    #expect(report.trouble == nil)
    #expect(report.cost.milliseconds < 200)
  }

  @Test func aCancelledTaskStopsAGuestThatWaits() async {
    let (began, continuation) = AsyncStream<Void>.makeStream()
    let task = Task { await Guests.run(Self.askForUsers, data: SlowData(began: continuation)) }
    for await _ in began { break }
    task.cancel()
    #expect(await task.value.trouble?.reason == .cancelled)
  }

  @Test func aCancelledTaskStopsAGuestThatWorks() async {
    struct Told: GuestData {
      let began: AsyncStream<Void>.Continuation

      func dataset(_ name: String) async throws(GuestDataError) -> ResultSet {
        began.yield()
        return Samples.users
      }

      func measure(_ dataset: String, expression: String, filter: String?) async throws(GuestDataError) -> MeasuredValue
      {
        MeasuredValue(.null)
      }
    }
    var limits = GuestLimits.module
    limits.seconds = 300
    let text = Guests.module(
      "(drop (call $dataset (i32.const 16) (i32.const 5) (i32.const 0) (i32.const 0))) (loop (br 0))",
      imports: Self.dataset)
    let (began, continuation) = AsyncStream<Void>.makeStream()
    let task = Task { [limits] in await Guests.run(text, data: Told(began: continuation), limits: limits) }
    for await _ in began { break }
    task.cancel()
    #expect(await task.value.trouble?.reason == .cancelled)
  }

  @Test func aCancelledTaskLeavesTheLine() async {
    let sandbox = WasmtimeSandbox(.init(vendorFolders: [Guests.vendorFolder], guests: 1))
    let (began, continuation) = AsyncStream<Void>.makeStream()
    let slow = Guests.task(Array(Self.askForUsers.utf8), data: SlowData(began: continuation))
    let first = Task { await sandbox.run(slow) }
    for await _ in began { break }
    let second = Task { await sandbox.run(slow) }
    second.cancel()
    #expect(await second.value.trouble?.reason == .cancelled)
    first.cancel()
    #expect(await first.value.trouble?.reason == .cancelled)
    await sandbox.close()
  }

  @Test func aDatasetThatDoesNotExistIsNamed() async {
    let report = await Guests.run(Self.askForUsers)
    #expect(report.trouble?.reason == .unknownDataset)
    #expect(report.trouble?.message.contains("'users'") == true)
  }

  @Test func guestsDoNotSeeEachOthersData() async {
    let text = Guests.module(
      """
      (if (i32.load (i32.const 4096)) (then (call $fail (i32.const 32) (i32.const 17))))
      (i32.store (i32.const 4096) (i32.const 7))
      (global.set $seen (i32.add (global.get $seen) (i32.const 1)))
      (if (i32.ne (global.get $seen) (i32.const 1)) (then (call $fail (i32.const 32) (i32.const 17))))
      \(Guests.sayOK)
      """, more: "(global $seen (mut i32) (i32.const 0))")
    await withTaskGroup(of: GuestReport.self) { group in
      for _ in 0..<200 { group.addTask { await Guests.run(text) } }
      for await report in group {
        #expect(report.trouble == nil)
        #expect(report.verdicts.map(\.passed) == [true])
      }
    }
  }
}
