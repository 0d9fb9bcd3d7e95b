import Domain

extension Event {
  /// With texts of a length that can be worked on. Users write checkers, and databases hold anything: a value of a
  /// hundred megabytes must cost one alarm its end, not the service its time.
  var bounded: Event {
    var event = self
    event.description = TextLimit.cut(description, utf8: 16_000)
    event.owner = TextLimit.cut(owner, utf8: 1000)
    event.tags = tags.prefix(100).map { TextLimit.cut($0, utf8: 1000) }
    event.runbook = TextLimit.cut(runbook, utf8: 32_000)
    event.run.reason = run.reason.map { TextLimit.cut($0, utf8: 16_000) }
    event.run.log = ""
    // The worst must stay: it is what the alarm is about.
    let kept = run.assertions.filter { $0.outcome != .passed } + run.assertions.filter { $0.outcome == .passed }
    event.run.assertions = (run.assertions.count > 200 ? Array(kept.prefix(200)) : run.assertions).map(\.bounded)
    return event
  }
}

extension Assertion {
  fileprivate var bounded: Assertion {
    var assertion = self
    assertion.name = TextLimit.cut(name, utf8: 4000)
    assertion.check = TextLimit.cut(check, utf8: 200)
    assertion.dataset = TextLimit.cut(dataset, utf8: 1000)
    assertion.message = TextLimit.cut(message, utf8: 8000)
    assertion.expected = TextLimit.cut(expected, utf8: 4000)
    if let observed {
      assertion.observed = Observation(observed.value.bounded(500), unit: TextLimit.cut(observed.unit, utf8: 100))
    }
    assertion.sample?.columns = sample?.columns.prefix(1000).map { TextLimit.cut($0, utf8: 500) } ?? []
    assertion.sample?.rows = sample?.rows.prefix(1000).map { $0.prefix(1000).map { $0.bounded(8000) } } ?? []
    return assertion
  }
}

extension Cell {
  /// At most `limit` bytes of text; numbers of as many digits stay what they are.
  fileprivate func bounded(_ limit: Int) -> Cell {
    switch self {
    case .text(let text): .text(TextLimit.cut(text, utf8: limit))
    case .decimal(let text) where text.utf8.count > limit: .text(TextLimit.cut(text, utf8: limit))
    case .binary(let bytes) where bytes.count > limit: .binary(Array(bytes.prefix(limit)))
    case .null, .boolean, .integer, .double, .decimal, .binary: self
    }
  }
}
