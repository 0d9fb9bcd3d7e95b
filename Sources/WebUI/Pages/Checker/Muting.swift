import Checking
import Domain
import Foundation
import HTTPTypes
import Hummingbird

extension CheckerPages {
  struct MuteModel: Sendable {
    var name: String
    var href: String
    var choices: [PauseLength.Choice]
    var until: String
    var reason: String
    var back: String
    var problem: String?
  }

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
      choices: PauseLength.choices(PauseLength.snoozes, chosen: chosen)
        + [.init(value: "until", text: "Until the time below", isChosen: chosen == "until")],
      until: context.form["until"], reason: context.form["reason"], back: context.form["back"], problem: problem)
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
      guard let time = MomentText.read(context.form.trimmed("until")) else {
        return try await muteForm(
          request, context, problem: "Say until when, as in 2026-11-24 18:00 (UTC).", status: .unprocessableContent)
      }
      end = time
    } else if let length = PauseLength.snoozes.first(where: { $0.key == chosen }) {
      end = length.end(now)
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
    let text = end.map { "Muted until \(Words.moment($0)) UTC." } ?? "Muted."
    return Response.redirect(back(id, context), notice: "\(id.name): \(text)")
  }

  /// The page that the form was on.
  func back(_ id: QualifiedName, _ context: WebContext) -> String {
    let wanted = context.form["back"]
    return wanted.isEmpty ? Link.checker(id) : SignInPages.safe(wanted)
  }
}
