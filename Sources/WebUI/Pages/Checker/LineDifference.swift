/// What changed between two texts, by line.
struct LineDifference: Sendable {
  struct Line: Sendable, Hashable {
    /// `add`, `del`, or empty.
    var css: String
    var text: String
  }

  var lines: [Line]
  var changes: Int { lines.count { !$0.css.isEmpty } }

  init(from old: String, to new: String) {
    let before = old.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let after = new.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let difference = after.difference(from: before)
    var removed = Set<Int>()
    var inserted = Set<Int>()
    for change in difference {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): inserted.insert(offset)
      }
    }
    lines = []
    var left = 0
    var right = 0
    while left < before.count || right < after.count {
      if left < before.count, removed.contains(left) {
        lines.append(Line(css: "del", text: before[left]))
        left += 1
      } else if right < after.count, inserted.contains(right) {
        lines.append(Line(css: "add", text: after[right]))
        right += 1
      } else {
        lines.append(Line(css: "", text: right < after.count ? after[right] : ""))
        left += 1
        right += 1
      }
    }
    while lines.last?.text.isEmpty == true, lines.last?.css.isEmpty == true { lines.removeLast() }
  }
}
