import Checking
import Domain
import Foundation
import HTTPTypes
import Hummingbird

/// `/silences`, `/silences/new`, `/silences/{id}`.
struct SilencePages: RouteGroup {
  let site: Site

  func add(to router: Router<WebContext>) {
    router.get("/silences") { request, context in
      let model = SilenceListModel(try await site.service.silences(), now: site.service.now())
      let page = Page(
        "Silences", section: .alarms, crumbs: [.init("Alarms", "/alarms")], template: "silences", model: model)
      return try await site.respond(page, request, context)
    }
    router.get("/silences/new") { request, context in
      let form = SilenceForm { request.query($0) }
      return try await respond(form, nil, like: request.query("like"), request, context)
    }
    router.post("/silences/preview") { _, context in
      let form = SilenceForm(context.form)
      let (silence, problems) = form.silence(id: 0, author: context.author, now: site.service.now())
      return try site.fragment("silence-preview", try await preview(silence, problems), context)
    }
    router.post("/silences/new") { request, context in try await take(nil, request, context) }
    router.get("/silences/:id") { request, context in
      let view = try await stored(context)
      return try await respond(SilenceForm(view.silence), view.silence, request, context)
    }
    router.post("/silences/:id") { request, context in
      try await take(try await stored(context).silence, request, context)
    }
    router.post("/silences/:id/end") { _, context in
      let view = try await stored(context)
      try await site.service.endSilence(view.silence.id)
      return Response.redirect(
        "/silences", notice: "Silence \(view.silence.id) has ended. What is still open is told now.")
    }
  }

  private func stored(_ context: WebContext) async throws -> SilenceView {
    guard let id = Int64(try context.name("id")) else { throw WebProblem.notFound("There is no such silence.") }
    return try await site.service.silence(id)
  }

  private func take(_ stored: Silence?, _ request: Request, _ context: WebContext) async throws -> Response {
    let form = SilenceForm(context.form)
    let (silence, problems) = form.silence(
      id: stored?.id ?? 0, author: context.author, now: site.service.now())
    do {
      if !problems.isEmpty { throw ServiceError.invalid(problems) }
      let saved = try await site.service.save(silence)
      return Response.redirect("/silences", notice: "Silence \(saved.id) is saved.")
    } catch ServiceError.invalid(let found) {
      return try await respond(
        form, stored, problems: FormProblems(form.placed(found)), status: .unprocessableContent, request, context)
    }
  }

  private func preview(_ silence: Silence, _ problems: [FieldProblem]) async throws -> SilencePreviewModel {
    guard problems.isEmpty, !silence.matchers.isEmpty else { return SilencePreviewModel() }
    return SilencePreviewModel(try await site.service.preview(silence))
  }

  private func respond(
    _ form: SilenceForm, _ stored: Silence?, like: String = "", problems: FormProblems = FormProblems(),
    status: HTTPResponse.Status = .ok, _ request: Request, _ context: WebContext
  ) async throws -> Response {
    let time = site.service.now()
    let (silence, found) = form.silence(id: stored?.id ?? 0, author: "", now: time)
    var alike: StoredChecker?
    if !like.isEmpty { alike = try await site.service.store.checker(QualifiedName(like, defaultNamespace: "")) }
    let model = SilenceFormModel(
      form, stored: stored, like: alike?.checker, problems: problems,
      preview: try await preview(silence, found.filter { $0.field != "comment" }), now: time)
    let page = Page(
      stored.map { "Silence \($0.id)" } ?? "New silence", section: .alarms,
      crumbs: [.init("Alarms", "/alarms"), .init("Silences", "/silences")], template: "silence", model: model,
      status: status)
    return try await site.respond(page, request, context)
  }
}
