package import Domain
package import Foundation

extension CheckerService {
  /// Withholds the deliveries of a checker's alarm; its runs and its state go on. `until` nil: until taken off.
  package func mute(
    _ id: QualifiedName, reason: String, until: Date?, author: String
  ) async throws(ServiceError) {
    let time = now()
    if let until, until <= time {
      throw .invalid([FieldProblem(field: "until", message: "the end of a mute lies in the future")])
    }
    let mute = Mute(reason: reason, author: author, startedAt: time, endsAt: until)
    let entry = AlarmEntry(at: time, kind: .muted, author: author, text: mute.words)
    try await reading { () async throws(StoreError) in try await store.mute(id, mute, entry: entry) }
    try await withholdWaiting()
    announce(CheckerNews(checker: id, kind: .edited))
    wake()
  }

  package func unmute(_ id: QualifiedName, author: String) async throws(ServiceError) {
    let entry = AlarmEntry(at: now(), kind: .unmuted, author: author, text: "")
    try await reading { () async throws(StoreError) in
      try await store.mute(id, nil, entry: entry)
      // What was withheld and is still open is told now.
      try await store.tickWithheld(at: now())
    }
    wake()
    announce(CheckerNews(checker: id, kind: .edited))
  }

  /// Somebody looks after an open alarm: nobody is reminded until it is resolved, or until `until`. Without a `row`
  /// of a checker with an alarm per row: after all that is open of it.
  package func acknowledge(
    _ id: QualifiedName, row: RowKey? = nil, comment: String, until: Date?, author: String
  ) async throws(ServiceError) {
    let time = now()
    var problems: [FieldProblem] = []
    if let until, until <= time {
      problems.append(FieldProblem(field: "until", message: "the end of an acknowledgement lies in the future"))
    }
    if comment.count > Self.longestComment { problems.append(Self.tooLong(comment, field: "comment")) }
    if !problems.isEmpty { throw .invalid(problems) }
    let acknowledgement = Acknowledgement(author: author, comment: comment, at: time, expiresAt: until)
    let routing = try await routing()
    try await reading { () async throws(StoreError) in
      try await store.acknowledge(id, row: row, acknowledgement, router: routing)
    }
    wake()
    announce(CheckerNews(checker: id, kind: .edited))
  }

  package func withdrawAcknowledgement(
    _ id: QualifiedName, row: RowKey? = nil, author: String
  ) async throws(ServiceError) {
    try await reading { () async throws(StoreError) in
      try await store.withdrawAcknowledgement(id, row: row, author: author, at: now())
    }
    wake()
    announce(CheckerNews(checker: id, kind: .edited))
  }

  package static let longestComment = 10_000

  static func tooLong(_ text: String, field: String) -> FieldProblem {
    FieldProblem(field: field, message: "a comment has at most 10,000 characters, this one has \(text.count)")
  }

  package func comment(
    _ id: QualifiedName, row: RowKey? = nil, _ text: String, author: String
  ) async throws(ServiceError) {
    if text.isEmpty { throw .invalid([FieldProblem(field: "text", message: "a comment has some text")]) }
    if text.count > Self.longestComment { throw .invalid([Self.tooLong(text, field: "text")]) }
    try await reading { () async throws(StoreError) in
      try await store.comment(id, row: row, text, author: author, at: now())
    }
    announce(CheckerNews(checker: id, kind: .edited))
  }

  /// Lets time pass for alarms: what goes stale, whom to remind, what ends. Returns how many changed.
  package func tickAlarms(limit: Int = 200) async throws(ServiceError) -> Int {
    let routing = try await routing()
    let changed = try await reading { () async throws(StoreError) in
      try await store.tick(at: now(), aliveSince: aliveSince, limit: limit, router: routing)
    }
    for id in changed { announce(CheckerNews(checker: id, kind: .alarm)) }
    if !changed.isEmpty { wake() }
    return changed.count
  }
}
