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
      let (order, stored) = try await open(token)
      return try await show(Model(order, stored, token: token), request, context)
    }
    router.post(RouterPath(SignedLinks.path)) { request, context in
      let token = context.form["t"]
      let (order, stored) = try await open(token)
      try await perform(order, stored)
      return try await show(Model(order, stored, token: nil), request, context)
    }
  }

  private func open(_ token: String) async throws -> (SignedLinks.Order, StoredChecker) {
    let order: SignedLinks.Order
    do throws(SignedLinks.Refusal) { order = try site.access.links.order(token) } catch {
      let detail =
        switch error {
        case .notOurs: "The link is not whole, or was made before the secret was changed. Open the alarm in the pages."
        case .expired: "Links in messages work for seven days. Open the alarm in the pages."
        }
      throw WebProblem(.forbidden, "This link does not work", detail)
    }
    guard let stored = try await site.service.store.checker(order.checker),
      let trouble = stored.alarm.memory.trouble, SignedLinks.seconds(trouble.openedAt) == order.openedAt
    else {
      throw WebProblem(
        .gone, "This alarm is over", "What the message told of was resolved meanwhile. Newer messages have newer links."
      )
    }
    return (order, stored)
  }

  /// What somebody did already, for longer or by name, stays.
  private func perform(_ order: SignedLinks.Order, _ stored: StoredChecker) async throws {
    switch order.deed {
    case .acknowledge:
      if stored.alarm.acknowledgement != nil { return }
      try await site.service.acknowledge(order.checker, comment: "", until: nil, author: Self.author)
    case .snooze:
      let end = site.service.now() + Self.snooze
      if let mute = stored.mute, mute.isActive(at: end) { return }
      try await site.service.mute(order.checker, reason: "", until: end, author: Self.author)
    }
  }

  struct Model: Sendable {
    var heading: String
    var text: String
    var button: String
    var token: String?

    /// Without a token: it is done.
    init(_ order: SignedLinks.Order, _ stored: StoredChecker, token: String?) {
      self.token = token
      let isDone = token == nil
      let state = "\(order.checker): \(stored.lastRun?.summary ?? stored.checker.description)"
      switch order.deed {
      case .acknowledge:
        heading = isDone ? "Acknowledged" : "Acknowledge this alarm?"
        button = "Acknowledge"
        text = isDone ? "Nobody is reminded of \(order.checker) until it is resolved." : state
      case .snooze:
        heading = isDone ? "Snoozed for 1 hour" : "Snooze this alarm for 1 hour?"
        button = "Snooze for 1 hour"
        text = isDone ? "\(order.checker) tells nobody for an hour. It goes on running." : state
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
