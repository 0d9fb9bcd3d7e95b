import Checking
import Domain
import Foundation
import HTTPTypes
import Hummingbird

/// `/libraries`, `/libraries/new` and `/libraries/{namespace}/{file}`: what scripts of a namespace import.
struct LibraryPages: RouteGroup {
  let site: Site

  func add(to router: Router<WebContext>) {
    router.get("/libraries") { request, context in
      let libraries = try await site.service.store.libraries(namespace: nil)
      let page = Page(
        "Libraries", section: .more, template: "libraries",
        model: LibraryListModel(libraries, now: site.service.now()))
      return try await site.respond(page, request, context)
    }
    router.get("/libraries/new") { request, context in
      let namespace = request.query("ns")
      return try await respond(LibraryForm(namespace: namespace.isEmpty ? "default" : namespace), request, context)
    }
    router.post("/libraries/new") { request, context in
      try await take(LibraryForm(context.form), stored: nil, request, context)
    }
    router.get("/libraries/:ns/:file") { request, context in
      let versions = try await stored(context)
      let wanted = request.query("version")
      guard let shown = wanted.isEmpty ? versions.first : versions.first(where: { "\($0.version)" == wanted }) else {
        throw WebProblem.notFound("This library has no version \(wanted).")
      }
      return try await respond(LibraryForm(shown), versions: versions, shown: shown, request, context)
    }
    router.post("/libraries/:ns/:file") { request, context in
      let versions = try await stored(context)
      return try await take(LibraryForm(context.form), stored: versions, request, context)
    }
    router.post("/libraries/:ns/:file/delete") { request, context in
      try await delete(request, context)
    }
  }

  /// The newest first.
  private func stored(_ context: WebContext) async throws -> [StoredLibrary] {
    let (namespace, file) = (try context.name("ns"), try context.name("file"))
    let versions = try await site.service.store.versions(ofLibrary: file, namespace: namespace)
    if versions.isEmpty { throw WebProblem.notFound("There is no library '\(namespace)/\(file)'.") }
    return versions
  }

  private func take(
    _ form: LibraryForm, stored versions: [StoredLibrary]?, _ request: Request, _ context: WebContext
  ) async throws -> Response {
    var form = form
    if let library = versions?.first?.library { form.keepName(of: library) }
    do {
      let library = try form.library()
      let isTaken = try await site.service.store.library(library.fileName, namespace: library.namespace) != nil
      if versions == nil, isTaken {
        throw ServiceError.invalid([
          FieldProblem(field: "name", message: "there is a library of that name already: open it to change it")
        ])
      }
      if let read = form.read, let versions, versions[0].version != read, versions[0].library != library {
        return try await savedMeanwhile(form, versions, request, context)
      }
      try await site.service.save(library, expectedVersion: form.read, author: context.author)
      return Response.redirect(
        Link.library(library.fileName, namespace: library.namespace), notice: "Saved library \(library.fileName).")
    } catch ServiceError.invalid(let problems) {
      return try await respond(
        form, versions: versions ?? [], problems: FormProblems(problems), status: .unprocessableContent, request,
        context)
    } catch ServiceError.conflict {
      return try await savedMeanwhile(form, try await stored(context), request, context)
    }
  }

  /// Saving once more is meant.
  private func savedMeanwhile(
    _ form: LibraryForm, _ versions: [StoredLibrary], _ request: Request, _ context: WebContext
  ) async throws -> Response {
    var form = form
    form.read = versions.first?.version
    return try await respond(
      form, versions: versions, banner: .savedMeanwhile("library"), status: .conflict, request, context)
  }

  private func delete(_ request: Request, _ context: WebContext) async throws -> Response {
    let (namespace, file) = (try context.name("ns"), try context.name("file"))
    do {
      try await site.service.deleteLibrary(file, namespace: namespace)
      return Response.redirect("/libraries", notice: "Deleted library \(namespace)/\(file).")
    } catch ServiceError.inUse(let message, let names) {
      let versions = try await stored(context)
      let banner = FormBanner(
        "Not deleted. \(FormProblems.sentence(message))", ["Change or delete first: \(names.joined(separator: ", "))."])
      return try await respond(
        LibraryForm(versions[0]), versions: versions, shown: versions[0], banner: banner, status: .conflict, request,
        context)
    }
  }

  private func respond(
    _ form: LibraryForm, versions: [StoredLibrary] = [], shown: StoredLibrary? = nil,
    problems: FormProblems = FormProblems(), banner: FormBanner? = nil, status: HTTPResponse.Status = .ok,
    _ request: Request,
    _ context: WebContext
  ) async throws -> Response {
    var checkers: [Checker] = []
    if let library = try? form.library() { checkers = try await site.service.users(of: [library]) }
    var model = LibraryModel(
      form, versions: versions, shown: shown, problems: problems, users: checkers.map(\.id),
      now: site.service.now())
    if let banner { model.banner = banner }
    let page = Page(
      model.heading, section: .more, crumbs: [.init("Libraries", "/libraries")], template: "library", model: model,
      status: status, hasEditor: true)
    return try await site.respond(page, request, context)
  }
}

extension Link {
  static func library(_ fileName: String, namespace: String) -> String {
    "/libraries/\(part(namespace))/\(part(fileName))"
  }
}
