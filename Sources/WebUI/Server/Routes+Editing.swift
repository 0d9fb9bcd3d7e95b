import Hummingbird

extension Routes {
  /// Pages with forms: checkers, datasets, data sources, actions, first-run guide, settings.
  static let editing: [any RouteGroup.Type] = [
    CheckerFormPages.self, DatasetPages.self, DataSourcePages.self, ActionPages.self, RoutingPages.self,
    RoutingVersionPages.self,
    FilePages.self,
    LibraryPages.self, SettingsPages.self, AddressPages.self, HeartbeatPages.self,
    HeartbeatCheckerPages.self, PingRoutes.self,
  ]

  /// `/` while there is no checker.
  static func firstRun(_ site: Site, _ request: Request, _ context: WebContext) async throws -> Response {
    let model = try await Onboarding(service: site.service)
    let page = Page("Overview", section: .overview, template: "onboarding", model: model, hasEditor: true)
    return try await site.respond(page, request, context)
  }
}
