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

  /// For how long and why: `for 4h: deploy`.
  package var words: String { Pause.words(from: startedAt, until: endsAt, reason) }
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

extension Acknowledgement {
  /// For how long and why: `for 4h: I look`; the comment alone when it lasts as long as the alarm.
  package var words: String {
    expiresAt == nil ? comment : Pause.words(from: at, until: expiresAt, comment)
  }
}

private enum Pause {
  static func words(from start: Date, until end: Date?, _ text: String) -> String {
    let seconds = end.map { $0.timeIntervalSince(start).rounded() }
    let length = seconds.map { "for \(DurationText.write($0))" } ?? "until it is taken off"
    return text.isEmpty ? length : "\(length): \(text)"
  }
}
