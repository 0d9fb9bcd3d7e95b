import Domain
import Foundation
import Testing

@testable import Sandbox

/// What goes between the processes arrives as it was sent, and nothing that arrives can end the service.
@Suite("Between the processes")
struct WireTests {
  private static let report = GuestReport(
    verdicts: [
      GuestVerdict(
        passed: false, assertion: "assertLessThan", message: "é 🎈", dataset: "users", observed: .decimal("1.50"),
        expected: "less than 1", line: 7,
        sample: Sample(
          columns: ["a", "b"],
          rows: [[.null, .boolean(true)], [.integer(.min), .double(-.infinity)], [.text(""), .binary([0, 255])]],
          total: 900), isWarning: true),
      GuestVerdict(passed: true, assertion: "ok", message: ""),
    ], log: "one\ntwo\n",
    trouble: GuestTrouble(.exception, "ValueError: x", traceback: "line 1\nline 2", line: 2),
    cost: GuestCost(fuel: .max, memoryBytes: 5, milliseconds: 0.25, hostCalls: 6, datasetBytes: 7))

  private static let task = GuestTask(
    program: .script(.javascript, source: "ok('é')", fileName: "a.js"), libraries: ["calendar": "1", "other": ""],
    context: GuestContext(
      namespace: "shop", checker: "emails", runID: "r", seed: .max, now: Date(timeIntervalSince1970: -0.125),
      timeZone: "Europe/Lisbon", parameters: ["limit": "42"],
      previous: [.init(startedAt: Date(timeIntervalSince1970: 3), outcome: .warned, observed: ["n": .pi])]),
    data: FixedData(),
    limits: GuestLimits(
      seconds: 1, dataSeconds: 2, memoryBytes: 3, moduleBytes: 4, messages: 5, messageBytes: 6, logBytes: 7,
      datasetBytes: 8, hostCalls: 9), isTrial: true)

  private static func bytes(_ value: some WireValue) -> [UInt8] {
    var writer = WireWriter()
    writer.put(value)
    return writer.bytes
  }

  private static func again<Value: WireValue>(_ value: Value) throws -> Value {
    var reader = WireReader(bytes(value))
    let read: Value = try reader.value(Value.self)
    try reader.end()
    return read
  }

  @Test("a report")
  func report() throws {
    let read = try Self.again(Self.report)
    #expect(read.verdicts == Self.report.verdicts)
    #expect(read.log == Self.report.log)
    #expect(read.trouble == Self.report.trouble)
    #expect(read.cost == Self.report.cost)
  }

  @Test("a task, with every field of its context and limits")
  func task() throws {
    let read = try Self.again(TaskOrder(Self.task))
    let context = read.context
    #expect(read.libraries == Self.task.libraries)
    #expect(read.limits == Self.task.limits)
    #expect(read.isTrial)
    #expect(context.namespace == "shop" && context.checker == "emails" && context.runID == "r")
    #expect(context.seed == .max && context.now == Self.task.context.now && context.timeZone == "Europe/Lisbon")
    #expect(context.parameters == Self.task.context.parameters && context.previous == Self.task.context.previous)
    guard case .script(.javascript, "ok('é')", "a.js") = read.program else {
      Issue.record("another program: \(read.program)")
      return
    }
  }

  @Test("rows of every type, with NULLs")
  func rows() throws {
    for name in ["orders", "few", "none"] {
      var sent = try #require(ScriptData.all[name])
      sent.isTruncated = true
      sent.seconds = 1.25
      let read = try Self.again(sent)
      #expect(read.rowCount == sent.rowCount && read.isTruncated && read.seconds == 1.25)
      #expect(read.columns.map(\.description) == sent.columns.map(\.description))
      for row in 0..<sent.rowCount {
        // NaN is not equal to itself.
        #expect(read.row(row).map(\.text) == sent.row(row).map(\.text))
      }
    }
  }

  @Test("a report that was cut off anywhere, or changed anywhere, is refused or read, and never more")
  func mutilated() {
    let whole = Self.bytes(Self.report)
    for length in 0..<whole.count {
      var reader = WireReader(Array(whole[..<length]))
      #expect(throws: WireError.self) { _ = try reader.value(GuestReport.self) }
    }
    var random = SeededRandom(seed: 1)
    for _ in 0..<20_000 {
      var changed = whole
      for _ in 0..<(1 + random.next() % 4) {
        changed[Int(random.next() % UInt64(whole.count))] = UInt8(random.next() & 255)
      }
      var reader = WireReader(changed)
      if let read = try? reader.value(GuestReport.self) { #expect(read.verdicts.count <= whole.count) }
    }
  }
}
