import Domain

/// Every kind of rule.
package enum RuleCatalogue {
  package static let kinds: [any RuleKind] = [
    RowCount(), NoRows(), Missing(), Unique(), AcceptedValues(), Range(), Pattern(), Freshness(), Condition(),
    MetricRule(),
  ]

  private static let byKey = Dictionary(uniqueKeysWithValues: kinds.map { ($0.key, $0) })

  package static func kind(_ key: String) -> (any RuleKind)? { byKey[key] }

  package static var keys: [String] { kinds.map(\.key) }
}
