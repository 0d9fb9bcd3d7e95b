import Domain

/// Assertions that the database computes: each counts rows or measures one value, and states one verdict. They give 1 when
/// they hold, else 0, to modules that declare a result.
enum AssertionFunctions {
  static let all: [HostFunction] =
    [
      rows("assert_rows_less_than", "less than") { $0 < $1 },
      rows("assert_rows_greater_than", "greater than") { $0 > $1 },
      rows("assert_rows_equal", "exactly") { $0 == $1 },
      noRows,
      metric("assert_metric_less_than", "less than") { $0 < $1 },
      metric("assert_metric_greater_than", "greater than") { $0 > $1 },
      metric("assert_metric_equal", "exactly") { $0 == $1 },
      metricBetween,
    ]

  private typealias Comparison = @Sendable (ExactDecimal, ExactDecimal) -> Bool

  /// The types `shape` with and without a condition after its first two letters, with and without a result.
  private static func signatures(_ shapes: [String], filterAt position: Int) -> [Signature] {
    shapes.flatMap { shape in
      let filtered = String(shape.prefix(position)) + "ii" + String(shape.dropFirst(position))
      return [shape, filtered].flatMap { [Signature($0), Signature($0, "i")] }
    }
  }

  // MARK: rows

  private static func rows(_ name: String, _ words: String, _ holds: @escaping Comparison) -> HostFunction {
    HostFunction(name, signatures(["iiiii", "iiIii"], filterAt: 2)) { (frame: inout HostFrame) throws(GuestTrouble) in
      let counted = try countRows(&frame, hasFilter: frame.parameterCount == 7)
      let limit = frame.integer()
      try state(name, counted, "\(words) \(limit) rows", &frame) { holds($0, ExactDecimal(limit)) }
    }
  }

  private static let noRows = HostFunction("assert_no_rows", signatures(["iiii"], filterAt: 2)) {
    (frame: inout HostFrame) throws(GuestTrouble) in
    let counted = try countRows(&frame, hasFilter: frame.parameterCount == 6)
    try state("assert_no_rows", counted, "no rows", &frame) { $0.isZero }
  }

  private static func countRows(
    _ frame: inout HostFrame, hasFilter: Bool
  ) throws(GuestTrouble) -> MeasureFunctions.Measured {
    let dataset = try frame.name("dataset name")
    let filter = hasFilter ? try frame.name("condition") : ""
    let value = try frame.host.measure(dataset, "count(*)", filter: filter.isEmpty ? nil : filter).cell
    return MeasureFunctions.Measured(dataset: dataset, expression: "count(*)", value: value)
  }

  // MARK: metrics

  private static func metric(_ name: String, _ words: String, _ holds: @escaping Comparison) -> HostFunction {
    HostFunction(name, signatures(["iiiiFii"], filterAt: 4)) { (frame: inout HostFrame) throws(GuestTrouble) in
      let measured = try MeasureFunctions.measured(&frame, hasFilter: frame.parameterCount == 9)
      let limit = try threshold(&frame)
      try state(name, measured, "\(measured.expression) \(words) \(limit)", &frame) { holds($0, limit) }
    }
  }

  private static let metricBetween = HostFunction("assert_metric_between", signatures(["iiiiFFii"], filterAt: 4)) {
    (frame: inout HostFrame) throws(GuestTrouble) in
    let measured = try MeasureFunctions.measured(&frame, hasFilter: frame.parameterCount == 10)
    let low = try threshold(&frame)
    let high = try threshold(&frame)
    try state("assert_metric_between", measured, "\(measured.expression) between \(low) and \(high)", &frame) {
      low <= $0 && $0 <= high
    }
  }

  private static func threshold(_ frame: inout HostFrame) throws(GuestTrouble) -> ExactDecimal {
    let value = frame.double()
    guard let exact = ExactDecimal(value) else {
      throw GuestTrouble(.trap, "The code compared with \(value), which is no number.")
    }
    return exact
  }

  private static func state(
    _ assertion: String, _ measured: MeasureFunctions.Measured, _ expected: String, _ frame: inout HostFrame,
    _ holds: (ExactDecimal) -> Bool
  ) throws(GuestTrouble) {
    let message = try frame.message("message", limit: frame.host.limits.messageBytes)
    guard let value = measured.value.exactDecimal else {
      let found = measured.value == .null ? "NULL" : "'\(measured.value.text)'"
      throw GuestTrouble(
        .dataset,
        "\(measured.expression) over dataset '\(measured.dataset)' is \(found), which no threshold can be compared with."
      )
    }
    let passed = holds(value)
    try frame.host.report(
      GuestVerdict(
        passed: passed, assertion: assertion, message: message, dataset: measured.dataset, observed: measured.value,
        expected: expected))
    frame.giveIfWanted(passed ? 1 : 0)
  }
}
