package import Domain

/// Bars of a checker's last hours or days, as one SVG with one path per state.
///
/// Neighbours that came to the same are one dashed line, as thick as a bar is high: its dashes are the bars.
package enum Timeline {
  /// The drawing for `{{{timeline}}}`; `words` says it for those who do not see it.
  package static func svg(_ slots: [Outcome?], range: TimelineRange, state: String) -> String {
    let step = width / Double(max(1, slots.count))
    let bar = step * 0.67
    var paths: [(name: String, drawing: String)] = [("ok", ""), ("red", ""), ("err", ""), ("none", "")]
    var start = slots.startIndex
    while start < slots.endIndex {
      let path = pathIndex(slots[start])
      let end = slots[start...].firstIndex { pathIndex($0) != path } ?? slots.endIndex
      let (left, right) = (decimal(Double(start) * step), decimal(Double(end - 1) * step + bar))
      for line in lines[path] { paths[path].drawing += "M\(left) \(line)H\(right)" }
      start = end
    }
    let drawn = paths.filter { !$0.drawing.isEmpty }.map { "<path class=\"\($0.name)\" d=\"\($0.drawing)\"/>" }
    return "<svg class=\"tl\" viewBox=\"0 0 208 20\" preserveAspectRatio=\"none\" stroke-dasharray=\"\(decimal(bar)) "
      + "\(decimal(step - bar))\" role=\"img\" aria-label=\"\(range.words), now \(state.lowercased())\">"
      + "\(drawn.joined())</svg>"
  }

  private static let width: Double = 208

  /// The middles of the lines that each path has; `app.css` has how thick they are. What could not run is broken, so
  /// that it is told from red without colour.
  private static let lines = [["14.5"], ["10"], ["1.75", "7.25", "12.75", "18.25"], ["18.5"]]

  private static func pathIndex(_ slot: Outcome?) -> Int {
    switch slot {
    case .passed: 0
    case .warned, .failed: 1
    case .errored: 2
    case nil: 3
    }
  }

  /// With three decimals: dashes must not drift apart from bars over a whole line.
  private static func decimal(_ value: Double) -> String {
    let thousandths = Int((value * 1000).rounded())
    let rest = thousandths % 1000
    return rest == 0 ? "\(thousandths / 1000)" : "\(thousandths / 1000).\(String(1000 + rest).dropFirst())"
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
