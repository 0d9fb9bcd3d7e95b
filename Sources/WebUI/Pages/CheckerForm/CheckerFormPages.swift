import Checking
import Domain
import Foundation
import HTTPTypes
import Hummingbird

/// `/checkers/new` and `/checkers/{namespace}/{name}/edit`.
///
/// Each button of the form works without scripts: it posts the whole form to the page, with `do` saying what. With
/// htmx the same form goes to `/checkers/rules` and `/checkers/preview`, which answer with fragments.
struct CheckerFormPages: RouteGroup {
  let site: Site

  func add(to router: Router<WebContext>) {
    router.get("/checkers/new") { request, context in
      var form = try await newForm(request)
      if let kind = CheckerForm.Kind(rawValue: request.query("as")) {
        // Nobody has made a rule yet that could become a script.
        if kind == .script { form.code.source = CodeForm.starter(form.code.language, dataset: form.rules[0].dataset) }
        _ = try await KindSwitching(service: site.service).turn(&form, into: kind)
      }
      return try await respond(form, preview: nil, request, context)
    }
    router.get("/checkers/:ns/:name/edit") { request, context in
      let stored = try await stored(context)
      if stored.checker.body.isPushed { return Response.redirect(HeartbeatCheckerPages.href(stored.checker.id)) }
      var form = CheckerForm(stored)
      if let kind = CheckerForm.Kind(rawValue: request.query("as")) {
        _ = try await KindSwitching(service: site.service).turn(&form, into: kind)
      }
      return try await respond(form, preview: nil, request, context)
    }
    router.post("/checkers/new") { request, context in
      try await take(CheckerForm(context.form), request, context)
    }
    router.post("/checkers/:ns/:name/edit") { request, context in
      var form = CheckerForm(context.form)
      form.original = QualifiedName(namespace: try context.name("ns"), name: try context.name("name"))
      return try await take(form, request, context)
    }
    router.get("/checkers/columns") { request, _ in
      let (dataset, namespace, source) = (request.query("dataset"), request.query("ns"), request.query("source"))
      let columns = await within(CheckerFormChoices.patience, else: []) {
        await site.service.columns(of: dataset, namespace: namespace, tablesOf: source)
      }
      return try Self.json(columns.map(\.name))
    }
    router.post("/checkers/rules") { request, context in try await rules(request, context) }
    router.post("/checkers/preview") { request, context in
      var form = CheckerForm(context.form)
      var refused: CheckerPreviewModel?
      do {
        try await takeUpload(&form, author: context.author)
      } catch ServiceError.invalid(let found) {
        refused = CheckerPreviewModel(refusing: form, found, at: site.service.now())
      }
      let read = form
      let preview =
        if let refused { refused } else {
          try await site.previews.run(context.form["run"]) { try await previewed(read).preview }
        }
      if !context.visit.isHTMX { return try await respond(form, preview: preview, request, context) }
      return try site.fragment("checker-form-live", CheckerFormLive(form, preview), context)
    }
    router.post("/checkers/file") { _, context in
      try site.fragment("checker-form-file", CheckerAsFile(CheckerForm(context.form)), context)
    }
    router.post("/checkers/preview/cancel") { _, context in
      await site.previews.cancel(context.form["run"])
      return Response(status: .noContent)
    }
  }

  private static func json(_ names: [String]) throws -> Response {
    var headers: HTTPFields = [:]
    headers[.contentType] = "application/json"
    return Response(
      status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: try JSONEncoder().encode(names))))
  }

  private func stored(_ context: WebContext) async throws -> StoredChecker {
    let id = QualifiedName(namespace: try context.name("ns"), name: try context.name("name"))
    guard let stored = try await site.service.store.checker(id) else {
      throw WebProblem.notFound("There is no checker '\(id)'. It may have been renamed or deleted.")
    }
    return stored
  }

  /// A form with one rule, on the dataset that the address names or on the first there is.
  private func newForm(_ request: Request) async throws -> CheckerForm {
    let dataset = request.query("dataset")
    let named = QualifiedName(dataset, defaultNamespace: "default")
    let isNamed = !(request.query("ns") + request.query("namespace")).isEmpty
    let namespace = dataset.isEmpty || isNamed ? PresetNamespace.of(request) : named.namespace
    var form = CheckerForm(namespace: namespace)
    if dataset.isEmpty {
      let datasets = try await site.service.store.datasets().map(\.id)
      let own = datasets.filter { $0.namespace == namespace }.min()?.name
      form.rules = [RuleForm(check: "row_count", dataset: own ?? datasets.min()?.description ?? "")]
    } else {
      let name = named.namespace == form.namespace ? named.name : named.description
      form.rules = [RuleForm(check: "row_count", dataset: name)]
    }
    return form
  }

  /// Saves, or does what another button of the form asks.
  private func take(_ form: CheckerForm, _ request: Request, _ context: WebContext) async throws -> Response {
    let command = context.form["do"]
    var form = form
    if command == "language" {
      let banner = try await KindSwitching(service: site.service).takeLanguage(&form)
      return try await respond(form, preview: nil, banner: banner, request, context)
    }
    do {
      try await takeUpload(&form, author: context.author)
    } catch ServiceError.invalid(let found) {
      return try await respond(
        form, problems: FormProblems(found), preview: nil, status: .unprocessableContent, request, context)
    }
    if command == "preview" {
      let (preview, trouble) = try await previewed(form)
      return try await respond(form, trouble: trouble, preview: preview, request, context)
    }
    if command.hasPrefix("as:"), let kind = CheckerForm.Kind(rawValue: String(command.dropFirst(3))) {
      let banner = try await KindSwitching(service: site.service).turn(&form, into: kind)
      return try await respond(form, preview: nil, banner: banner, request, context)
    }
    if !command.isEmpty, command != "save" {
      form.perform(command)
      return try await respond(form, preview: nil, request, context)
    }
    return try await save(form, request, context)
  }

  private func previewed(
    _ form: CheckerForm
  ) async throws -> (preview: CheckerPreviewModel, trouble: GuestTrouble?) {
    if form.kind == .rules {
      return (try await CheckerPreviewing(service: site.service).preview(form), nil)
    }
    let (model, trouble) = try await CodePreviewing(service: site.service).preview(form)
    return (model, trouble)
  }

  /// Keeps a module that came with the form, so that the form need not send it again.
  private func takeUpload(_ form: inout CheckerForm, author: String) async throws {
    guard form.kind == .module, let upload = form.code.upload else { return }
    let module = try await site.service.keep(module: upload.bytes, fileName: upload.name).module
    (form.code.digest, form.code.fileName, form.code.byteCount) = (module.digest, module.fileName, module.byteCount)
    form.code.upload = nil
  }

  private func save(_ form: CheckerForm, _ request: Request, _ context: WebContext) async throws -> Response {
    var (checker, problems) = form.checker()
    var stored: Checker?
    if let original = form.original {
      stored = try await site.service.store.checker(original)?.checker
      if stored == nil { return try await gone(form, original, request, context) }
    }
    problems += form.complete(&checker, from: stored)
    // The form has looked at rules and schedule itself, and knows more about what was typed.
    let others = CheckerService.problems(with: checker).filter {
      ["name", "namespace", "rules", "script", "module"].contains($0.field)
    }
    do {
      if !(problems + others).isEmpty { throw ServiceError.invalid(others + problems) }
      let saved = try await site.service.save(
        checker, replacing: form.original, expectedVersion: form.version, author: context.author)
      let response = Response.redirect(
        Link.checker(saved.checker.id), notice: "Saved \(saved.checker.id.name) as version \(saved.version).")
      return PresetNamespace.remembered(saved.checker.id.namespace, response)
    } catch ServiceError.invalid(let found) {
      return try await respond(
        form, problems: FormProblems(found), preview: nil, status: .unprocessableContent, request, context)
    } catch ServiceError.conflict(let message) {
      return try await conflict(form, message, request, context)
    }
  }

  /// It was renamed or deleted meanwhile: what somebody wrote is not lost with it.
  private func gone(
    _ form: CheckerForm, _ original: QualifiedName, _ request: Request, _ context: WebContext
  ) async throws -> Response {
    var form = form
    (form.original, form.version) = (nil, nil)
    let banner = FormBanner(
      "There is no checker '\(original)' any more: it was renamed or deleted while you were editing.",
      ["Nothing of yours is lost: the form still holds it.", "Save makes a new checker of it."])
    return try await respond(form, preview: nil, banner: banner, status: .conflict, request, context)
  }

  /// Somebody else saved meanwhile, or the name is taken.
  private func conflict(
    _ form: CheckerForm, _ message: String, _ request: Request, _ context: WebContext
  ) async throws -> Response {
    var form = form
    if let original = form.original, let current = try await site.service.store.checker(original),
      let version = form.version, current.version != version
    {
      let banner = FormBanner(
        "Version \(current.version) was saved while you were editing version \(version).",
        [
          "Nothing of yours is lost: the form still holds it. Look at the saved one in another tab.",
          "Save again to put yours over it. The other version stays in the history.",
        ])
      form.version = current.version
      return try await respond(form, preview: nil, banner: banner, status: .conflict, request, context)
    }
    let problems = FormProblems([FieldProblem(field: "name", message: message)])
    return try await respond(form, problems: problems, preview: nil, status: .conflict, request, context)
  }

  private func rules(_ request: Request, _ context: WebContext) async throws -> Response {
    var form = CheckerForm(context.form)
    form.perform(context.form["do"])
    if !context.visit.isHTMX { return try await respond(form, preview: nil, request, context) }
    let model = try await model(form, preview: nil)
    var response = try site.fragment("checker-form-rules", model, context)
    response.headers[.hxTriggerAfterSwap] = "preview"
    return response
  }

  private func model(
    _ form: CheckerForm, problems: FormProblems = FormProblems(), trouble: GuestTrouble? = nil,
    preview: CheckerPreviewModel?, banner: FormBanner? = nil
  ) async throws -> CheckerFormModel {
    let choices = try await CheckerFormChoices(for: form, service: site.service)
    if form.kind == .script, let sandbox = site.service.sandbox {
      // The first script of a language waits for its runtime: that is made ready while the author writes.
      Task { await sandbox.warmUp([form.code.language]) }
    }
    return CheckerFormModel(
      form, choices: choices, problems: problems, trouble: trouble,
      preview: preview ?? CheckerPreviewModel(waiting: form, at: site.service.now()), banner: banner)
  }

  private func respond(
    _ form: CheckerForm, problems: FormProblems = FormProblems(), trouble: GuestTrouble? = nil,
    preview: CheckerPreviewModel?, banner: FormBanner? = nil, status: HTTPResponse.Status = .ok, _ request: Request,
    _ context: WebContext
  ) async throws -> Response {
    let model = try await model(form, problems: problems, trouble: trouble, preview: preview, banner: banner)
    var crumbs = [Page.Crumb("Checkers", "/checkers")]
    if let id = form.original {
      crumbs.append(.init(id.namespace, Link.namespace(id.namespace)))
      crumbs.append(.init(id.name, Link.checker(id)))
    }
    let page = Page(
      form.original == nil ? "New checker" : "Edit", section: .checkers, crumbs: crumbs, template: "checker-form",
      model: model, status: status, hasEditor: true)
    return try await site.respond(page, request, context)
  }
}

/// The fragment that a preview swaps in: the preview itself, and the marks elsewhere on the page.
struct CheckerFormLive: Sendable {
  var preview: CheckerPreviewModel
  var isOutOfBand = true
  var isRules: Bool
  var pills: [RulePill]
  var savePill: RulePill
  var failCount: String?
  var nextRuns: NextRuns
  var runbookHTML: String

  init(_ form: CheckerForm, _ preview: CheckerPreviewModel) {
    self.preview = preview
    isRules = form.kind == .rules
    pills = preview.pills.map { pill in
      var pill = pill
      pill.isOutOfBand = true
      return pill
    }
    failCount = preview.failCount
    savePill = preview.savePill
    savePill.isOutOfBand = true
    nextRuns = preview.nextRuns
    nextRuns.isOutOfBand = true
    runbookHTML = Markdown.html(form.runbook)
  }
}

extension HTTPField.Name {
  static let hxTriggerAfterSwap: HTTPField.Name = HTTPField.Name("HX-Trigger-After-Swap") ?? .via
}
