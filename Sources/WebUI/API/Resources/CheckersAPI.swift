import CheckFiles
import Checking
import Domain
import Foundation
import HTTPTypes

/// `/checkers`: what users write.
enum CheckersAPI: APIResource {
  static let endpoints: [Endpoint] = [
    Endpoint(
      .get, "/checkers", "listCheckers", "checkers", "Checkers with their state, by namespace and name",
      query: filters + QueryParameter.paging, content: .json(Schema.page(Schema.ref("Checker")))
    ) { call in
      let limit = try call.limit()
      let after = try call.cursor().map { QualifiedName($0, defaultNamespace: "") }
      let found = try await call.store.checkers(try filter(call), after: after, limit: limit + 1)
      let page = found.prefix(limit)
      let next = found.count > limit ? page.last.map { Cursor.text($0.checker.id.description) } : nil
      return APIPage(items: page.map { JSONValue($0, at: call.now) }, next: next).answer
    },
    Endpoint(
      .post, "/checkers", "createChecker", "checkers", "Add a checker", body: .json("CheckerRequest"),
      status: .created, content: .json(Schema.ref("Checker")), problems: [.conflict], isVersioned: true
    ) { call in
      let checker = try checker(call)
      let saved = try await call.service.save(checker, replacing: nil, expectedVersion: nil, author: call.author)
      return answer(saved, call, .created(JSONValue(saved, at: call.now), at: saved.checker.id.path))
    },
    Endpoint(
      .get, "/checkers/{namespace}/{name}", "getChecker", "checkers", "One checker with its state",
      content: .json(Schema.ref("Checker")), isVersioned: true
    ) { call in
      answer(try await stored(call.id, call), call)
    },
    Endpoint(
      .put, "/checkers/{namespace}/{name}", "replaceChecker", "checkers",
      "Write a new version of a checker; another name renames it", body: .json("CheckerRequest"),
      content: .json(Schema.ref("Checker")), problems: [.conflict], isVersioned: true
    ) { call in
      let old = try await stored(call.id, call)
      if let expected = call.ifMatch, expected != "*", !names(expected, old.version) {
        throw WebProblem(
          .preconditionFailed, "There is a newer version",
          "'\(call.id)' is at version \(old.version). Read it again and make the change there.")
      }
      let version = try expectedVersion(call)
      let checker = try checker(call, id: call.id)
      let saved = try await call.service.save(
        checker, replacing: call.id, expectedVersion: version ?? (call.ifMatch == nil ? nil : old.version),
        author: call.author)
      return answer(saved, call)
    },
    Endpoint(
      .delete, "/checkers/{namespace}/{name}", "deleteChecker", "checkers",
      "Delete a checker with its runs, alarm and history", status: .noContent, content: .none
    ) { call in
      try await call.service.deleteChecker(call.id)
      return .nothing
    },
    Endpoint(
      .get, "/checkers/{namespace}/{name}.yaml", "getCheckerFile", "checkers",
      "One checker as a check file, with the datasets, data sources, libraries and actions that it uses", content: .yaml
    ) { call in
      // A checker may be called 'NAME.yaml'; that of the other stands in its namespace's export.
      let whole = QualifiedName(namespace: call.id.namespace, name: call.id.name + ".yaml")
      if let stored = try await call.store.checker(whole) { return answer(stored, call) }
      guard try await call.store.checker(call.id) != nil else { throw missing(call.id) }
      return APIAnswer(content: .yaml(try await call.service.export(.checker(call.id)).text))
    },
    Endpoint(
      .post, "/checkers/preview", "previewChecker", "checkers",
      "What a checker would come to now; nothing is saved or sent", body: .json("CheckerRequest"),
      content: .json(Schema.ref("CheckerPreview"))
    ) { call in
      let id = QualifiedName(namespace: "default", name: "unsaved")
      let checker = try checker(call, id: id)
      return .json(JSONValue(try await call.service.preview(checker)))
    },
    Endpoint(
      .get, "/checkers/{namespace}/{name}/versions", "listVersions", "checkers", "Every version, the newest first",
      query: QueryParameter.paging, content: .json(Schema.page(Schema.ref("CheckerVersion")))
    ) { call in
      _ = try await stored(call.id, call)
      let versions = try await call.store.versions(of: call.id).sorted { $0.version > $1.version }
      return try await APIPage.newest(call, json: { JSONValue($0) }, read: { _ in versions }).answer
    },
    Endpoint(
      .post, "/checkers/{namespace}/{name}/restore", "restoreVersion", "checkers",
      "Write an old version again, as the newest", body: .json("RestoreRequest"),
      content: .json(Schema.ref("Checker")), problems: [.conflict], isVersioned: true
    ) { call in
      let fields = try call.fields(["version"])
      let version = fields.integer("version")
      if version == nil { fields.problem("version", "'version' is missing: the number of the version to restore") }
      try call.finish(fields)
      let saved = try await call.service.restore(call.id, version: version ?? 0, author: call.author)
      return answer(saved, call)
    },
  ]

  /// Keys of answers that a request may send back.
  static let answered = ["saved_at", "state", "alarm", "rows", "mute", "next_run_at", "run_delay", "last_run"]

  /// The checker that a request writes.
  private static func checker(_ call: APICall, id: QualifiedName? = nil) throws -> Checker {
    // Check files have the policy under this key, and here it would be passed over as an answer that comes back.
    if case .object(let members)? = call.json["alarm"],
      let key = members.map(\.key).first(where: AlarmPolicyText.keys.contains)
    {
      throw WebProblem.field(
        "alarm.\(key)",
        "'alarm' is how the alarm stands, and only answers have it; write a policy such as '\(key)' to 'alarm_policy'")
    }
    return try call.document { json throws(CheckFileError) in
      try JSONDocument.checker(json, id: id, answered: answered + ["version"])
    }
  }

  private static let filters = [
    QueryParameter("state", "Only those in this state.", Schema.choice(DisplayState.allCases.map(\.rawValue))),
    QueryParameter("namespace", "Only those of this namespace."), QueryParameter("tag", "Only those with this tag."),
    QueryParameter("owner", "Only those of this owner."),
    QueryParameter("q", "Only those with this text in name, namespace, description or last result."),
  ]

  private static func filter(_ call: APICall) throws -> OverviewFilter {
    OverviewFilter(
      state: try call.choice("state", DisplayState.self), namespace: call.value("namespace"), tag: call.value("tag"),
      owner: call.value("owner"), text: call.query.trimmed("q"), at: call.now)
  }

  static func stored(_ id: QualifiedName, _ call: APICall) async throws -> StoredChecker {
    guard let stored = try await call.store.checker(id) else { throw missing(id) }
    return stored
  }

  private static func missing(_ id: QualifiedName) -> WebProblem { .notFound("There is no checker '\(id)'.") }

  static func answer(_ stored: StoredChecker, _ call: APICall, _ answer: APIAnswer? = nil) -> APIAnswer {
    var answer = answer ?? .json(JSONValue(stored, at: call.now))
    answer.headers[.eTag] = "\"\(stored.version)\""
    return answer
  }

  /// Whether `If-Match` names the version. Format: RFC 9110, section 13.1.1.
  private static func names(_ header: String, _ version: Int) -> Bool {
    header.split(separator: ",").contains { $0.trimmingCharacters(in: .whitespaces) == "\"\(version)\"" }
  }

  /// The member `version`: the version that the request was made from.
  private static func expectedVersion(_ call: APICall) throws -> Int? {
    switch call.json["version"] {
    case nil, .null: return nil
    case .number(let digits):
      if let version = Int(digits) { return version }
      fallthrough
    default: throw WebProblem.field("version", "must be a whole number")
    }
  }
}

extension QualifiedName {
  /// The parts of a checker's address.
  var path: [String] { ["checkers", namespace, name] }
}
