import Domain
import Foundation
import Sandbox
import Testing

/// What the tests run guests in, and with.
enum Guests {
  static let vendorFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../.vendor").standardizedFileURL.path

  static let sandbox: any Sandbox = isInWorker ? worker : WasmtimeSandbox(.init(vendorFolders: [vendorFolder]))

  /// Whether all guests of these tests are to run in a process of their own.
  static let isInWorker = ProcessInfo.processInfo.environment["TEST_CODE_IN_WORKER"] != nil

  static let worker = WorkerSandbox(
    .init(
      program: Workers.program, arguments: [CodeWorker.command], vendorFolders: [vendorFolder],
      cacheFolder: Workers.cacheFolder),
    complain: { print($0) })

  static let now = Date(timeIntervalSince1970: 1_700_000_000.5)

  static func task(
    _ program: [UInt8], data: any GuestData = FixedData(), limits: GuestLimits = .module,
    parameters: [String: String] = [:], previous: [GuestContext.PreviousRun] = []
  ) -> GuestTask {
    GuestTask(
      program: .module(program),
      context: GuestContext(
        namespace: "shop", checker: "guest", runID: "run-1", seed: 42, now: now, parameters: parameters,
        previous: previous),
      data: data, limits: limits)
  }

  static func run(
    _ text: String, data: any GuestData = FixedData(), limits: GuestLimits = .module,
    parameters: [String: String] = [:], previous: [GuestContext.PreviousRun] = []
  ) async -> GuestReport {
    await sandbox.run(
      task(Array(text.utf8), data: data, limits: limits, parameters: parameters, previous: previous))
  }

  /// Why the module cannot be run.
  static func refusal(
    _ bytes: [UInt8], limits: GuestLimits = .module, sourceLocation: SourceLocation = #_sourceLocation
  ) async -> GuestTrouble? {
    do throws(GuestTrouble) {
      let description = try await sandbox.prepare(bytes, limits: limits)
      Issue.record("was accepted: \(description)", sourceLocation: sourceLocation)
      return nil
    } catch {
      return error
    }
  }

  static func refusal(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) async -> GuestTrouble? {
    await refusal(Array(text.utf8), sourceLocation: sourceLocation)
  }

  /// A module with the imports that most need; `body` is that of `check`.
  static func module(_ body: String, imports: String = "", pages: String = "1", more: String = "") -> String {
    """
    (module
      (import "checker" "ok" (func $ok (param i32 i32)))
      (import "checker" "fail" (func $fail (param i32 i32)))
      \(imports)
      (memory (export "memory") \(pages))
      (data (i32.const 16) "users")
      (data (i32.const 32) "all rows are fine")
      \(more)
      (func (export "check") \(body)))
    """
  }

  /// States one verdict, so that a run has one.
  static let sayOK = "(call $ok (i32.const 32) (i32.const 17))"
}

/// Datasets that are at hand.
struct FixedData: GuestData {
  var datasets: [String: ResultSet] = [:]
  var measures: [String: Cell] = [:]

  func dataset(_ name: String) async throws(GuestDataError) -> ResultSet {
    guard let rows = datasets[name] else {
      throw GuestDataError(.unknown, "There is no dataset '\(name)' in the namespace 'shop'.")
    }
    return rows
  }

  func measure(_ dataset: String, expression: String, filter: String?) async throws(GuestDataError) -> MeasuredValue {
    let key = [dataset, expression, filter].compactMap { $0 }.joined(separator: "|")
    guard let cell = measures[key] else { throw GuestDataError(.query, "The database does not know \(key).") }
    return MeasuredValue(cell)
  }
}

/// Rows of users, with every kind of storage.
enum Samples {
  static let users = ResultSet(
    columns: [
      column("id", .integer, .integers([1, 2, 3])),
      column("score", .double, .doubles([1.5, -2, 0]), validity: [0b011]),
      column("active", .boolean, .booleans([true, false, true])),
      column("name", .text, texts("Ada", "", "say \"hi\",\nall"), validity: [0b111]),
      column("balance", .decimal, texts("10.50", "0.05", "-3"), validity: [0b101]),
      column("note", .other, .nulls),
    ], rowCount: 3)

  static func column(
    _ name: String, _ type: ColumnType, _ storage: ColumnVector.Storage, validity: [UInt8] = []
  ) -> ColumnVector {
    ColumnVector(description: ColumnDescription(name: name, type: type), validity: validity, storage: storage)
  }

  static func texts(_ texts: String...) -> ColumnVector.Storage {
    var offsets = [0]
    var bytes: [UInt8] = []
    for text in texts {
      bytes += text.utf8
      offsets.append(bytes.count)
    }
    return .bytes(offsets: offsets, bytes: bytes)
  }

  static let data = FixedData(datasets: ["users": users])
}
