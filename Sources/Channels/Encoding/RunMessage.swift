import Domain

/// One message per run, with the keys that consumers of the first version know: `id`, `result`, `error`, `rule`,
/// `dataset`.
struct RunMessage: Sendable {
  static let contentType = "application/json"

  let event: Event
  /// Rows of production data leave only where the action asks for them.
  let includesRows: Bool

  /// A warning is a rule that does not hold, and a run that could not conclude anything did not succeed.
  var hasSucceeded: Bool { event.run.outcome == .passed }

  /// At most `CloudEvent.maximumBytes`: failing rows go first, then long texts.
  var encoded: [UInt8] {
    for limit in includesRows ? [1_000, 100, 10, 0] : [0] {
      let bytes = json(rows: limit, characters: 2_000, rules: .max).encoded
      if bytes.count <= CloudEvent.maximumBytes { return bytes }
    }
    return json(rows: 0, characters: 200, rules: 50).encoded
  }

  private func json(rows: Int, characters: Int, rules: Int) -> JSON {
    let assertions = event.run.assertions
    let names = assertions.prefix(rules).map { EventData.shortened($0.name, to: characters) }
    return .object([
      "id": .string("\(event.checker)"),
      "result": .string(hasSucceeded ? "succeeded" : "failed"),
      "error": hasSucceeded ? .null : .string(EventData.shortened(event.run.summary, to: characters)),
      "rule": .array(names.map { .string($0) }),
      "dataset": datasets(rows: rows, rules: rules),
    ])
  }

  /// The failing rows by dataset; an empty list where there are none or rows stay at home.
  private func datasets(rows: Int, rules: Int) -> JSON {
    var members: [String: [JSON]] = [:]
    for assertion in event.run.assertions.prefix(rules) {
      let failing = assertion.sample?.rows.prefix(rows).map { JSON.array($0.map { JSON($0) }) } ?? []
      members[assertion.dataset, default: []] += failing
    }
    return .object(members.mapValues { .array($0) })
  }
}
