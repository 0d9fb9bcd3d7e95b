import Checking
import Domain
import Foundation
import HTTPTypes
import Hummingbird

/// `/data-sources`, `/data-sources/new` and `/data-sources/{name}`.
struct DataSourcePages: RouteGroup {
  let site: Site

  func add(to router: Router<WebContext>) {
    router.get("/data-sources") { request, context in
      let model = DataSourceListModel(
        try await site.service.store.dataSources(), datasets: try await site.service.store.datasets(),
        outages: try await site.service.outages(), now: site.service.now())
      let page = Page("Data sources", section: .dataSources, template: "data-sources", model: model)
      return try await site.respond(page, request, context)
    }
    router.get("/data-sources/new") { request, context in
      try await respond(DataSourceForm(), request, context)
    }
    router.post("/data-sources/new") { request, context in
      try await take(DataSourceForm(context.form), stored: nil, request, context)
    }
    router.get("/data-sources/:name") { request, context in
      try await respond(DataSourceForm(try await stored(context)), request, context)
    }
    router.post("/data-sources/:name") { request, context in
      let stored = try await stored(context)
      var form = DataSourceForm(context.form)
      form.original = stored.name
      return try await take(form, stored: stored, request, context)
    }
    router.post("/data-sources/test") { request, context in
      let form = DataSourceForm(context.form)
      let test = try await test(form)
      if !context.visit.isHTMX { return try await respond(form, test: test, request, context) }
      return try site.fragment("data-source-test", test, context)
    }
    router.post("/data-sources/:name/delete") { request, context in
      let source = try await stored(context)
      do {
        try await site.service.deleteDataSource(source.name)
        return Response.redirect("/data-sources", notice: "Deleted data source \(source.name).")
      } catch ServiceError.inUse(let message, let names) {
        let banner = FormBanner(
          "Not deleted. \(FormProblems.sentence(message))",
          ["Change or delete first: \(names.joined(separator: ", "))."])
        return try await respond(DataSourceForm(source), banner: banner, status: .conflict, request, context)
      }
    }
  }

  private func stored(_ context: WebContext) async throws -> DataSource {
    let name = try context.name("name")
    guard let source = try await site.service.store.dataSource(name) else {
      throw WebProblem.notFound("There is no data source '\(name)'. It may have been renamed or deleted.")
    }
    return source
  }

  /// Connects with what the form says now, the stored password in the place of its mask.
  private func test(_ form: DataSourceForm) async throws -> ConnectionTestModel {
    var stored: DataSource?
    if let original = form.original { stored = try await site.service.store.dataSource(original) }
    var (source, problems) = form.source(stored: stored)
    // A name is not needed to try a connection.
    problems.removeAll { $0.field == "name" }
    if source.name.isEmpty { source.name = "trial" }
    if !problems.isEmpty { return ConnectionTestModel(refused: problems) }
    return ConnectionTestModel(await site.service.test(source))
  }

  private func take(
    _ form: DataSourceForm, stored: DataSource?, _ request: Request, _ context: WebContext
  ) async throws -> Response {
    if context.form["do"] == "test" {
      return try await respond(form, test: try await test(form), request, context)
    }
    let (source, problems) = form.source(stored: stored)
    do {
      if !problems.isEmpty { throw ServiceError.invalid(problems) }
      if let stored, Fingerprint.of(stored) != form.read, !form.read.isEmpty {
        return try await savedMeanwhile(form, stored, request, context)
      }
      try await site.service.save(
        source, replacing: form.original, expected: form.read.isEmpty ? nil : stored)
      return Response.redirect(Link.dataSource(source.name), notice: "Saved data source \(source.name).")
    } catch ServiceError.invalid(let found) {
      return try await respond(
        form, problems: FormProblems(found), status: .unprocessableContent, request, context)
    } catch ServiceError.conflict(let message) {
      if !form.read.isEmpty, let name = form.original, let stored = try await site.service.store.dataSource(name),
        Fingerprint.of(stored) != form.read
      {
        return try await savedMeanwhile(form, stored, request, context)
      }
      let problems = FormProblems([FieldProblem(field: "name", message: message)])
      return try await respond(form, problems: problems, status: .conflict, request, context)
    }
  }

  /// Saving once more is meant.
  private func savedMeanwhile(
    _ form: DataSourceForm, _ stored: DataSource, _ request: Request, _ context: WebContext
  ) async throws -> Response {
    var form = form
    form.read = Fingerprint.of(stored)
    return try await respond(form, banner: .savedMeanwhile("data source"), status: .conflict, request, context)
  }

  private func respond(
    _ form: DataSourceForm, problems: FormProblems = FormProblems(), banner: FormBanner? = nil,
    test: ConnectionTestModel? = nil, status: HTTPResponse.Status = .ok, _ request: Request, _ context: WebContext
  ) async throws -> Response {
    var datasets: [Dataset] = []
    var tables = TableListing()
    if let original = form.original {
      datasets = try await site.service.store.datasets().filter { $0.dataSource == original }.sorted { $0.id < $1.id }
      tables = await TableListing(of: original, site.service)
    }
    var model = DataSourceModel(
      form, problems: problems, banner: banner, test: test, datasets: datasets, tables: tables)
    if let original = form.original, let outage = try await OutageBanner.of(.dataSource(original), site.service) {
      model.outages = [outage]
    }
    let page = Page(
      form.original ?? "Connect a database", section: .dataSources, crumbs: [.init("Data sources", "/data-sources")],
      template: "data-source", model: model, status: status)
    return try await site.respond(page, request, context)
  }
}
