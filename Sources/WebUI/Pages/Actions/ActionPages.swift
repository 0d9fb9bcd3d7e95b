import Checking
import Domain
import Foundation
import HTTPTypes
import Hummingbird

/// `/actions`, `/actions/new`, `/actions/{name}`, and what they send.
struct ActionPages: RouteGroup {
  let site: Site

  private static let shownDeliveries = 50

  func add(to router: Router<WebContext>) {
    router.get("/actions") { request, context in try await list(request, context) }
    router.get("/actions/new") { request, context in
      let wanted = request.query("channel")
      let kinds = site.service.channels.kinds
      guard let kind = kinds.first(where: { $0.key == wanted }) ?? kinds.first else {
        throw WebProblem.notFound("This program knows no channel.")
      }
      return try await respond(ActionForm(channel: kind), kind, request, context)
    }
    router.post("/actions/new") { request, context in
      try await take(ActionForm(context.form), stored: nil, request, context)
    }
    router.post("/actions/preview") { _, context in
      let form = ActionForm(context.form)
      var deliveries: [Delivery] = []
      if let original = form.original {
        deliveries = try await site.service.store.deliveries(
          action: original, checker: nil, limit: Self.shownDeliveries)
      }
      let model = previews(form, kind: kind(of: form.channel), deliveries: deliveries).model
      return try site.fragment("template-previews", model, context)
    }
    router.post("/actions/test") { request, context in try await testForm(request, context) }
    router.get("/actions/:name") { request, context in
      let action = try await stored(context)
      let kind = kind(of: action.channel)
      return try await respond(form(of: action), kind, request, context)
    }
    router.post("/actions/:name") { request, context in
      let action = try await stored(context)
      var form = ActionForm(context.form)
      form.original = action.name
      return try await take(form, stored: action, request, context)
    }
    router.post("/actions/:name/test") { request, context in
      let action = try await stored(context)
      let result = await test(action)
      if context.visit.isHTMX { return try site.fragment("action-test", result, context) }
      return Response.redirect("/actions", notice: "\(action.name): \(result.title). \(result.detail)")
    }
    router.post("/actions/:name/enabled") { request, context in
      var action = try await stored(context)
      action.isEnabled = context.form["enabled"] == "true"
      try await site.service.save(action, replacing: action.name)
      return Response.redirect("/actions", notice: "\(action.name) is \(action.isEnabled ? "on" : "off").")
    }
    router.post("/actions/:name/resend") { request, context in
      let name = try await stored(context).name
      let done = try await site.service.resendFailed(action: name)
      let left = Words.count(done.overtaken, "delivery is", "deliveries are")
      let rest = done.overtaken == 0 ? "" : " \(left) left: newer news of the same alarms came after."
      return Response.redirect(
        Link.action(name), notice: "\(Words.count(done.resent, "delivery", "deliveries")) put back in line.\(rest)")
    }
    router.post("/actions/:name/delete") { request, context in try await delete(request, context) }
    router.post("/deliveries/:id/resend") { request, context in
      guard let id = Int64(try context.name("id")), let delivery = try await site.service.store.delivery(id) else {
        throw WebProblem.notFound("There is no such delivery. Old ones are dropped after a while.")
      }
      try await site.service.resend(id)
      return Response.redirect(Link.action(delivery.action), notice: "Put back in line; it is sent in a moment.")
    }
  }

  private func list(_ request: Request, _ context: WebContext) async throws -> Response {
    let store = site.service.store
    let runs = RunMessages(request, path: "/actions", actions: try await store.actions())
    var model = ActionListModel(
      try await store.actions(), kinds: site.service.channels.kinds,
      deliveries: try await store.deliveries(
        action: nil, checker: nil, state: nil, withRuns: runs.areShown, limit: Self.shownDeliveries),
      latest: try await store.latest(of: try await store.actions().map(\.name)),
      counts: try await store.counts(), outages: try await store.outages(), at: site.service.now())
    model.runMessages = runs.link
    let page = Page("Actions", section: .actions, template: "actions", model: model)
    return try await site.respond(page, request, context)
  }

  private func stored(_ context: WebContext) async throws -> Action {
    let name = try context.name("name")
    guard let action = try await site.service.store.action(name) else {
      throw WebProblem.notFound("There is no action '\(name)'. It may have been renamed or deleted.")
    }
    return action
  }

  private func kind(of channel: String) -> ChannelKind {
    site.service.channels.kinds.first { $0.key == channel } ?? ChannelKind(key: channel, title: channel, settings: [])
  }

  private func form(of action: Action) -> ActionForm {
    var form = ActionForm(action, kind: kind(of: action.channel))
    form.read = fingerprint(of: action)
    return form
  }

  private func fingerprint(of action: Action) -> String { Fingerprint.of(action, site.service.channels.kinds) }

  private func take(
    _ form: ActionForm, stored: Action?, _ request: Request, _ context: WebContext
  ) async throws -> Response {
    let kind = kind(of: form.channel)
    let command = context.form["do"]
    if command.hasPrefix("revert:") {
      var form = form
      form.settings[String(command.dropFirst("revert:".count))] = ""
      return try await respond(form, kind, request, context)
    }
    let (action, problems) = form.action(kind: kind, stored: stored)
    if context.form["do"] == "test" {
      let result = try await test(form, stored: stored)
      return try await respond(form, kind, test: result, request, context)
    }
    do {
      if !problems.isEmpty { throw ServiceError.invalid(problems) }
      if let stored, isOutdated(form, stored) { return try await savedMeanwhile(form, stored, request, context) }
      try await site.service.save(action, replacing: form.original, expected: form.read.isEmpty ? nil : stored)
      return Response.redirect("/actions", notice: "Saved action \(action.name).")
    } catch ServiceError.invalid(let found) {
      return try await respond(
        form, kind, problems: FormProblems(found), status: .unprocessableContent, request, context)
    } catch ServiceError.conflict(let message) {
      if let name = form.original, let stored = try await site.service.store.action(name), isOutdated(form, stored) {
        return try await savedMeanwhile(form, stored, request, context)
      }
      let problems = FormProblems([FieldProblem(field: "name", message: message)])
      return try await respond(form, kind, problems: problems, status: .conflict, request, context)
    }
  }

  private func isOutdated(_ form: ActionForm, _ stored: Action) -> Bool {
    !form.read.isEmpty && fingerprint(of: stored) != form.read
  }

  /// Saving once more is meant.
  private func savedMeanwhile(
    _ form: ActionForm, _ stored: Action, _ request: Request, _ context: WebContext
  ) async throws -> Response {
    var form = form
    form.read = fingerprint(of: stored)
    return try await respond(
      form, kind(of: form.channel), banner: .savedMeanwhile("action"), status: .conflict, request, context)
  }

  private func testForm(_ request: Request, _ context: WebContext) async throws -> Response {
    let form = ActionForm(context.form)
    var stored: Action?
    if let original = form.original { stored = try await site.service.store.action(original) }
    let result = try await test(form, stored: stored)
    if context.visit.isHTMX { return try site.fragment("action-test", result, context) }
    return try await respond(form, kind(of: form.channel), test: result, request, context)
  }

  /// Sends a test with what the form says now.
  private func test(_ form: ActionForm, stored: Action?) async throws -> ActionTestModel {
    var (action, problems) = form.action(kind: kind(of: form.channel), stored: stored)
    problems.removeAll { !$0.field.hasPrefix("settings.") }
    if let first = problems.first { return ActionTestModel(failed: first.message) }
    if action.name.isEmpty { action.name = "trial" }
    return await test(action)
  }

  private func test(_ action: Action) async -> ActionTestModel {
    let start = site.service.now()
    do {
      let note = try await site.service.sendTest(action)
      return ActionTestModel(delivered: site.service.now().timeIntervalSince(start) * 1000, note: note)
    } catch {
      if case .invalid(let problems) = error, let first = problems.first {
        return ActionTestModel(failed: first.message)
      }
      return ActionTestModel(failed: error.message)
    }
  }

  private func delete(_ request: Request, _ context: WebContext) async throws -> Response {
    let action = try await stored(context)
    do {
      try await site.service.deleteAction(action.name)
      return Response.redirect("/actions", notice: "Deleted action \(action.name).")
    } catch ServiceError.inUse(let message, let names) {
      let banner = FormBanner(
        "Not deleted. \(FormProblems.sentence(message))", ["Change first: \(names.joined(separator: ", "))."])
      let kind = kind(of: action.channel)
      return try await respond(
        form(of: action), kind, banner: banner, status: .conflict, request, context)
    }
  }

  private func respond(
    _ form: ActionForm, _ kind: ChannelKind, problems: FormProblems = FormProblems(), banner: FormBanner? = nil,
    test: ActionTestModel? = nil, status: HTTPResponse.Status = .ok, _ request: Request, _ context: WebContext
  ) async throws -> Response {
    var deliveries: [Delivery] = []
    var runs: RunMessages?
    var banner = banner
    if let original = form.original {
      let stored = try await site.service.store.action(original)
      let messages = RunMessages(request, path: Link.action(original), actions: [stored].compactMap { $0 })
      deliveries = try await site.service.store.deliveries(
        action: original, checker: nil, state: nil, withRuns: messages.areShown, limit: Self.shownDeliveries)
      runs = messages
      if banner == nil, problems.isEmpty, let outage = try await site.service.store.outages().of(.action(original)) {
        let since = Words.ago(outage.since, now: site.service.now())
        banner = FormBanner("It cannot deliver any more, since \(since)", [FormProblems.sentence(outage.error)])
      }
    }
    var model = ActionModel(
      form, kind: kind, problems: problems, banner: banner, deliveries: deliveries, test: test,
      templates: previews(form, kind: kind, deliveries: deliveries), at: site.service.now())
    model.runMessages = runs?.link
    let page = Page(
      form.original ?? "New action", section: .actions, crumbs: [.init("Actions", "/actions")], template: "action",
      model: model, status: status)
    return try await site.respond(page, request, context)
  }
}
