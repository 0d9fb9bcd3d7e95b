import Checking
import Domain
import Foundation
import HTTPTypes
import Hummingbird

/// `/checkers/{namespace}/{name}` and what one can do there.
struct CheckerPages: RouteGroup {
  let site: Site

  func add(to router: Router<WebContext>) {
    router.get("/checkers/:ns/:name") { request, context in try await show(request, context) }
    router.post("/checkers/:ns/:name/run") { request, context in try await run(request, context) }
    router.get("/checkers/:ns/:name/mute") { request, context in
      try await muteForm(request, context, problem: nil, status: .ok)
    }
    router.post("/checkers/:ns/:name/mute") { request, context in try await mute(request, context) }
    router.post("/checkers/:ns/:name/unmute") { request, context in
      let id = try context.checkerID()
      try await site.service.unmute(id, author: context.author)
      return Response.redirect(back(id, context), notice: "\(id.name): unmuted.")
    }
    for (word, enabled) in [("enable", true), ("disable", false)] {
      router.post("/checkers/:ns/:name/\(word)") { _, context in
        let id = try context.checkerID()
        try await site.service.setEnabled(id, enabled)
        return Response.redirect(
          Link.checker(id), notice: enabled ? "Enabled. It runs on its schedule again." : "Disabled. Its history stays."
        )
      }
    }
    router.get("/checkers/:ns/:name/delete") { request, context in
      let stored = try await stored(context)
      let id = stored.checker.id
      let page = Page(
        "Delete \(id.name)", section: .checkers, crumbs: Self.crumbs(id) + [Page.Crumb(id.name, Link.checker(id))],
        template: "checker-delete", model: DeleteModel(name: "\(id)", href: Link.checker(id)))
      return try await site.respond(page, request, context)
    }
    router.post("/checkers/:ns/:name/delete") { _, context in
      let id = try context.checkerID()
      try await site.service.deleteChecker(id)
      return Response.redirect("/checkers", notice: "Deleted \(id).")
    }
  }

  /// As many lines of history as stand on the page.
  static let shownHistory = 15

  struct DeleteModel: Sendable {
    var name: String
    var href: String
  }

  static func crumbs(_ id: QualifiedName) -> [Page.Crumb] {
    [Page.Crumb("Checkers", "/checkers"), Page.Crumb(id.namespace, Link.namespace(id.namespace))]
  }

  private func stored(_ context: WebContext) async throws -> StoredChecker {
    let id = try context.checkerID()
    guard let stored = try await site.service.store.checker(id) else {
      throw WebProblem.notFound("There is no checker \(id). It may have been renamed or deleted.")
    }
    return stored
  }

  // MARK: Showing

  private func show(_ request: Request, _ context: WebContext) async throws -> Response {
    let id = try context.checkerID()
    if id.name.hasSuffix(".yaml"), try await site.service.store.checker(id) == nil { return try await export(id) }
    let stored = try await stored(context)
    let model = try await model(stored)
    let page = Page(
      id.name, section: .checkers, crumbs: Self.crumbs(id), template: "checker", model: model,
      hasEditor: model.script != nil, isLive: true)
    return try await site.respond(page, request, context)
  }

  private func model(_ stored: StoredChecker) async throws -> CheckerModel {
    let store = site.service.store
    let id = stored.checker.id
    let runs = try await store.runs(RunFilter(checker: id), limit: 60, before: nil)
    var last: Run?
    if let summary = stored.lastRun { last = try await store.run(summary.id) }
    return CheckerModel(
      stored, runs: runs, last: last, observations: try await store.observations(of: id, limit: 16, before: nil),
      history: try await site.service.history(of: id, limit: Self.shownHistory * HistoryList.itemsPerLine),
      rows: try await store.rowAlarms(of: id), withheld: try await site.service.withholding([stored])[id],
      now: site.service.now())
  }

  private func export(_ id: QualifiedName) async throws -> Response {
    let bare = QualifiedName(namespace: id.namespace, name: String(id.name.dropLast(".yaml".count)))
    let text = try await site.service.export(.checker(bare)).text
    return Response.download(text, type: "application/yaml", name: "\(bare.name).yaml")
  }

  // MARK: Running

  /// How long the answer waits for the run's end, in seconds; a longer run shows its result when it is done.
  private static let patience: Double = 3

  private func run(_ request: Request, _ context: WebContext) async throws -> Response {
    let id = try await stored(context).checker.id
    // However long it takes to say that the store refuses, the answer says so.
    let claimed = try await site.service.claim(id)
    let running = Task { [site] in try await site.service.runClaimed(claimed, trigger: .manual) }
    let finished = try await Self.first(of: running, within: Self.patience)
    if context.visit.isHTMX { return Response(status: .noContent) }
    guard let finished else {
      return Response.redirect(Link.checker(id), notice: "Running. The result shows here when it is done.")
    }
    return Response.redirect(
      Link.checker(id),
      notice: "Ran in \(Words.duration(finished.milliseconds)): \(finished.outcome.word.lowercased()).")
  }

  /// The run when it ends in time. It goes on in any case, and is recorded.
  private static func first(of run: Task<Run, any Error>, within seconds: Double) async throws -> Run? {
    let (results, feed) = AsyncThrowingStream<Run?, any Error>.makeStream()
    let waiting = Task {
      do { feed.yield(try await run.value) } catch { feed.finish(throwing: error) }
    }
    let clock = Task {
      if (try? await Task.sleep(for: .seconds(seconds))) != nil { feed.yield(nil) }
    }
    defer {
      waiting.cancel()
      clock.cancel()
    }
    for try await result in results { return result }
    return nil
  }
}

extension WebContext {
  /// The checker that the address names.
  func checkerID() throws -> QualifiedName { QualifiedName(namespace: try name("ns"), name: try name("name")) }
}
