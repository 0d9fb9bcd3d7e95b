import Domain
import Foundation

/// The functions of `docs/wasm-abi.md`: data, verdicts, and what a guest may know.
enum CheckerFunctions {
  static let all = verdicts + data + context + RowFunctions.all + MeasureFunctions.all + AssertionFunctions.all

  private static let verdicts: [HostFunction] = [
    verdict("ok", passed: true), verdict("succeed", passed: true), verdict("fail", passed: false),
    HostFunction("log", "ii") { (frame: inout HostFrame) throws(GuestTrouble) in
      try frame.host.log(try frame.message("line", limit: frame.host.limits.logBytes))
    },
  ]

  private static func verdict(_ name: String, passed: Bool) -> HostFunction {
    HostFunction(name, "ii") { (frame: inout HostFrame) throws(GuestTrouble) in
      let message = try frame.message("message", limit: frame.host.limits.messageBytes)
      try frame.host.report(GuestVerdict(passed: passed, assertion: passed ? "ok" : "fail", message: message))
    }
  }

  private static let data: [HostFunction] = [
    dataset("dataset", .csv), dataset("datasets", .csv), dataset("dataset_csv", .csv), dataset("dataset_json", .json),
    dataset("dataset_columns", .columns), dataset("schema", .schema),
  ]

  private static func dataset(_ name: String, _ form: GuestDataset.Form) -> HostFunction {
    HostFunction(name, [Signature("iiii", "i"), Signature("ii", "ii")]) {
      (frame: inout HostFrame) throws(GuestTrouble) in
      let name = try frame.name("dataset name")
      let dataset = try frame.host.dataset(name)
      guard let count = dataset.byteCount(form, limit: frame.host.limits.datasetBytes) else {
        throw frame.host.tooMuchData(name)
      }
      try frame.hand(count: count, counting: name) { dataset.write(form, into: $0) }
    }
  }

  // MARK: context

  private static let context: [HostFunction] = [
    HostFunction("now", [Signature("", "F"), Signature("", "I")]) { (frame: inout HostFrame) throws(GuestTrouble) in
      let seconds = frame.host.task.context.now.timeIntervalSince1970
      if frame.givesWide {
        frame.give(Int64(exactly: (seconds * 1000).rounded()) ?? 0)
      } else {
        frame.give(seconds)
      }
    },
    HostFunction("random", "", "I") { (frame: inout HostFrame) throws(GuestTrouble) in
      frame.give(Int64(bitPattern: frame.host.random.next()))
    },
    HostFunction("param", "iiii", "i") { (frame: inout HostFrame) throws(GuestTrouble) in
      try frame.host.count()
      let name = try frame.name("parameter name")
      if let value = frame.host.task.context.parameters[name] {
        try frame.hand(Array(value.utf8))
      } else {
        frame.give(Int32(-1))
      }
    },
    HostFunction("previous_count", "", "i") { (frame: inout HostFrame) throws(GuestTrouble) in
      frame.give(Int32(clamping: frame.host.task.context.previous.count))
    },
    HostFunction("previous", "iii", "i") { (frame: inout HostFrame) throws(GuestTrouble) in
      try frame.host.count()
      let index = Int(frame.int32())
      let runs = frame.host.task.context.previous
      if runs.indices.contains(index) {
        try frame.hand(json(runs[index]))
      } else {
        frame.give(Int32(-1))
      }
    },
    HostFunction("previous_observed", "iii", "F") { (frame: inout HostFrame) throws(GuestTrouble) in
      try frame.host.count()
      let index = Int(frame.int32())
      let name = try frame.name("assertion name")
      let runs = frame.host.task.context.previous
      frame.give(runs.indices.contains(index) ? runs[index].observed[name] ?? .nan : .nan)
    },
  ]

  /// `{"started_at":1700000000,"outcome":"passed","observed":{"rows":12}}`
  static func json(_ run: GuestContext.PreviousRun) -> [UInt8] {
    var out = Array("{\"started_at\":".utf8)
    JSONText.cell(.double(run.startedAt.timeIntervalSince1970), to: &out)
    out += ",\"outcome\":".utf8
    JSONText.string(run.outcome.rawValue.utf8, to: &out)
    out += ",\"observed\":{".utf8
    for (index, (name, value)) in run.observed.sorted(by: { $0.key < $1.key }).enumerated() {
      if index > 0 { out.append(0x2C) }
      JSONText.string(name.utf8, to: &out)
      out.append(0x3A)
      JSONText.cell(.double(value), to: &out)
    }
    return out + Array("}}".utf8)
  }
}
