/// Finds what a user probably meant.
package enum Spelling {
  /// The candidate with the fewest edits to `word`, when that is few enough to be a slip; ignores case.
  package static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    let target = Array(word.lowercased())
    let limit = max(1, min(4, target.count / 2))
    var best: (name: String, distance: Int)?
    for candidate in candidates {
      let distance = edits(target, Array(candidate.lowercased()), limit: best.map { $0.distance - 1 } ?? limit)
      if let distance { best = (candidate, distance) }
      if best?.distance == 0 { break }
    }
    return best?.name
  }

  /// Levenshtein's distance with neighbouring swaps as one edit, or `nil` when above `limit`.
  private static func edits(_ left: [Character], _ right: [Character], limit: Int) -> Int? {
    guard limit >= 0, abs(left.count - right.count) <= limit else { return nil }
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for (i, a) in left.enumerated() {
      var current = [i + 1] + [Int](repeating: 0, count: right.count)
      for (j, b) in right.enumerated() {
        current[j + 1] = min(last[j + 1] + 1, current[j] + 1, last[j] + (a == b ? 0 : 1))
        if i > 0, j > 0, a == right[j - 1], left[i - 1] == b {
          current[j + 1] = min(current[j + 1], beforeLast[j - 1] + 1)
        }
      }
      beforeLast = last
      last = current
    }
    return last[right.count] <= limit ? last[right.count] : nil
  }
}
