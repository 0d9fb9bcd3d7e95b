import Checking
import Domain
import HTTPTypes
import Hummingbird

/// `/settings/heartbeat`: who is told that the service is alive.
struct HeartbeatPages: RouteGroup {
  let site: Site

  func add(to router: Router<WebContext>) {
    router.get("/settings/heartbeat") { request, context in
      let url = try await site.service.heartbeatURL()
      return try await respond(HeartbeatModel(url), request, context)
    }
    router.post("/settings/heartbeat") { request, context in
      let stored = try await site.service.heartbeatURL()
      let text = SecretText.unmasked(secret: context.form.trimmed("url"), stored: stored)
      do {
        try await site.service.setHeartbeatURL(text)
      } catch ServiceError.invalid(let problems) {
        var model = HeartbeatModel(text)
        model.url.value = text
        model.url.problem = problems.first?.message
        return try await respond(model, status: .unprocessableContent, request, context)
      }
      let notice = text.isEmpty ? "Nobody is told any more." : "Saved. The next word goes within a minute."
      return Response.redirect("/settings/heartbeat", notice: notice)
    }
  }

  private func respond(
    _ model: HeartbeatModel, status: HTTPResponse.Status = .ok, _ request: Request, _ context: WebContext
  ) async throws -> Response {
    var page = Page("Settings", section: .settings, template: "settings-heartbeat", model: model, status: status)
    page.alwaysWhole = true
    return try await site.respond(page, request, context)
  }
}

struct HeartbeatModel: Sendable {
  var tabs = SettingsTab.all("heartbeat")
  var url: FormField

  init(_ url: String?) {
    self.url = FormField(
      "url", "Address (optional)", value: url.map { SecretText.masked(secret: $0) } ?? "",
      help: "http:// or https://. ${NAME} keeps it out of the store. Empty: nobody is told.", isCode: true)
  }
}
