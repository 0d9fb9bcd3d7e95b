import Domain

/// Aggregates that the database computes: no row comes over. With two more arguments, only over the rows that a condition
/// holds for.
enum MeasureFunctions {
  static let all: [HostFunction] = [
    HostFunction("metric", [Signature("iiii", "F"), Signature("iiiiii", "F")]) {
      (frame: inout HostFrame) throws(GuestTrouble) in
      frame.give(double(try measured(&frame, hasFilter: frame.parameterCount == 6).value))
    },
    HostFunction("metric_text", [Signature("iiiiii", "i"), Signature("iiiiiiii", "i")]) {
      (frame: inout HostFrame) throws(GuestTrouble) in
      let value = try measured(&frame, hasFilter: frame.parameterCount == 8).value
      if value == .null {
        frame.give(Int32(-1))
      } else {
        try frame.hand(Array(value.text.utf8))
      }
    },
  ]

  struct Measured {
    var dataset: String
    var expression: String
    var value: Cell
  }

  static func measured(_ frame: inout HostFrame, hasFilter: Bool) throws(GuestTrouble) -> Measured {
    let dataset = try frame.name("dataset name")
    let expression = try frame.name("expression")
    let filter = hasFilter ? try frame.name("condition") : nil
    return Measured(
      dataset: dataset, expression: expression,
      value: try frame.host.measure(dataset, expression, filter: filter.flatMap { $0.isEmpty ? nil : $0 }).cell)
  }

  /// NULL and what is no number: NaN.
  static func double(_ cell: Cell) -> Double {
    switch cell {
    case .double(let value): value
    case .integer(let value): Double(value)
    case .boolean(let value): value ? 1 : 0
    case .decimal(let text), .text(let text): Double(text) ?? .nan
    case .null, .binary: .nan
    }
  }
}
