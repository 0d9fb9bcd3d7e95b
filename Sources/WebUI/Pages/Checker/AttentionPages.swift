import Checking
import Domain
import Foundation
import HTTPTypes
import Hummingbird

/// What people do about an open alarm: acknowledge it, take that back, comment. And all that happened to it.
struct AttentionPages: RouteGroup {
  let site: Site

  /// As many lines as the page of the whole history shows.
  static let longestHistory = 500

  func add(to router: Router<WebContext>) {
    let path = "/checkers/:ns/:name"
    router.post("\(path)/acknowledge") { _, context in
      let id = try context.checkerID()
      let chosen = context.form.optional("for") ?? "open"
      guard let length = PauseLength.acknowledgements.first(where: { $0.key == chosen }) else {
        throw WebProblem(.unprocessableContent, "Not acknowledged", "Choose how long you look after it.")
      }
      let row = try Self.row(context)
      try await site.service.acknowledge(
        id, row: row, comment: context.form.trimmed("comment"), until: length.end(site.service.now()),
        author: context.author)
      return back(id, context, notice: "\(Self.name(id, row)): acknowledged. Nobody is reminded meanwhile.")
    }
    router.post("\(path)/unacknowledge") { _, context in
      let id = try context.checkerID()
      let row = try Self.row(context)
      try await site.service.withdrawAcknowledgement(id, row: row, author: context.author)
      return back(id, context, notice: "\(Self.name(id, row)): not acknowledged any more.")
    }
    router.post("\(path)/comments") { _, context in
      let id = try context.checkerID()
      try await site.service.comment(
        id, row: try Self.row(context), context.form.trimmed("text"), author: context.author)
      return Response.redirect(Link.checker(id) + "#history", notice: "Your comment stands in the history.")
    }
    router.get("\(path)/history") { request, context in
      let id = try context.checkerID()
      let isShort = request.query("only") == "people"
      let items = try await site.service.history(of: id, limit: Self.longestHistory, withDeliveries: !isShort)
      let lines = HistoryList(items, checker: id, limit: items.count, now: site.service.now()).lines
      let page = Page(
        "History of \(id.name)", section: .checkers,
        crumbs: CheckerPages.crumbs(id) + [Page.Crumb(id.name, Link.checker(id))], template: "history",
        model: HistoryModel(id, isShort: isShort, history: lines), isLive: true)
      return try await site.respond(page, request, context)
    }
  }

  /// The row that a form is about; `nil` for the checker's own alarm.
  private static func row(_ context: WebContext) throws -> RowKey? {
    guard let text = context.form.optional("row") else { return nil }
    guard let key = RowKey(canonical: text) else {
      throw WebProblem(.unprocessableContent, "No such row", "Open the checker's page and choose the row there.")
    }
    return key
  }

  private static func name(_ id: QualifiedName, _ row: RowKey?) -> String {
    id.name + (row.map { " (\($0.text))" } ?? "")
  }

  private func back(_ id: QualifiedName, _ context: WebContext, notice: String) -> Response {
    .redirect(CheckerPages(site: site).back(id, context), notice: notice)
  }

  struct HistoryModel: Sendable {
    var name: String
    var href: String
    var views: [RunPages.ListModel.Choice]
    var history: [HistoryEntry]

    init(_ id: QualifiedName, isShort: Bool, history: [HistoryEntry]) {
      name = id.name
      href = Link.checker(id)
      self.history = history
      let own = href + "/history"
      views = [
        .init(text: "Everything", href: own, isCurrent: !isShort),
        .init(text: "States and people only", href: own + "?only=people", isCurrent: isShort),
      ]
    }
  }
}

/// What the page of a checker, and a line of a list, offer for an open alarm.
struct Attention: Sendable {
  var href: String
  var name: String
  /// Something is open that nobody looks after.
  var canAcknowledge: Bool
  /// `Bob looks after it until 24 Nov 18:00 UTC: on my way`.
  var acknowledged: String?
  var isMuted: Bool
  var lengths: [PauseLength.Choice]
  var snoozes: [PauseLength.Choice]
  /// Where forms lead back to; empty for the checker's own page.
  var back: String
  /// The form for a silence of alarms like this one.
  var silence: String
  /// Of an alarm of one row: what forms name it by. Only the checker can be muted.
  var row: String?

  init(_ stored: StoredChecker, row: RowKey? = nil, back: String = "", now: Date) {
    href = Link.checker(stored.checker.id)
    name = stored.checker.id.name + (row.map { " (\($0.text))" } ?? "")
    self.row = row?.canonical
    self.back = back
    let id = "\(stored.checker.id)"
    silence = Link.query("/silences/new", [("checker", id), ("like", id)])
    let acknowledgement = stored.alarm.acknowledgement
    let isWaiting = row == nil && (stored.rows?.unattended ?? 0) > 0
    canAcknowledge = (stored.alarm.memory.trouble != nil && acknowledgement == nil) || isWaiting
    acknowledged = acknowledgement.map(Self.words)
    isMuted = stored.displayState(at: now) == .muted
    lengths = PauseLength.choices(PauseLength.acknowledgements)
    snoozes = PauseLength.choices(PauseLength.snoozes)
  }

  private static func words(_ acknowledgement: Acknowledgement) -> String {
    let end = acknowledgement.expiresAt.map { " until \(Words.moment($0)) UTC" } ?? ""
    let comment = acknowledgement.comment.isEmpty ? "" : ": \(acknowledgement.comment)"
    return "\(acknowledgement.author.capitalizedFirst) looks after it\(end)\(comment)"
  }
}
