import Domain
import Foundation
import Sandbox

/// What the tests run scripts in, and with.
enum Scripts {
  /// Machine code is kept between runs of the tests, which spares compiling CPython each time.
  static let sandbox: any Sandbox =
    Guests.isInWorker
    ? Guests.worker
    : WasmtimeSandbox(
      .init(vendorFolders: [Guests.vendorFolder], cacheFolder: Workers.cacheFolder))

  /// Saturday, 2024-05-18, 02:40:00.250 UTC: still Friday in New York.
  static let now = Date(timeIntervalSince1970: 1_716_000_000.25)

  static func run(
    _ language: ScriptLanguage, _ source: String, data: any GuestData = ScriptData(),
    libraries: [String: String] = [:], parameters: [String: String] = [:],
    previous: [GuestContext.PreviousRun] = [], timeZone: String = "UTC", now: Date = now, seed: UInt64 = 42,
    limits: GuestLimits = .script, isTrial: Bool = false
  ) async -> GuestReport {
    await sandbox.run(
      GuestTask(
        program: .script(language, source: source, fileName: "emails.\(language.fileExtension)"), libraries: libraries,
        context: GuestContext(
          namespace: "shop", checker: "emails", runID: "run-1", seed: seed, now: now, timeZone: timeZone,
          parameters: parameters, previous: previous),
        data: data, limits: limits, isTrial: isTrial))
  }

  static func python(_ source: String, limits: GuestLimits = .script) async -> GuestReport {
    await run(.python, source, limits: limits)
  }

  static func javascript(_ source: String, limits: GuestLimits = .script) async -> GuestReport {
    await run(.javascript, source, limits: limits)
  }

  /// Little time, so that endless loops end soon.
  static var short: GuestLimits {
    var limits = GuestLimits.script
    limits.seconds = 1
    return limits
  }
}

/// Datasets for scripts, with every type of column.
struct ScriptData: GuestData {
  func dataset(_ name: String) async throws(GuestDataError) -> ResultSet {
    guard let found = Self.all[name] else {
      throw GuestDataError(.unknown, "There is no dataset '\(name)' in the namespace 'shop'. Did you mean 'orders'?")
    }
    return found
  }

  func measure(_ dataset: String, expression: String, filter: String?) async throws(GuestDataError) -> MeasuredValue {
    switch (dataset, expression, filter) {
    case ("orders", "count(*)", nil): return MeasuredValue(.integer(4), type: .integer)
    case ("orders", "count(*)", "amount > 1"): return MeasuredValue(.integer(2), type: .integer)
    case ("orders", "sum(amount)", nil): return MeasuredValue(.decimal("12345678901234567890.12"), type: .decimal)
    case ("orders", "max(name)", nil): return MeasuredValue(.text("Zoë"), type: .text)
    case ("orders", "avg(score)", nil): return MeasuredValue(.null)
    case ("orders", "max(id)", nil): return MeasuredValue(.integer(.max), type: .integer)
    case ("orders", "max(day)", nil): return MeasuredValue(.text("2024-02-29"), type: .date)
    case ("orders", "max(at)", nil): return MeasuredValue(.text("2024-05-18 02:00:00"), type: .timestamp)
    default: throw GuestDataError(.query, "no such function: \(expression)")
    }
  }

  static let all: [String: ResultSet] = [
    "users_with_email_null": rows(50), "few": rows(3), "none": rows(0), "orders": orders, "big": big,
  ]

  static func rows(_ count: Int) -> ResultSet {
    ResultSet(columns: [texts("username", .text, (0..<count).map { "u\($0)" })], rowCount: count)
  }

  /// Four rows; of most columns the second is NULL.
  static let orders = ResultSet(
    columns: [
      ColumnVector(description: .init(name: "id", type: .integer), storage: .integers([1, 2, 2, .max])),
      texts("amount", .decimal, ["10.50", nil, "-0.1", "12345678901234567890.123456789"]),
      texts("day", .date, ["2024-02-29", nil, "2024-05-17", "infinity"]),
      texts("at", .timestamp, ["2024-05-17T12:00:00+02:00", nil, "2024-05-18T02:00:00", "2024-05-18T01:40:00.123456"]),
      texts("opens", .time, ["09:30:00", nil, "23:59:59.5", "00:00:00"]),
      texts(
        "token", .uuid,
        [
          "6b1bb1c0-0000-4000-8000-000000000001", nil, "6b1bb1c0-0000-4000-8000-000000000002",
          "6b1bb1c0-0000-4000-8000-000000000003",
        ]),
      texts("extra", .json, [#"{"a": [1, 2.5, null]}"#, nil, "[]", "\"text\""]),
      texts("name", .text, ["Zoë", nil, "日本 🎈", ""]),
      ColumnVector(
        description: .init(name: "blob", type: .binary), validity: [0b1101],
        storage: .bytes(offsets: [0, 2, 2, 3, 3], bytes: [0x00, 0xFF, 0x7F])),
      ColumnVector(
        description: .init(name: "score", type: .double), validity: [0b1101],
        storage: .doubles([1.5, 0, .nan, -.infinity])),
      ColumnVector(
        description: .init(name: "paid", type: .boolean), validity: [0b1101],
        storage: .booleans([true, false, false, true])),
      ColumnVector(description: .init(name: "nothing", type: .other), storage: .nulls),
    ], rowCount: 4)

  static let big = ResultSet(
    columns: [
      ColumnVector(
        description: .init(name: "id", type: .integer), storage: .integers((0..<100_000).map { Int64($0) })),
      ColumnVector(
        description: .init(name: "amount", type: .double), storage: .doubles((0..<100_000).map { Double($0) / 2 })),
      ColumnVector(
        description: .init(name: "quantity", type: .integer), storage: .integers((0..<100_000).map { $0 % 7 })),
      ColumnVector(
        description: .init(name: "paid", type: .boolean), storage: .booleans((0..<100_000).map { $0 % 2 == 0 })),
      texts("name", .text, (0..<100_000).map { "customer \($0 % 100)" }),
    ], rowCount: 100_000)

  private static func texts(_ name: String, _ type: ColumnType, _ values: [String?]) -> ColumnVector {
    var validity = [UInt8](repeating: 0, count: (values.count + 7) / 8)
    var offsets = [0]
    var bytes: [UInt8] = []
    for (index, value) in values.enumerated() {
      if let value {
        validity[index >> 3] |= 1 << UInt8(index & 7)
        bytes += value.utf8
      }
      offsets.append(bytes.count)
    }
    return ColumnVector(
      description: .init(name: name, type: type), validity: values.contains(nil) ? validity : [],
      storage: .bytes(offsets: offsets, bytes: bytes))
  }
}
