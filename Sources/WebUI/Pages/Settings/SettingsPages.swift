import Checking
import Domain
import Foundation
import HTTPTypes
import Hummingbird

/// `/settings`: API tokens, the password, limits, backup.
struct SettingsPages: RouteGroup {
  let site: Site

  func add(to router: Router<WebContext>) {
    router.get("/settings") { _, _ in Response.redirect("/settings/tokens") }
    router.get("/settings/tokens") { request, context in try await tokens(TokensModel(), request, context) }
    router.post("/settings/tokens") { request, context in
      let name = context.form.trimmed("name")
      do {
        let token = try await site.access.addToken(named: name)
        site.events.report("token '\(name)' made by \(context.author)")
        return try await tokens(TokensModel(created: token, createdName: name), request, context)
      } catch let problem as WebProblem {
        let model = TokensModel(name: name, problem: problem.detail)
        return try await tokens(model, status: problem.status, request, context)
      }
    }
    router.post("/settings/tokens/:id/revoke") { _, context in
      let id = try context.name("id")
      guard let token = try await site.access.tokens().first(where: { $0.id == id }) else {
        throw WebProblem.notFound("There is no such token. It may have been revoked already.")
      }
      try await site.access.deleteToken(id)
      site.events.report("token '\(token.name)' revoked by \(context.author)")
      return Response.redirect("/settings/tokens", notice: "Revoked \(token.name). It opens nothing any more.")
    }
    router.get("/settings/password") { request, context in
      try await password(PasswordModel(), request, context)
    }
    router.post("/settings/password") { request, context in try await setPassword(request, context) }
    router.get("/settings/limits") { request, context in
      let model = LimitsModel(tabs: SettingsTab.all("limits"), sources: try await site.service.store.dataSources())
      return try await respond(model, "settings-limits", request, context)
    }
    router.get("/settings/backup") { request, context in
      try await respond(BackupModel(tabs: SettingsTab.all("backup")), "settings-backup", request, context)
    }
  }

  private func tokens(
    _ model: TokensModel, status: HTTPResponse.Status = .ok, _ request: Request, _ context: WebContext
  ) async throws -> Response {
    var model = model
    let now = site.access.now()
    model.rows = try await site.access.tokens().map {
      TokensModel.Row(
        name: $0.name, created: .ago($0.createdAt, now: now), revoke: "/settings/tokens/\(Link.part($0.id))/revoke")
    }
    model.address = site.address(request)
    model.isNeeded = try await site.access.hasPassword()
    return try await respond(model, "settings-tokens", status: status, request, context)
  }

  private func password(
    _ model: PasswordModel, status: HTTPResponse.Status = .ok, _ request: Request, _ context: WebContext
  ) async throws -> Response {
    var model = model
    model.hasPassword = try await site.access.hasPassword()
    return try await respond(model, "settings-password", status: status, request, context)
  }

  private func setPassword(_ request: Request, _ context: WebContext) async throws -> Response {
    var model = PasswordModel()
    let new = context.form["new"]
    if try await site.access.hasPassword() {
      let throttle = site.access.throttle
      let wait = await throttle.wait(context.remoteAddress, at: site.access.now())
      if wait > 0 {
        model.current.problem = "Too many wrong tries. Wait \(Int(wait.rounded(.up))) s and try again."
        return try await password(model, status: .tooManyRequests, request, context)
      }
      guard try await site.access.isPassword(context.form["current"]) else {
        await throttle.failed(context.remoteAddress, at: site.access.now())
        site.events.report("change of password from \(context.remoteAddress): wrong password")
        model.current.problem = "This is not the password in force."
        return try await password(model, status: .unprocessableContent, request, context)
      }
    }
    guard new == context.form["again"] else {
      model.again.problem = "The two are not the same."
      return try await password(model, status: .unprocessableContent, request, context)
    }
    do {
      try await site.access.setPassword(new)
    } catch let problem as WebProblem {
      model.new.problem = problem.detail
      return try await password(model, status: problem.status, request, context)
    }
    site.events.report("password set from \(context.remoteAddress)")
    // Everybody is signed out, this browser too.
    return Response.redirect("/login", notice: "The password is set. Sign in with it.")
  }

  private func respond(
    _ model: any Sendable, _ template: String, status: HTTPResponse.Status = .ok, _ request: Request,
    _ context: WebContext
  ) async throws -> Response {
    var page = Page("Settings", section: .settings, template: template, model: model, status: status)
    page.alwaysWhole = true
    return try await site.respond(page, request, context)
  }
}

struct SettingsTab: Sendable {
  var title: String
  var href: String
  var isCurrent: Bool

  static func all(_ current: String) -> [SettingsTab] {
    ["Tokens", "Password", "Address", "Limits", "Heartbeat", "Backup"].map {
      SettingsTab(title: $0, href: "/settings/\($0.lowercased())", isCurrent: $0.lowercased() == current)
    }
  }
}

struct TokensModel: Sendable {
  var tabs = SettingsTab.all("tokens")
  var name: FormField
  /// Shown this once.
  var created: String?
  var createdName: String
  var rows: [Row] = []
  var isNeeded = false
  /// Where programs find the service.
  var address = ""

  struct Row: Sendable {
    var name: String
    var created: TimeText
    var revoke: String
  }

  init(name: String = "", problem: String? = nil, created: String? = nil, createdName: String = "") {
    self.name = FormField("name", "Name", value: name, problem: problem, placeholder: "ci-deploy")
    self.created = created
    self.createdName = createdName
  }
}

struct PasswordModel: Sendable {
  var tabs = SettingsTab.all("password")
  var hasPassword = false
  var current = FormField("current", "Password in force", value: "", isPassword: true)
  var new = FormField(
    "new", "New password", value: "", help: "At least \(AccessControl.shortestPassword) characters.",
    isPassword: true)
  var again = FormField("again", "New password again", value: "", isPassword: true)
}

struct LimitsModel: Sendable {
  var tabs: [SettingsTab]
  var sources: [Row]
  var body: String

  struct Row: Sendable {
    var name: String
    var href: String
    var timeout: String
    var rows: String
    var connections: String
  }

  init(tabs: [SettingsTab], sources: [DataSource]) {
    self.tabs = tabs
    self.sources = sources.sorted { $0.name < $1.name }.map {
      Row(
        name: $0.name, href: Link.dataSource($0.name), timeout: Words.duration($0.limits.timeoutSeconds * 1000),
        rows: Words.number($0.limits.maxRows), connections: Words.number($0.maxConnections))
    }
    body = "\(FormReading.largestBody >> 20) MiB"
  }
}

struct BackupModel: Sendable {
  var tabs: [SettingsTab]
}
