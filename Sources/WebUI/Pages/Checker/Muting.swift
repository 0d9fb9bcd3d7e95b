import Checking
import Domain
import Foundation
import HTTPTypes
import Hummingbird

extension CheckerPages {
  struct MuteModel: Sendable {
    var name: String
    var href: String
    var choices: [Choice]
    var until: String
    var reason: String
    var problem: String?

    struct Choice: Sendable {
      var value: String
      var text: String
      var isChosen: Bool
    }
  }

  /// How long a mute lasts; seconds, `nil` for open-ended.
  static let muteLengths: [(key: String, text: String, seconds: Double?)] = [
    ("1h", "For 1 hour", 3600), ("4h", "For 4 hours", 4 * 3600), ("24h", "For 24 hours", 86400),
    ("7d", "For 7 days", 7 * 86400), ("open", "Until I unmute it", nil), ("until", "Until the time below", nil),
  ]

  func muteForm(
    _ request: Request, _ context: WebContext, problem: String?, status: HTTPResponse.Status
  ) async throws -> Response {
    let id = try context.checkerID()
    guard try await site.service.store.checker(id) != nil else {
      throw WebProblem.notFound("There is no checker \(id).")
    }
    let chosen = context.form.optional("for") ?? "1h"
    let model = MuteModel(
      name: id.name, href: Link.checker(id),
      choices: Self.muteLengths.map { .init(value: $0.key, text: $0.text, isChosen: $0.key == chosen) },
      until: context.form["until"], reason: context.form["reason"], problem: problem)
    let page = Page(
      "Mute \(id.name)", section: .checkers, crumbs: Self.crumbs(id) + [Page.Crumb(id.name, Link.checker(id))],
      template: "checker-mute", model: model, status: status)
    return try await site.respond(page, request, context)
  }

  func mute(_ request: Request, _ context: WebContext) async throws -> Response {
    let id = try context.checkerID()
    let now = site.service.now()
    var end: Date?
    let chosen = context.form["for"]
    if chosen == "until" {
      guard let time = Self.time(context.form.trimmed("until")) else {
        return try await muteForm(
          request, context, problem: "Say until when, as in 2026-11-24 18:00 (UTC).", status: .unprocessableContent)
      }
      end = time
    } else if let length = Self.muteLengths.first(where: { $0.key == chosen }) {
      end = length.seconds.map { now.addingTimeInterval($0) }
    } else {
      return try await muteForm(
        request, context, problem: "Choose how long the mute lasts.", status: .unprocessableContent)
    }
    do {
      try await site.service.mute(id, reason: context.form.trimmed("reason"), until: end, author: context.author)
    } catch {
      guard case .invalid(let problems) = error else { throw error }
      let text = problems.map(\.message.capitalizedFirst).joined(separator: " ") + "."
      return try await muteForm(request, context, problem: text, status: .unprocessableContent)
    }
    return Response.redirect(Link.checker(id), notice: end.map { "Muted until \(Words.moment($0)) UTC." } ?? "Muted.")
  }

  /// `2026-11-24T18:00` or with a space, in UTC, as `<input type=datetime-local>` sends it.
  static func time(_ text: String) -> Date? {
    let normal = text.replacing(" ", with: "T")
    return try? Date("\(normal)\(normal.count == 16 ? ":00" : "")Z", strategy: .iso8601)
  }
}
