import Domain

/// What stands in a table beside a message's text; never more than eight, none of them empty.
enum Facts {
  static func of(_ event: Event, _ situation: Situation) -> [(name: String, value: String)] {
    let worst = event.run.assertions.first { $0.outcome == event.run.outcome && $0.outcome != .passed }
    let isFiring = situation.isFiring
    let all: [(String, String)] = [
      ("Found", isFiring ? worst?.observed?.text ?? "" : ""), ("Expected", isFiring ? worst?.expected ?? "" : ""),
      ("Dataset", worst?.dataset ?? ""), ("Severity", event.severity.rawValue),
      ("Since", TimeWords.moment(situation.since)), ("Owner", event.owner),
      ("Tags", event.tags.prefix(20).joined(separator: ", ")),
    ]
    return all.map { ($0.0, TextLimit.oneLine(TextLimit.cut($0.1, utf16: 300))) }.filter { !$0.1.isEmpty }
  }
}
