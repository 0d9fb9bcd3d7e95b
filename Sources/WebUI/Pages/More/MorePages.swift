import Domain
import Foundation
import Hummingbird

/// `/more`: what the phone's tab bar has no room for.
struct MorePages: RouteGroup {
  let site: Site

  func add(to router: Router<WebContext>) {
    router.get("/more") { request, context in
      let model = Model(list: try await NamespacePages.list(site), hasSession: context.visit.hasSession)
      let page = Page("More", section: .more, template: "more", model: model)
      return try await site.respond(page, request, context)
    }
  }

  struct Model: Sendable {
    var list: NamespacePages.ListModel
    var hasSession: Bool
  }
}
