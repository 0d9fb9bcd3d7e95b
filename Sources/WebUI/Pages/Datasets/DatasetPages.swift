import Checking
import Domain
import Foundation
import HTTPTypes
import Hummingbird

/// `/datasets`, `/datasets/new` and `/datasets/{namespace}/{name}`: the editor is the page.
struct DatasetPages: RouteGroup {
  let site: Site

  func add(to router: Router<WebContext>) {
    router.get("/datasets") { request, context in try await list(request, context) }
    router.get("/datasets/new") { request, context in
      try await respond(try await newForm(request), result: nil, request, context)
    }
    router.post("/datasets/new") { request, context in
      try await take(DatasetForm(context.form), request, context)
    }
    router.get("/datasets/:ns/:name") { request, context in
      try await respond(DatasetForm(try await stored(context)), result: nil, request, context)
    }
    router.post("/datasets/:ns/:name") { request, context in
      var form = DatasetForm(context.form)
      form.original = try await stored(context).id
      return try await take(form, request, context)
    }
    router.post("/datasets/preview") { request, context in try await preview(request, context) }
    router.post("/datasets/preview/cancel") { _, context in
      await site.previews.cancel(context.form["run"])
      return Response(status: .noContent)
    }
    router.post("/datasets/tables") { request, context in
      let form = DatasetForm(context.form)
      let model = DatasetTables(await TableListing(of: form.dataSource, site.service))
      return try site.fragment("dataset-tables", model, context)
    }
    router.post("/datasets/:ns/:name/delete") { request, context in try await delete(request, context) }
  }

  private func list(_ request: Request, _ context: WebContext) async throws -> Response {
    let datasets = try await site.service.store.datasets()
    let uses = DatasetUses(try await site.service.store.checkers())
    let text = request.query("q").trimmingCharacters(in: .whitespaces).lowercased()
    let shown = datasets.filter { dataset in
      text.isEmpty
        || [dataset.id.description, dataset.dataSource, dataset.description].contains { $0.lowercased().contains(text) }
    }
    let model = DatasetListModel(
      rows: shown.sorted { $0.id < $1.id }.map { .init($0, uses: uses.of($0.id).count) }, query: request.query("q"),
      isEmpty: datasets.isEmpty, hasSources: !(try await site.service.store.dataSources()).isEmpty)
    let page = Page("Datasets", section: .datasets, template: "datasets", model: model)
    return try await site.respond(page, request, context)
  }

  private func stored(_ context: WebContext) async throws -> Dataset {
    let id = QualifiedName(namespace: try context.name("ns"), name: try context.name("name"))
    guard let dataset = try await site.service.store.dataset(id) else {
      throw WebProblem.notFound("There is no dataset '\(id)'. It may have been renamed or deleted.")
    }
    return dataset
  }

  private func newForm(_ request: Request) async throws -> DatasetForm {
    let sources = try await site.service.store.dataSources().map(\.name)
    var form = DatasetForm()
    let wanted = request.query("data_source")
    form.dataSource = sources.contains(wanted) ? wanted : sources.first ?? ""
    form.namespace = PresetNamespace.of(request)
    let table = request.query("table")
    if !table.isEmpty { form.sql = "SELECT * FROM \(table)" }
    return form
  }

  /// Saves, or runs the query when that button was pressed.
  private func take(_ form: DatasetForm, _ request: Request, _ context: WebContext) async throws -> Response {
    if context.form["do"] == "preview" {
      return try await respond(form, result: try await result(of: form), request, context)
    }
    let dataset = form.dataset
    let problems = CheckerService.problems(with: dataset)
    do {
      if !problems.isEmpty { throw ServiceError.invalid(problems) }
      let stored = try await current(form)
      if let stored, Fingerprint.of(stored) != form.read, !form.read.isEmpty {
        return try await savedMeanwhile(form, stored, request, context)
      }
      var untried = ""
      if context.form["do"] != "save-anyway" {
        switch await trial(of: dataset) {
        case .works: break
        case .refused(let error): return try await refuse(form, error, request, context)
        case .untried(let why): untried = " Its query could not be tried: \(FormProblems.sentence(why))"
        }
      }
      try await site.service.save(dataset, replacing: form.original, expected: form.read.isEmpty ? nil : stored)
      let response = Response.redirect(
        Link.dataset(dataset.id), notice: "Saved dataset \(dataset.id.name).\(untried)")
      return PresetNamespace.remembered(dataset.id.namespace, response)
    } catch ServiceError.invalid(let found) {
      return try await respond(
        form, problems: FormProblems(found), result: nil, status: .unprocessableContent, request, context)
    } catch ServiceError.conflict(let message) {
      if let stored = try await current(form), Fingerprint.of(stored) != form.read, !form.read.isEmpty {
        return try await savedMeanwhile(form, stored, request, context)
      }
      let problems = FormProblems([FieldProblem(field: "name", message: message)])
      return try await respond(form, problems: problems, result: nil, status: .conflict, request, context)
    }
  }

  private func current(_ form: DatasetForm) async throws -> Dataset? {
    guard let original = form.original else { return nil }
    return try await site.service.store.dataset(original)
  }

  /// Saving once more is meant.
  private func savedMeanwhile(
    _ form: DatasetForm, _ stored: Dataset, _ request: Request, _ context: WebContext
  ) async throws -> Response {
    var form = form
    form.read = Fingerprint.of(stored)
    return try await respond(
      form, banner: .savedMeanwhile("dataset"), result: nil, status: .conflict, request, context)
  }

  /// How long saving waits for the database, in seconds.
  private static let trialSeconds = 3.0

  private func trial(of dataset: Dataset) async -> DatasetTrial {
    let late = DatasetTrial.untried("the database did not answer within \(Int(Self.trialSeconds)) s")
    return await within(Self.trialSeconds, else: late) { [service = site.service] in await service.trial(of: dataset) }
  }

  /// Shows what the database says of the query, which saving it would only put off.
  private func refuse(
    _ form: DatasetForm, _ error: QueryError, _ request: Request, _ context: WebContext
  ) async throws -> Response {
    let result = DatasetResult(error, sql: form.sql, dataSource: form.dataSource)
    let banner = FormBanner(
      "Not saved. The query cannot run.",
      [result.detail, "\"Save anyway\" saves it as it is: its checkers are in error until it can run."])
    return try await respond(
      form, banner: banner, result: result, canForce: true, status: .unprocessableContent, request, context)
  }

  private func preview(_ request: Request, _ context: WebContext) async throws -> Response {
    let form = DatasetForm(context.form)
    let result = try await site.previews.run(context.form["run"]) { try await self.result(of: form) }
    if !context.visit.isHTMX { return try await respond(form, result: result, request, context) }
    // The editor comes back only to set or clear a mark: otherwise the cursor stays where it is.
    let editor = result.mark != nil || context.form["marked"] == "true" ? try await self.editor(form, result) : nil
    return try site.fragment("dataset-live", DatasetLive(result: result, editor: editor), context)
  }

  private func result(of form: DatasetForm) async throws -> DatasetResult {
    let preview: DatasetPreview
    do {
      preview = try await site.service.preview(form.sql, on: form.dataSource)
    } catch {
      switch error {
      case .query(let error): return DatasetResult(error, sql: form.sql, dataSource: form.dataSource)
      case .invalid(let problems):
        return DatasetResult(refused: problems.map { FormProblems.sentence($0.message) }.joined(separator: " "))
      case .notFound(let message): return DatasetResult(refused: FormProblems.sentence(message))
      default: throw error
      }
    }
    return DatasetResult(preview)
  }

  private func editor(_ form: DatasetForm, _ result: DatasetResult?) async throws -> DatasetEditor {
    let listing = await TableListing(of: form.dataSource, site.service)
    return DatasetEditor(form, tables: listing.tables, mark: result?.mark)
  }

  private func delete(_ request: Request, _ context: WebContext) async throws -> Response {
    let dataset = try await stored(context)
    do {
      try await site.service.deleteDataset(dataset.id)
      return Response.redirect("/datasets", notice: "Deleted dataset \(dataset.id.name).")
    } catch ServiceError.inUse(let message, let names) {
      let banner = FormBanner(
        "Not deleted. \(FormProblems.sentence(message))", ["Change or delete first: \(names.joined(separator: ", "))."])
      return try await respond(
        DatasetForm(dataset), banner: banner, result: nil, status: .conflict, request, context)
    }
  }

  private func respond(
    _ form: DatasetForm, problems: FormProblems = FormProblems(), banner: FormBanner? = nil, result: DatasetResult?,
    canForce: Bool = false, status: HTTPResponse.Status = .ok, _ request: Request, _ context: WebContext
  ) async throws -> Response {
    let sources = try await site.service.store.dataSources()
    let checkers = try await site.service.store.checkers()
    let now = site.service.now()
    let uses = form.original.map { DatasetUses(checkers).of($0) } ?? []
    let tables = await TableListing(of: form.dataSource, site.service)
    var model = DatasetModel(
      form, sources: sources.map(\.name), tables: tables, uses: uses.map { .init($0, at: now) },
      namespaces: Set(checkers.map(\.checker.id.namespace) + ["default"]).sorted(), problems: problems,
      banner: banner, result: result)
    model.canForce = canForce
    let page = Page(
      form.original?.name ?? "New dataset", section: .datasets, crumbs: [.init("Datasets", "/datasets")],
      template: "dataset", model: model, status: status, hasEditor: true)
    return try await site.respond(page, request, context)
  }
}

/// Which checkers have rules on a dataset.
struct DatasetUses: Sendable {
  private var byDataset: [QualifiedName: [StoredChecker]] = [:]

  init(_ checkers: [StoredChecker]) {
    for stored in checkers {
      let namespace = stored.checker.id.namespace
      let names = Set(stored.checker.body.datasetNames.map { QualifiedName($0, defaultNamespace: namespace) })
      for name in names { byDataset[name, default: []].append(stored) }
    }
  }

  func of(_ dataset: QualifiedName) -> [StoredChecker] { byDataset[dataset] ?? [] }
}
