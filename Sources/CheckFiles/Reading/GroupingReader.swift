import Domain

/// Reads what an action sends together: `group_by`, `group_wait`, `group_interval`.
enum GroupingReader {
  static let keys = ["group_by", "group_wait", "group_interval"]

  /// `nil` when nothing is sent together.
  static func read(_ reader: MappingReader) -> RoutingTree.Grouping? {
    guard reader.has("group_by") else {
      for key in ["group_wait", "group_interval"] where reader.has(key) {
        reader.problem(key, "says how long alarms wait for one another: set group_by too")
      }
      return nil
    }
    let by = reader.texts("group_by")
    for problem in by.compactMap(RoutingTree.Grouping.problem(with:)) { reader.problem("group_by", problem) }
    return RoutingTree.Grouping(
      by: by, waitSeconds: seconds("group_wait", reader) ?? RoutingTree.Grouping.standardWait,
      intervalSeconds: seconds("group_interval", reader) ?? RoutingTree.Grouping.standardInterval)
  }

  private static func seconds(_ key: String, _ reader: MappingReader) -> Double? {
    guard let text = reader.text(key) else { return nil }
    guard let seconds = DurationText.seconds(text), (0...86_400).contains(seconds) else {
      reader.problem(key, "is a time from 0s to 1d, such as 30s or 5m, not '\(text)'")
      return nil
    }
    return seconds
  }
}
