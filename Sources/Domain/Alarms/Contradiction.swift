extension [AlarmMatcher] {
  /// Why no alarm can ever fit, in words that say what to mend; `nil` where one may.
  package var contradiction: String? {
    for field in AlarmMatcher.Field.allCases {
      let own = filter { $0.field == field }
      if own.isEmpty { continue }
      let found = field.hasManyValues ? own.manyValued : own.oneValued
      if let found { return found }
    }
    return misplaced
  }

  /// Of what an alarm has one of: some value must fit them all.
  private var oneValued: String? {
    if let all = first(where: { $0.isNegated && $0.values.contains(where: \.fitsEverything) }) {
      return "\(all.text) leaves no alarm: leave it out, or say which"
    }
    let wanted = filter { !$0.isNegated }
    if let severity = first, severity.field == .severity {
      return fits(anyOf: Severity.allCases.map(\.rawValue)) ? nil : apart
    }
    for one in wanted where one.values.allSatisfy({ !$0.contains("*") }) && !fits(anyOf: one.values) { return apart }
    for (index, one) in wanted.enumerated() {
      for other in wanted[(index + 1)...] where !one.overlaps(other) { return apart }
    }
    return nil
  }

  /// Of what an alarm may have several of: one of those that are wanted must be left.
  private var manyValued: String? {
    for one in self where !one.isNegated {
      let against = filter { other in other.isNegated && one.values.contains { other.excludes($0) } }
      if one.values.allSatisfy({ value in against.contains { $0.excludes(value) } }) {
        return "no alarm fits \(([one] + against).together) at once: leave one of them out"
      }
    }
    return nil
  }

  /// Checkers that are wanted, all of them outside of the namespaces that are.
  private var misplaced: String? {
    let namespaces = filter { $0.field == .namespace }
    for one in self where one.field == .checker && !one.isNegated {
      let known = one.values.compactMap(\.namespacePart)
      guard known.count == one.values.count, !namespaces.fits(anyOf: known) else { continue }
      return "no alarm fits \(([one] + namespaces).together) at once: leave one of them out"
    }
    return nil
  }

  /// Some value is as all of these say.
  private func fits(anyOf values: [String]) -> Bool {
    values.contains { value in
      allSatisfy { matcher in matcher.values.contains { AlarmMatcher.fits(value, pattern: $0) } != matcher.isNegated }
    }
  }

  private var apart: String {
    let values = filter { !$0.isNegated }.flatMap(\.values).joined(separator: ",")
    let either =
      contains(where: \.isNegated) ? "leave one of them out" : "write \(self[0].field.rawValue)=\(values) for either"
    return "no alarm fits \(together) at once: \(either)"
  }

  private var together: String { map(\.text).joined(separator: " and ") }
}

extension AlarmMatcher {
  /// Those of its values that can be no checker's name, which is `namespace/name`.
  package var bareNames: [String] {
    field == .checker ? values.filter { !$0.contains("/") && !$0.hasPrefix("*") } : []
  }

  fileprivate func overlaps(_ other: AlarmMatcher) -> Bool {
    values.contains { own in other.values.contains { Self.overlap(own, $0) } }
  }

  /// Some text may fit both; where both have a `*`, only their beginnings and ends are looked at.
  private static func overlap(_ left: String, _ right: String) -> Bool {
    if !left.contains("*") { return fits(left, pattern: right) }
    if !right.contains("*") { return fits(right, pattern: left) }
    let heads = (left.prefix { $0 != "*" }, right.prefix { $0 != "*" })
    let tails = (left.reversed().prefix { $0 != "*" }, right.reversed().prefix { $0 != "*" })
    return (heads.0.hasPrefix(heads.1) || heads.1.hasPrefix(heads.0))
      && (tails.0.starts(with: tails.1) || tails.1.starts(with: tails.0))
  }

  /// Of a condition with `!=`: nothing that fits `value` is left.
  fileprivate func excludes(_ value: String) -> Bool {
    values.contains {
      $0 == value || $0.fitsEverything || (!value.contains("*") && Self.fits(value, pattern: $0))
    }
  }
}

extension AlarmMatcher.Field {
  fileprivate var hasManyValues: Bool { self == .tag || self == .dataSource }
}

extension String {
  fileprivate var fitsEverything: Bool { contains("*") && allSatisfy { $0 == "*" } || self == "*/*" }

  /// What stands before the slash, where that is no pattern.
  fileprivate var namespacePart: String? {
    guard let slash = firstIndex(of: "/") else { return nil }
    let part = String(self[..<slash])
    return part.contains("*") ? nil : part
  }
}
