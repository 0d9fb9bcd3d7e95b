import Checking
import Domain
import Foundation
import HTTPTypes
import Hummingbird

/// `/act`: what a link in a message leads to. It asks before it does anything: scanners of mail follow links.
struct SignedLinkPages: RouteGroup {
  let site: Site

  /// Who did it, in the history.
  private static let author = "somebody with a link from a message"
  private static let snooze: Double = 3600

  func add(to router: Router<WebContext>) {
    router.get(RouterPath(SignedLinks.path)) { request, context in
      let token = request.query("t")
      let (order, stored, row) = try await open(token)
      return try await show(Model(order, stored, row, token: token), request, context)
    }
    router.post(RouterPath(SignedLinks.path)) { request, context in
      let token = context.form["t"]
      let (order, stored, row) = try await open(token)
      try await perform(order, stored, row)
      return try await show(Model(order, stored, row, token: nil), request, context)
    }
  }

  private func open(_ token: String) async throws -> (SignedLinks.Order, StoredChecker, RowKey?) {
    let order: SignedLinks.Order
    do throws(SignedLinks.Refusal) { order = try site.access.links.order(token) } catch {
      let detail =
        switch error {
        case .notOurs: "The link is not whole, or was made before the secret was changed. Open the alarm in the pages."
        case .expired: "Links in messages work for seven days. Open the alarm in the pages."
        }
      throw WebProblem(.forbidden, "This link does not work", detail)
    }
    let (known, row) = try await find(order)
    guard let stored = known, let trouble = stored.alarm.memory.trouble,
      SignedLinks.seconds(trouble.openedAt) == order.openedAt
    else {
      throw WebProblem(
        .gone, "This alarm is over", "What the message told of was resolved meanwhile. Newer messages have newer links."
      )
    }
    return (order, stored, row)
  }

  /// The checker, with the alarm that the link is of.
  private func find(_ order: SignedLinks.Order) async throws -> (StoredChecker?, RowKey?) {
    guard var stored = try await site.service.store.checker(order.checker), let digest = order.row else {
      return (try await site.service.store.checker(order.checker), nil)
    }
    let rows = try await site.service.store.rowAlarms(of: order.checker)
    guard let row = rows.first(where: { $0.key.digest == digest }) else { return (nil, nil) }
    stored.alarm = row.alarm
    return (stored, row.key)
  }

  /// What somebody did already, for longer or by name, stays.
  private func perform(_ order: SignedLinks.Order, _ stored: StoredChecker, _ row: RowKey?) async throws {
    switch order.deed {
    case .acknowledge:
      if stored.alarm.acknowledgement != nil { return }
      try await site.service.acknowledge(
        order.checker, row: row, comment: "", until: nil, author: Self.author)
    case .snooze:
      let end = site.service.now() + Self.snooze
      if let row {
        // Only the checker can be muted; of one row, somebody looks after it for so long.
        if let known = stored.alarm.acknowledgement, known.expiresAt.map({ $0 >= end }) ?? true { return }
        try await site.service.acknowledge(
          order.checker, row: row, comment: "snoozed", until: end, author: Self.author)
        return
      }
      if let mute = stored.mute, mute.isActive(at: end) { return }
      try await site.service.mute(order.checker, reason: "", until: end, author: Self.author)
    }
  }

  struct Model: Sendable {
    var heading: String
    var text: String
    var button: String
    var token: String?
    /// Where to go from there.
    var href: String

    /// Without a token: it is done.
    init(_ order: SignedLinks.Order, _ stored: StoredChecker, _ row: RowKey?, token: String?) {
      self.token = token
      href = Link.checker(order.checker)
      let isDone = token == nil
      let name = "\(order.checker)" + (row.map { ", row \($0.text)" } ?? "")
      let state = "\(name): \(stored.finding)"
      switch order.deed {
      case .acknowledge:
        heading = isDone ? "Acknowledged" : "Acknowledge this alarm?"
        button = "Acknowledge"
        text = isDone ? "Nobody is reminded of \(name) until it is resolved." : state
      case .snooze:
        heading = isDone ? "Snoozed for 1 hour" : "Snooze this alarm for 1 hour?"
        button = "Snooze for 1 hour"
        let done =
          row == nil
          ? "\(name) tells nobody for an hour. It goes on running." : "Nobody is reminded of \(name) for an hour."
        text = isDone ? done : state
      }
    }
  }

  private func show(_ model: Model, _ request: Request, _ context: WebContext) async throws -> Response {
    var page = Page(model.heading, section: .none, template: "act", model: model)
    page.isBare = true
    page.alwaysWhole = true
    return try await site.respond(page, request, context)
  }
}
