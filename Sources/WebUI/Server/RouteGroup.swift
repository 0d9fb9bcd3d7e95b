package import Hummingbird

/// Pages, or calls of the API, that belong together.
///
/// How to add a page:
/// 1. a folder `Pages/NAME/` with `struct NAMEPages: RouteGroup` (its routes) and its view models: plain `Sendable`
///    structs, whose property names are what the template says;
/// 2. a template `Templates/NAME.mustache` (the inside of `<div class="wrap">`, without layout);
/// 3. a line in `Routes.reading`, `Routes.editing` or `Routes.api`.
///
/// A handler takes `(Request, WebContext)` and returns a `Response`:
/// ```
/// struct ThingPages: RouteGroup {
///   let site: Site
///
///   func add(to router: Router<WebContext>) {
///     router.get("/things/:name") { request, context in
///       let name = try context.name("name")                       // percent-decoded, refused when malformed
///       let page = Page("Thing", section: .datasets, template: "thing", model: ThingModel(...))
///       return try await site.respond(page, request, context)      // whole page
///     }
///     router.post("/things/:name") { request, context in
///       let text = context.form["text"]                            // form is read and its CSRF token checked before
///       // invalid: try await site.respond(page with status .unprocessableContent, ...)
///       // done:
///       return Response.redirect("/things/x", notice: "Saved x")
///     }
///   }
/// }
/// ```
/// - `{{csrf}}` is known in every template: each form that posts holds `{{>csrf}}`.
/// - A request with `context.visit.isHTMX` gets `site.fragment(template, model, context)`: no layout.
/// - Throw `WebProblem.notFound("...")`, `ServiceError`, `StoreError`: the answer is the right page, or problem JSON under
///   `/api`.
/// - `context.author` is the name to put on versions and mutes.
/// - Times, durations and numbers as text: `Words`. State icons: `StateIcon`, in templates `{{{icon}}}`.
package protocol RouteGroup: Sendable {
  init(site: Site)
  func add(to router: Router<WebContext>)
}

enum Routes {
  /// Pages that show.
  static let reading: [any RouteGroup.Type] = [
    OverviewPages.self, CheckerListPages.self, CheckerPages.self, AttentionPages.self, RunbookPages.self,
    VersionPages.self, RunPages.self,
    AlarmPages.self, OnCallPages.self, SilencePages.self,
    NamespacePages.self, SearchPages.self, MorePages.self, LiveEvents.self,
  ]

  static func router(for site: Site, settings: WebServerSettings) -> Router<WebContext> {
    let router = Router(context: WebContext.self, options: [.autoGenerateHeadEndpoints])
    let methods = KnownMethods()
    router.add(middleware: RequestLog(log: settings.log))
    router.add(middleware: SecurityHeaders())
    router.add(middleware: VisitReading(access: site.access))
    router.add(middleware: ErrorPages(site: site, isBare: true, methods: methods))
    router.add(middleware: HostCheck(settings: settings, address: site.access.address))
    router.add(middleware: Authentication(access: site.access))
    router.add(middleware: ErrorPages(site: site, isBare: false, methods: methods))
    router.add(middleware: FormReading())
    site.files.add(to: router)
    for group in [SignInPages.self, SignedLinkPages.self] + reading + editing + api {
      group.init(site: site).add(to: router)
    }
    methods.learn(from: router)
    return router
  }
}
