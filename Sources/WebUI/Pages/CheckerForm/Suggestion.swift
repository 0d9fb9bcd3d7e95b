import Domain
import Foundation

/// A rule that a column invites.
struct Suggestion: Sendable, Hashable {
  var check: String
  var dataset: String
  var column: String

  /// At most so many are offered.
  static let most = 6

  /// What the button sends.
  var command: String { [check, dataset, column].map(Link.part).joined(separator: ":") }

  init(check: String, dataset: String, column: String) {
    self.check = check
    self.dataset = dataset
    self.column = column
  }

  init?(command: String) {
    let parts = command.split(separator: ":").compactMap { $0.removingPercentEncoding }
    guard parts.count == 3 else { return nil }
    self.init(check: parts[0], dataset: parts[1], column: parts[2])
  }

  var label: String {
    switch check {
    case "missing": "\(column) is not missing"
    case "unique": "\(column) is unique"
    case "freshness": "newest \(column) under 24 h old"
    case "range": "\(column) is 0 or more"
    default: "\(column) is one of…"
    }
  }

  var rule: RuleForm {
    var rule = RuleForm(check: check, dataset: dataset)
    rule.parameters["column"] = column
    switch check {
    case "freshness":
      rule.threshold = "must_be_less_than"
      rule.low = "24"
    case "range": rule.parameters["min"] = "0"
    default: break
    }
    return rule
  }

  /// What the columns of `dataset` invite and no rule asserts yet, the likeliest first.
  static func all(for columns: [ColumnDescription], of dataset: String, beside rules: [RuleForm]) -> [Suggestion] {
    let known = Set(
      rules.map { Suggestion(check: $0.check, dataset: $0.dataset, column: $0.parameters["column"] ?? "") })
    let ranked = columns.prefix(200).flatMap { column in
      checks(for: column).map { (rank: $0.rank, Suggestion(check: $0.check, dataset: dataset, column: column.name)) }
    }
    var shown: [Suggestion] = []
    for (_, suggestion) in ranked.sorted(by: { $0.rank < $1.rank }) where !known.contains(suggestion) {
      // A query may name two of its columns alike.
      if shown.count < most, !shown.contains(suggestion) { shown.append(suggestion) }
    }
    return shown
  }

  private static func checks(for column: ColumnDescription) -> [(rank: Int, check: String)] {
    let name = column.name.lowercased()
    let isKey = name == "id" || name == "uuid" || name == "email" || name == "sku"
    let isLink = name.hasSuffix("_id")
    let isTime =
      column.type == .timestamp || column.type == .date || name.hasSuffix("_at") || name.hasSuffix("_on")
    let amounts = ["amount", "price", "total", "quantity", "stock", "count", "age", "balance"]
    let isAmount = amounts.contains { name.contains($0) }
    let words = ["status", "state", "kind", "type", "currency", "country", "role", "level"]
    var found: [(rank: Int, check: String)] = []
    if isKey { found.append((0, "unique")) }
    if isTime, ["created", "updated", "inserted", "loaded", "placed", "paid", "signed"].contains(where: name.contains) {
      found.append((2, "freshness"))
    }
    if isAmount, [.integer, .double, .decimal, .other].contains(column.type) { found.append((3, "range")) }
    if words.contains(where: { name == $0 || name.hasSuffix("_" + $0) }) { found.append((4, "accepted_values")) }
    found.append((isKey || isLink ? 1 : isTime ? 6 : name.contains("email") ? 1 : 5, "missing"))
    return found
  }
}
