import CheckFiles
import Checking
import Domain
import Foundation
import HTTPTypes
import Hummingbird

/// `/routing`: which actions hear of which alarms, its text, and where the alarm of a checker would go.
struct RoutingPages: RouteGroup {
  let site: Site

  func add(to router: Router<WebContext>) {
    router.get("/routing") { request, context in
      let newest = try await site.service.routingVersions().first
      let form = RoutingForm(
        text: RoutingText.write(newest?.tree ?? RoutingTree()), checker: request.query("checker"),
        read: newest?.version ?? 0)
      return try await respond(form, request, context)
    }
    router.post("/routing") { request, context in try await take(request, context) }
    router.post("/routing/preview") { _, context in
      let model = try await shown(context.form["text"], context.form.trimmed("checker"))
      return try site.fragment("routing-tree", model, context)
    }
  }

  private func take(_ request: Request, _ context: WebContext) async throws -> Response {
    let form = RoutingForm(context.form)
    switch Self.read(form.text) {
    case .failure(let error): return try await refuse(form, Self.lines(error), request, context)
    case .success(let tree):
      let problems = try await site.service.problems(of: tree)
      if !problems.isEmpty {
        return try await refuse(form, problems.map { FormProblems.sentence($0.message) }, request, context)
      }
      do {
        try await site.service.save(tree, expectedVersion: form.read, author: context.author)
      } catch {
        guard case .conflict = error else { throw error }
        return try await savedMeanwhile(form, request, context)
      }
      return Response.redirect(Link.query("/routing", [("checker", form.checker)]), notice: "The routing is saved.")
    }
  }

  /// Saving once more is meant.
  private func savedMeanwhile(
    _ form: RoutingForm, _ request: Request, _ context: WebContext
  ) async throws -> Response {
    var form = form
    form.read = try await site.service.routingVersions().first?.version ?? 0
    return try await respond(form, banner: .savedMeanwhile("routing"), status: .conflict, request, context)
  }

  private func refuse(
    _ form: RoutingForm, _ problems: [String], _ request: Request, _ context: WebContext
  ) async throws -> Response {
    try await respond(
      form, banner: FormBanner("Not saved yet", problems), status: .unprocessableContent, request, context)
  }

  private static func read(_ text: String) -> Result<RoutingTree, CheckFileError> {
    Result { () throws(CheckFileError) in try RoutingText.read(text) }
  }

  /// `Line 3: routes[0].match: ...`
  private static func lines(_ error: CheckFileError) -> [String] {
    error.problems.map { problem in
      let key = problem.key.isEmpty ? "" : "\(problem.key): "
      return "Line \(problem.line), column \(problem.column): \(key)\(problem.message)"
    }
  }

  /// The tree that a text means, with the way of a checker's alarm through it.
  private func shown(_ text: String, _ checker: String) async throws -> RoutingTreeModel {
    switch Self.read(text) {
    case .failure(let error): return RoutingTreeModel(problems: Self.lines(error))
    case .success(let tree): return try await shown(tree, checker)
    }
  }

  private func shown(_ tree: RoutingTree, _ checker: String) async throws -> RoutingTreeModel {
    var problems = try await site.service.problems(of: tree).map { FormProblems.sentence($0.message) }
    let id = QualifiedName(checker, defaultNamespace: "default")
    if checker.isEmpty { return RoutingTreeModel(tree, nil, problems: problems) }
    guard try await site.service.store.checker(id) != nil else {
      problems.append("There is no checker '\(checker)'.")
      return RoutingTreeModel(tree, nil, problems: problems)
    }
    return RoutingTreeModel(tree, try await site.service.explainRouting(id, by: tree), problems: problems)
  }

  private func respond(
    _ form: RoutingForm, banner: FormBanner? = nil, status: HTTPResponse.Status = .ok, _ request: Request,
    _ context: WebContext
  ) async throws -> Response {
    let names = try await site.service.store.checkers().prefix(RoutingModel.mostNames).map { "\($0.checker.id)" }
    let model = RoutingModel(
      text: form.text, checker: form.checker, read: form.read.map(String.init) ?? "", checkers: Array(names),
      banner: banner, tree: try await shown(form.text, form.checker),
      isEmpty: form.text.allSatisfy(\.isWhitespace), hasVersions: try await !site.service.routingVersions().isEmpty)
    let page = Page(
      "Routing", section: .actions, crumbs: [.init("Actions", "/actions")], template: "routing", model: model,
      status: status, hasEditor: true)
    return try await site.respond(page, request, context)
  }
}

/// The routing as it stands in its form.
struct RoutingForm: Sendable {
  var text: String
  /// Whose alarm is followed through the tree.
  var checker: String
  /// The version that was read, 0 for none; `nil` where a form does not say.
  var read: Int?
}

extension RoutingForm {
  init(_ form: FormData) {
    self.init(text: form["text"], checker: form.trimmed("checker"), read: Int(form["read"]))
  }
}

struct RoutingModel: Sendable {
  var text: String
  var checker: String
  var read: String
  var checkers: [String]
  var banner: FormBanner?
  var tree: RoutingTreeModel
  /// Nothing is written yet.
  var isEmpty: Bool
  var hasVersions: Bool

  /// As many names as a browser is offered.
  static let mostNames = 500
}

/// The tree as indented lines, and where one alarm goes.
struct RoutingTreeModel: Sendable {
  var problems: [String]
  var hasProblems: Bool
  var rows: [Row] = []
  var isEmpty = true
  var answer: Answer?

  struct Row: Sendable {
    var depth: String
    var path: String
    var match: String
    var actions: String?
    var notes: String?
    /// What was said of it: `taken`, `not`, or empty when no checker is looked at.
    var css = ""
    var verdict: String?
  }

  struct Answer: Sendable {
    var title: String
    var note: String?
    var destinations: [Destination]
  }

  struct Destination: Sendable {
    var name: String
    var href: String
    var reason: String
  }

  init(problems: [String]) {
    self.problems = problems
    hasProblems = !problems.isEmpty
  }

  init(_ tree: RoutingTree, _ explanation: RoutingExplanation?, problems: [String]) {
    self.init(problems: problems)
    let steps = Dictionary(
      (explanation?.steps ?? []).map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
    rows = Self.rows(tree.routes, path: "", depth: 0)
    isEmpty = rows.isEmpty
    guard let explanation else { return }
    let asks = !explanation.steps.isEmpty
    for index in rows.indices {
      let step = steps[rows[index].path]
      rows[index].css = step?.isTaken == true ? "taken" : step?.leadsOn == true ? "" : "not"
      rows[index].verdict =
        step?.reason ?? (asks ? "not looked at: the one above does not fit" : nil)
    }
    answer = Answer(explanation)
  }

  private static func rows(_ routes: [RoutingTree.Route], path: String, depth: Int) -> [Row] {
    routes.enumerated().flatMap { index, route in
      let own = path.isEmpty ? "\(index + 1)" : "\(path).\(index + 1)"
      return [Row(route, own, depth)] + rows(route.routes, path: own, depth: depth + 1)
    }
  }
}

extension RoutingTreeModel.Row {
  init(_ route: RoutingTree.Route, _ path: String, _ depth: Int) {
    self.depth = "d\(depth)"
    self.path = path
    match = route.matchers.isEmpty ? "every alarm" : route.matchers.map(\.text).joined(separator: " and ")
    actions = route.actions.isEmpty ? nil : route.actions.joined(separator: ", ")
    var notes: [String] = []
    if let grouping = route.grouping {
      let by = grouping.by.isEmpty ? "all in one message" : "one message per \(grouping.by.joined(separator: ", "))"
      let wait = DurationText.write(grouping.waitSeconds)
      notes.append("\(by), after \(wait), then every \(DurationText.write(grouping.intervalSeconds))")
    }
    if route.continues { notes.append("those beside it are looked at too") }
    self.notes = notes.isEmpty ? nil : notes.joined(separator: "; ")
  }
}

extension RoutingTreeModel.Answer {
  init(_ explanation: RoutingExplanation) {
    let checker = explanation.subject.checker
    title =
      explanation.destinations.isEmpty
      ? "Nobody would hear of \(checker)" : "An alarm of \(checker) would go to"
    note = explanation.withheld.map { "Nobody is told now: \($0)." }
    destinations = explanation.destinations.map { destination in
      let group = destination.groupKey.map { ", together with \($0.isEmpty ? "all others" : $0)" } ?? ""
      let notices = destination.notices.map(\.rawValue).sorted().joined(separator: ", ")
      return .init(
        name: destination.action, href: Link.action(destination.action),
        reason: "\(destination.reason)\(group); hears of \(notices)")
    }
  }
}
