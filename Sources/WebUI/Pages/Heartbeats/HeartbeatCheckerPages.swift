import Checking
import Domain
import Foundation
import HTTPTypes
import Hummingbird

/// `/heartbeats/new`, `/checkers/{namespace}/{name}/heartbeat`: checkers whose runs come from outside.
struct HeartbeatCheckerPages: RouteGroup {
  let site: Site

  func add(to router: Router<WebContext>) {
    router.get("/heartbeats/new") { request, context in
      var form = HeartbeatForm()
      form.namespace = PresetNamespace.of(request)
      return try await respond(form, nil, request, context)
    }
    router.post("/heartbeats/new") { request, context in
      try await take(HeartbeatForm(context.form), nil, request, context)
    }
    router.get("/checkers/:ns/:name/heartbeat") { request, context in
      let stored = try await stored(context)
      return try await respond(HeartbeatForm(stored.checker), stored, request, context)
    }
    router.post("/checkers/:ns/:name/heartbeat") { request, context in
      try await take(HeartbeatForm(context.form), try await stored(context), request, context)
    }
    router.post("/checkers/:ns/:name/heartbeat/renew") { _, context in
      let id = try context.checkerID()
      _ = try await site.service.renewPingToken(of: id)
      return Response.redirect(Self.href(id), notice: "There is another address. The old one answers no more.")
    }
  }

  static func href(_ id: QualifiedName) -> String { Link.checker(id) + "/heartbeat" }

  private func stored(_ context: WebContext) async throws -> StoredChecker {
    let id = try context.checkerID()
    guard let stored = try await site.service.store.checker(id), stored.checker.body.isPushed else {
      throw WebProblem.notFound("There is no heartbeat \(id). It may have been renamed or deleted.")
    }
    return stored
  }

  private func take(
    _ form: HeartbeatForm, _ stored: StoredChecker?, _ request: Request, _ context: WebContext
  ) async throws -> Response {
    let (checker, problems) = form.checker(stored?.checker)
    do {
      if !problems.isEmpty { throw ServiceError.invalid(problems) }
      let saved = try await site.service.save(
        checker, replacing: stored?.checker.id, expectedVersion: nil, author: context.author)
      return PresetNamespace.remembered(
        saved.checker.id.namespace,
        Response.redirect(Self.href(saved.checker.id), notice: "Saved \(saved.checker.id)."))
    } catch ServiceError.invalid(let found) {
      return try await respond(form, stored, problems: found, status: .unprocessableContent, request, context)
    } catch ServiceError.conflict(let message) {
      let problem = FieldProblem(field: "name", message: message)
      return try await respond(form, stored, problems: [problem], status: .conflict, request, context)
    }
  }

  private func respond(
    _ form: HeartbeatForm, _ stored: StoredChecker?, problems: [FieldProblem] = [],
    status: HTTPResponse.Status = .ok, _ request: Request, _ context: WebContext
  ) async throws -> Response {
    var model = HeartbeatPageModel(form, stored, FormProblems(problems))
    if let id = stored?.checker.id {
      let token = try await site.service.pingToken(of: id)
      model.ping = PingExamples("\(site.address(request))/ping/\(token)", stored?.checker)
    }
    var page = Page(
      stored == nil ? "New heartbeat" : "Heartbeat", section: .checkers,
      crumbs: stored.map {
        CheckerPages.crumbs($0.checker.id) + [.init($0.checker.id.name, Link.checker($0.checker.id))]
      }
        ?? [.init("Checkers", "/checkers")], template: "heartbeat", model: model, status: status)
    page.alwaysWhole = true
    return try await site.respond(page, request, context)
  }
}

/// A heartbeat as it stands in the form.
struct HeartbeatForm: Sendable {
  var name = ""
  var namespace = "default"
  var description = ""
  var schedule = "every 1440 minutes"
  var timeZone = "UTC"
  var grace = "1h"
  var severity = Severity.warning
  var owner = ""
  var tags = ""
  var runbook = ""

  init() {}

  init(_ checker: Checker) {
    name = checker.id.name
    namespace = checker.id.namespace
    description = checker.description
    schedule = checker.schedule?.text ?? ""
    timeZone = checker.schedule?.timeZone ?? "UTC"
    grace = checker.alarm.staleAfterSeconds.map(DurationText.write) ?? "never"
    severity = checker.severity
    owner = checker.owner
    tags = checker.tags.joined(separator: ", ")
    runbook = checker.runbook
  }

  init(_ form: FormData) {
    name = form.trimmed("name")
    namespace = form.trimmed("namespace")
    description = form.trimmed("description")
    schedule = form.trimmed("schedule")
    timeZone = form.trimmed("timezone")
    grace = form.trimmed("grace")
    severity = Severity(rawValue: form["severity"]) ?? .warning
    owner = form.trimmed("owner")
    tags = form.trimmed("tags")
    runbook = form["runbook"]
  }

  /// The checker, with what the form does not show as it is in `old`, and what keeps it from being one.
  func checker(_ old: Checker?) -> (checker: Checker, problems: [FieldProblem]) {
    var problems: [FieldProblem] = []
    let id = QualifiedName(namespace: namespace, name: name)
    var checker = old ?? Checker(id: id, body: .heartbeat)
    checker.id = id
    checker.description = description
    checker.severity = severity
    checker.owner = owner
    checker.tags = ValueText.names(tags)
    checker.runbook = runbook
    do {
      checker.schedule = try Schedule.parse(text: schedule, timeZone: timeZone)
    } catch {
      problems.append(FieldProblem(field: error.part == .timeZone ? "timezone" : "schedule", message: error.message))
    }
    if let seconds = DurationText.seconds(grace) {
      checker.alarm.staleAfterSeconds = seconds
    } else {
      problems.append(FieldProblem(field: "grace", message: "a time such as 10m or 1h"))
    }
    return (checker, problems)
  }
}

struct HeartbeatPageModel: Sendable {
  var heading: String
  var action: String
  var cancel: String
  var banner: FormBanner?
  var fields: [FormField]
  var severities: [FormChoice]
  var ping: PingExamples?

  init(_ form: HeartbeatForm, _ stored: StoredChecker?, _ problems: FormProblems) {
    heading = stored.map { $0.checker.id.name } ?? "New heartbeat"
    action = stored.map { HeartbeatCheckerPages.href($0.checker.id) } ?? "/heartbeats/new"
    cancel = stored.map { Link.checker($0.checker.id) } ?? "/checkers"
    let known = ["namespace", "name", "schedule", "timezone", "grace"]
    if !problems.isEmpty {
      banner = FormBanner(
        "Not saved. \(Words.count(problems.all.count, "thing")) to mend, marked below.", problems.others(than: known))
    }
    var runbook = FormField("runbook", "Runbook (optional)", value: form.runbook, help: "Markdown: what to do then.")
    runbook.isLong = true
    fields = [
      FormField("namespace", "Namespace", value: form.namespace, problem: problems.at("namespace")),
      FormField("name", "Name", value: form.name, problem: problems.at("name"), placeholder: "nightly-backup"),
      FormField("description", "What must happen (optional)", value: form.description),
      FormField(
        "schedule", "A ping is expected", value: form.schedule, help: "0 3 * * * or every 1440 minutes.",
        problem: problems.at("schedule"), isCode: true),
      FormField("timezone", "Time zone", value: form.timeZone, problem: problems.at("timezone")),
      FormField(
        "grace", "Grace", value: form.grace, help: "How late it may be before anybody is told.",
        problem: problems.at("grace"), placeholder: "1h"),
      FormField("owner", "Owner (optional)", value: form.owner),
      FormField("tags", "Tags (optional)", value: form.tags), runbook,
    ]
    severities = Severity.allCases.map { FormChoice($0.rawValue, isChosen: $0 == form.severity) }
  }
}

/// How a job reports.
struct PingExamples: Sendable {
  var url: String
  var curl: String
  var crontab: String
  var status: String
  var renew: String

  init(_ url: String, _ checker: Checker?) {
    self.url = url
    curl = "curl -fsS -m 10 --retry 5 -o /dev/null \(url)"
    let cron: String
    if case .cron(let expression)? = checker?.schedule?.rhythm { cron = expression.text } else { cron = "0 3 * * *" }
    crontab = "\(cron) /path/to/job.sh && \(curl)"
    status = """
      curl -fsS -m 10 --retry 5 \(url)/start
      /path/to/job.sh > /tmp/job.log 2>&1; status=$?
      curl -fsS -m 10 --retry 5 --data-binary @/tmp/job.log \(url)/$status
      """
    renew = checker.map { HeartbeatCheckerPages.href($0.id) + "/renew" } ?? ""
  }
}
