import Checking
import Domain
import Foundation
import HTTPTypes
import Hummingbird

/// `/settings/address`: where people reach the service, and links in messages.
struct AddressPages: RouteGroup {
  let site: Site

  struct Model: Sendable {
    var tabs = SettingsTab.all("address")
    var address: FormField
    var hasAddress: Bool
  }

  func add(to router: Router<WebContext>) {
    router.get("/settings/address") { request, context in
      try await show(site.access.address.base ?? "", nil, request, context)
    }
    router.post("/settings/address") { request, context in
      let text = context.form.trimmed("public_url")
      do {
        try await site.access.address.set(text)
      } catch let problem as WebProblem {
        return try await show(text, problem.fields.first?.message, request, context)
      }
      return Response.redirect(
        "/settings/address",
        notice: text.isEmpty ? "Messages carry no links any more." : "Messages carry links from now on.")
    }
    router.post("/settings/address/renew") { _, _ in
      try await site.access.links.renew()
      return Response.redirect("/settings/address", notice: "The links that were sent so far do nothing any more.")
    }
  }

  private func show(
    _ text: String, _ problem: String?, _ request: Request, _ context: WebContext
  ) async throws -> Response {
    let field = FormField(
      "public_url", "Public address", value: text, help: "Empty: messages carry no links.",
      problem: problem.map(FormProblems.sentence), placeholder: "https://checker.example.com")
    let model = Model(address: field, hasAddress: site.access.address.base != nil)
    var page = Page(
      "Settings", section: .settings, template: "settings-address", model: model,
      status: problem == nil ? .ok : .unprocessableContent)
    page.alwaysWhole = true
    return try await site.respond(page, request, context)
  }
}
