package import Foundation

/// Why and how long a checker's alarm tells nobody. Its runs and its state go on.
package struct Mute: Hashable, Codable, Sendable {
  package var reason: String
  /// Who muted it.
  package var author: String
  package var startedAt: Date
  /// `nil`: until somebody takes it off.
  package var endsAt: Date?

  package init(reason: String, author: String, startedAt: Date, endsAt: Date?) {
    self.reason = reason
    self.author = author
    self.startedAt = startedAt
    self.endsAt = endsAt
  }

  package func isActive(at time: Date) -> Bool { endsAt.map { time < $0 } ?? true }
}

/// That somebody looks after an open alarm: nobody is reminded meanwhile. It ends with the alarm, or at its time.
package struct Acknowledgement: Hashable, Codable, Sendable {
  package var author: String
  package var comment: String
  package var at: Date
  /// `nil`: until the alarm is resolved.
  package var expiresAt: Date?

  package init(author: String, comment: String = "", at: Date, expiresAt: Date? = nil) {
    self.author = author
    self.comment = comment
    self.at = at
    self.expiresAt = expiresAt
  }
}
