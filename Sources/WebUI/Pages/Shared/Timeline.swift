package import Domain

/// Bars of a checker's last hours or days, as one SVG with one path per state.
package enum Timeline {
  /// The drawing for `{{{timeline}}}`; `words` says it for those who do not see it.
  package static func svg(_ slots: [Outcome?], range: TimelineRange, state: String) -> String {
    let bars = slots.count == usual.count ? usual : Self.bars(slots.count)
    var paths: [(name: String, drawing: String)] = [("ok", ""), ("red", ""), ("err", ""), ("none", "")]
    for (slot, bar) in zip(slots, bars) {
      switch slot {
      case .passed: paths[0].drawing += bar.passed
      case .warned, .failed: paths[1].drawing += bar.failed
      case .errored: paths[2].drawing += bar.errored
      case nil: paths[3].drawing += bar.none
      }
    }
    let drawn = paths.filter { !$0.drawing.isEmpty }.map { "<path class=\"\($0.name)\" d=\"\($0.drawing)\"/>" }
    return "<svg class=\"tl\" viewBox=\"0 0 208 20\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\""
      + "\(range.words), now \(state.lowercased())\">\(drawn.joined())</svg>"
  }

  /// What a slot draws, for each outcome.
  private struct Bar {
    var passed, failed, errored, none: String

    init(x: String, width: String) {
      passed = "M\(x) 9h\(width)v11h-\(width)z"
      failed = "M\(x) 0h\(width)v20h-\(width)z"
      errored = [("0", 4), ("6", 4), ("12", 4), ("17", 3)].map { y, height in
        "M\(x) \(y)h\(width)v\(height)h-\(width)z"
      }.joined()
      none = "M\(x) 17h\(width)v3h-\(width)z"
    }
  }

  /// Long lists draw many: their bars are written once.
  private static let usual = bars(TimelineRange.day.slots)

  private static func bars(_ count: Int) -> [Bar] {
    let step = 208 / Double(max(1, count))
    return (0..<count).map { Bar(x: tenths(Double($0) * step), width: tenths(step * 0.67)) }
  }

  private static func tenths(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}

extension TimelineRange {
  package var words: String {
    switch self {
    case .day: "Last 24 hours"
    case .week: "Last 7 days"
    case .month: "Last 30 days"
    }
  }

  package var short: String {
    switch self {
    case .day: "24 h"
    case .week: "7 d"
    case .month: "30 d"
    }
  }
}

/// A line of measured values.
package enum Sparkline {
  /// The `points` of a polyline in a box of 100 by 28, or `nil` with fewer than two values. Gaps are left out.
  package static func points(_ values: [Double?]) -> String? {
    let known = values.enumerated().compactMap { index, value in
      value.flatMap { $0.isFinite ? (index: Double(index), value: $0) : nil }
    }
    guard known.count > 1, let low = known.map(\.value).min(), let high = known.map(\.value).max() else { return nil }
    let last = Double(max(1, values.count - 1))
    let height = high - low
    return known.map { point in
      let y = height > 0 ? 26 - (point.value - low) / height * 24 : 26
      return "\(rounded(point.index / last * 100)),\(rounded(y))"
    }.joined(separator: " ")
  }

  private static func rounded(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(abs(tenths % 10))"
  }
}
