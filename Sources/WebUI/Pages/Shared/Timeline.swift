package import Domain

/// Bars of a checker's last hours or days, as one SVG with one path per state.
package enum Timeline {
  /// The drawing for `{{{timeline}}}`; `words` says it for those who do not see it.
  package static func svg(_ slots: [Outcome?], range: TimelineRange, state: String) -> String {
    let step = 208 / Double(max(1, slots.count))
    let width = tenths(step * 0.67)
    var paths: [(name: String, drawing: String)] = [("ok", ""), ("red", ""), ("err", ""), ("none", "")]
    for (index, slot) in slots.enumerated() {
      let x = tenths(Double(index) * step)
      switch slot {
      case .passed: paths[0].drawing += "M\(x) 9h\(width)v11h-\(width)z"
      case .warned, .failed: paths[1].drawing += "M\(x) 0h\(width)v20h-\(width)z"
      case .errored:
        for y in ["0", "6", "12", "17"] {
          paths[2].drawing += "M\(x) \(y)h\(width)v\(y == "17" ? 3 : 4)h-\(width)z"
        }
      case nil: paths[3].drawing += "M\(x) 17h\(width)v3h-\(width)z"
      }
    }
    let drawn = paths.filter { !$0.drawing.isEmpty }.map { "<path class=\"\($0.name)\" d=\"\($0.drawing)\"/>" }
    return "<svg class=\"tl\" viewBox=\"0 0 208 20\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\""
      + "\(range.words), now \(state.lowercased())\">\(drawn.joined())</svg>"
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
