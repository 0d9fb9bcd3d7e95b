import Checking
import Domain
import Foundation

/// One line of an alarm's history.
struct HistoryEntry: Sendable {
  var stateIcon: StateIcon?
  var lineIcon: String?
  var title: String
  /// More about it; a comment keeps its lines.
  var note: String?
  var href: String?
  var when: TimeText

  /// `items` are one, or deliveries of one event that fared alike, the newest first.
  init(_ items: [HistoryItem], checker: QualifiedName, now: Date) {
    let item = items[0]
    when = .ago(item.at, now: now)
    switch item.content {
    case .transition(let recorded):
      let transition = recorded.transition
      stateIcon = StateIcon(StateIcon.Shape(transition.to))
      title = transition.words
      note =
        transition.to == .green && transition.from != .unknown
        ? "After \(transition.timeBefore)" : recorded.summary
      href = transition.runID.isEmpty ? nil : Link.run(transition.runID)
    case .delivery(let delivery):
      lineIcon = "bolt"
      let actions = items.compactMap { item in
        if case .delivery(let delivery) = item.content { delivery.action } else { nil }
      }
      (title, note) = Self.words(delivery, to: WordList.text(actions.sorted()), now: now)
    case .entry(let entry):
      lineIcon = Self.icon(entry.kind)
      title = Self.title(entry)
      note = entry.text.isEmpty ? nil : entry.kind == .unheard ? entry.text.capitalizedFirst : entry.text
    case .edit(let edit):
      lineIcon = "edit"
      title = "\(edit.author.capitalizedFirst) saved version \(edit.version)"
      href = Link.checker(checker) + "/versions?version=\(edit.version)"
    }
    if let row = Self.row(item) { title = "\(row.text): \(title)" }
  }

  private static func row(_ item: HistoryItem) -> RowKey? {
    switch item.content {
    case .transition(let recorded): recorded.row
    case .delivery(let delivery): delivery.event.row
    case .entry(let entry): entry.row
    case .edit: nil
    }
  }

  private static func words(_ delivery: Delivery, to actions: String, now: Date) -> (String, String) {
    switch delivery.state {
    case .delivered:
      let end = delivery.finishedAt ?? delivery.createdAt
      let took = "Delivered in \(Words.duration(end.timeIntervalSince(delivery.createdAt) * 1000))"
      return ("Sent to \(actions)", delivery.reason.isEmpty ? took : "\(took). Why: \(delivery.reason)")
    case .waiting, .sending:
      return ("Waits for \(actions)", delivery.lastError ?? "Due \(Words.due(delivery.nextAttemptAt, now: now))")
    case .failed:
      return (
        "Not sent to \(actions)",
        delivery.lastError ?? "Given up after \(Words.count(delivery.attempts, "try", "tries"))"
      )
    case .withheld:
      return (
        "Withheld from \(actions)",
        delivery.reason.isEmpty ? "The checker was muted" : delivery.reason.capitalizedFirst
      )
    case .grouped: return ("Told \(actions) in another message", delivery.reason.capitalizedFirst)
    }
  }

  private static func title(_ entry: AlarmEntry) -> String {
    let author = entry.author.capitalizedFirst
    return switch entry.kind {
    case .acknowledged: "\(author) acknowledged it"
    case .acknowledgementWithdrawn: "\(author) took the acknowledgement back"
    case .acknowledgementExpired: "The acknowledgement by \(entry.author) ran out"
    case .comment: "\(author) wrote"
    case .muted: "\(author) muted it"
    case .runbook: "\(author) ran a query of the runbook"
    case .unmuted: "\(author) unmuted it"
    case .unheard: "Nobody was told: no action hears of it"
    }
  }

  private static func icon(_ kind: AlarmEntry.Kind) -> String {
    switch kind {
    case .acknowledged: "ack"
    case .acknowledgementWithdrawn, .acknowledgementExpired, .unmuted, .unheard: "bell"
    case .comment: "chat"
    case .muted: "snooze"
    case .runbook: "book"
    }
  }
}
