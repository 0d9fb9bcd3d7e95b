import CheckFiles
import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Testing

@testable import WebUI

@Suite("API: the OpenAPI document")
struct OpenAPITests {
  private static let methods = ["get", "put", "post", "delete", "patch"]

  @Test("It describes every address that the server has, and no other")
  func routes() async throws {
    let fixture = try await APIFixture()
    let document = try await document(fixture)
    let router = Routes.router(for: fixture.server.site, settings: fixture.server.settings)
    let hidden = Set(APIRoutes.hidden.map { "\($0.0.method.rawValue.lowercased()) \(API.root)\($0.path)" })
    let registered = Set(
      router.routes.filter { "\($0.path)".hasPrefix(API.root) && $0.method != .head }.map {
        "\($0.method.rawValue.lowercased()) \($0.path)"
      })
    let described = Set(operations(document).map { "\($0.method) \($0.path)" })
    #expect(described.count > 50)
    #expect(registered.subtracting(hidden) == described)
  }

  @Test("Names are unique, references lead somewhere, parameters are those of the path")
  func structure() async throws {
    let document = try await document(try await APIFixture())
    #expect(document["openapi"] == "3.1.0")
    #expect(document["info"]?["title"]?.text?.isEmpty == false)
    let operations = operations(document)
    let names = operations.compactMap { $0.value["operationId"]?.text }
    #expect(names.count == operations.count && Set(names).count == names.count)
    let schemas = API.resources.flatMap { $0.schemas.map(\.name) }
    #expect(Set(schemas).count == schemas.count)
    let check = SchemaCheck(document: document)
    let references = Set(Self.references(document))
    #expect(references.count > 30)
    for reference in references { #expect(check.resolve(reference) != nil, "\(reference)") }
    for name in schemas {
      #expect(references.contains("#/components/schemas/\(name)"), "nothing uses the schema \(name)")
    }
    for operation in operations {
      let inPath = operation.path.split(separator: "/").filter { $0.hasPrefix("{") }.map {
        String($0.dropFirst().prefix { $0 != "}" })
      }
      var described: [String] = []
      if case .array(let parameters) = operation.value["parameters"] {
        described = parameters.filter { $0["in"] == "path" }.compactMap { $0["name"]?.text }
        #expect(parameters.allSatisfy { $0["schema"] != nil })
      }
      #expect(described == inPath, "\(operation.path)")
      guard case .object(let responses) = operation.value["responses"] else {
        Issue.record("\(operation.path) has no responses")
        continue
      }
      #expect(responses.contains { $0.key.hasPrefix("2") }, "\(operation.path)")
      #expect(responses.contains { $0.key == "401" }, "\(operation.path)")
    }
  }

  @Test("Answers are as it describes them")
  func answers() async throws {
    let fixture = try await APIFixture()
    try await fixture.fill()
    let document = try await document(fixture)
    let run = try await fixture.call(.post, "/checkers/shop/emails/run")
    let id = run.json["id"]?.text ?? ""
    _ = try await fixture.call(
      .post, "/actions", #"{"name": "hook", "channel": "webhook", "settings": {"url": "http://127.0.0.1:1/"}}"#)
    let mute = #"{"reason": "x"}"#
    let hook = #"{"name": "hook", "channel": "webhook", "settings": {"url": "http://127.0.0.1:2/"}}"#
    let dataset = #"{"data_source": "shop", "sql": "SELECT 1 AS one"}"#
    let source = #"{"name": "s2", "driver": "sqlite", "uri": "\#(fixture.database)"}"#
    let calls: [(HTTPRequest.Method, String, String, String?)] = [
      (.get, "/overview", "/overview", nil), (.get, "/namespaces", "/namespaces", nil),
      (.get, "/checkers", "/checkers", nil), (.get, "/checkers/shop/emails", "/checkers/{namespace}/{name}", nil),
      (.put, "/checkers/shop/emails", "/checkers/{namespace}/{name}", APIFixture.checker),
      (.get, "/checkers/shop/emails/versions", "/checkers/{namespace}/{name}/versions", nil),
      (.post, "/checkers/preview", "/checkers/preview", APIFixture.checker),
      (.post, "/checkers/shop/emails/run", "/checkers/{namespace}/{name}/run", nil),
      (.post, "/checkers/shop/emails/acknowledge", "/checkers/{namespace}/{name}/acknowledge", #"{"for": "1h"}"#),
      (.post, "/checkers/shop/emails/comments", "/checkers/{namespace}/{name}/comments", #"{"text": "x"}"#),
      (.post, "/checkers/shop/emails/unacknowledge", "/checkers/{namespace}/{name}/unacknowledge", nil),
      (.get, "/checkers/shop/emails/history", "/checkers/{namespace}/{name}/history", nil),
      (.put, "/routing", "/routing", #"{"routes": [{"actions": ["hook"]}]}"#), (.get, "/routing", "/routing", nil),
      (.get, "/routing/explain?checker=shop/emails", "/routing/explain", nil),
      (.post, "/silences", "/silences", #"{"matchers": ["tag=x"], "comment": "x"}"#),
      (.get, "/silences", "/silences", nil), (.get, "/silences/1", "/silences/{id}", nil),
      (.post, "/checkers/shop/emails/mute", "/checkers/{namespace}/{name}/mute", mute),
      (.get, "/alarms?state=muted", "/alarms", nil),
      (.post, "/checkers/shop/emails/unmute", "/checkers/{namespace}/{name}/unmute", nil),
      (.get, "/alarms", "/alarms", nil), (.get, "/alarms/history", "/alarms/history", nil),
      (.get, "/runs", "/runs", nil), (.get, "/runs/\(id)", "/runs/{id}", nil),
      (.get, "/datasets", "/datasets", nil), (.post, "/datasets/preview", "/datasets/preview", dataset),
      (.get, "/datasets/shop/people/columns", "/datasets/{namespace}/{name}/columns", nil),
      (.get, "/data-sources", "/data-sources", nil), (.post, "/data-sources", "/data-sources", source),
      (.post, "/data-sources/test", "/data-sources/test", source),
      (.get, "/data-sources/shop/tables", "/data-sources/{name}/tables", nil),
      (.get, "/actions", "/actions", nil), (.put, "/actions/hook", "/actions/{name}", hook),
      (.get, "/deliveries", "/deliveries", nil), (.get, "/rule-kinds", "/rule-kinds", nil),
      (.get, "/channel-kinds", "/channel-kinds", nil), (.get, "/health", "/health", nil),
      (.post, "/settings/tokens", "/settings/tokens", #"{"name": "t"}"#),
      (.get, "/settings/tokens", "/settings/tokens", nil),
      (.put, "/settings/address", "/settings/address", #"{"public_url": "https://c.example"}"#),
      (.put, "/settings/address", "/settings/address", #"{"public_url": "c.example"}"#),
      (.get, "/settings/address", "/settings/address", nil),
      (.get, "/checkers/shop/none", "/checkers/{namespace}/{name}", nil),
      (.post, "/checkers", "/checkers", "{}"), (.post, "/checkers", "/checkers", "{"),
    ]
    let check = SchemaCheck(document: document)
    for (method, path, template, body) in calls {
      let answer = try await fixture.call(method, path, body)
      let operation = document["paths"]?[API.root + template]?[method.rawValue.lowercased()]
      var response = operation?["responses"]?["\(answer.status)"]
      if let reference = response?["$ref"]?.text { response = check.resolve(reference) }
      let type = answer.headers[.contentType] ?? ""
      guard let schema = response?["content"]?[type]?["schema"] else {
        Issue.record("\(method) \(path): \(answer.status) as \(type) is not described: \(answer.text)")
        continue
      }
      let problems = check.problems(answer.json, schema)
      #expect(problems.isEmpty, "\(method) \(path): \(problems)")
    }
  }

  @Test("Requests that it describes are taken: a rule of each kind")
  func rules() async throws {
    let fixture = try await APIFixture()
    try await fixture.fill()
    let document = try await document(fixture)
    let checker = """
      {"namespace": "shop", "name": "all", "rules": [
        {"check": "row_count", "dataset": "people", "must_be_between": [1, 5]},
        {"check": "no_rows", "dataset": "people", "where": "age > 200"},
        {"check": "missing", "dataset": "people", "column": "email", "percent": true, "must_be_less_than": 99.5},
        {"check": "unique", "dataset": "people", "columns": ["id", "name"], "keys": ["id"]},
        {"check": "accepted_values", "dataset": "people", "column": "name", "values": ["ana", "ben", "cid", null]},
        {"check": "range", "dataset": "people", "column": "age", "min": 0, "max": 120, "level": "warn"},
        {"check": "pattern", "dataset": "people", "column": "email", "pattern": "^.+@.+$", "sample_size": 5},
        {"check": "condition", "dataset": "people", "condition": "id > 0"},
        {"check": "metric", "dataset": "people", "expression": "avg(age)", "must_be_greater_than": 1, "on_empty": "warn"}
      ]}
      """
    let json = try JSONParser.parse(Array(checker.utf8))
    let check = SchemaCheck(document: document)
    #expect(check.problems(json, Schema.ref("CheckerRequest")) == [])
    let made = try await fixture.call(.post, "/checkers", checker)
    #expect(made.status == 201, "\(made.text)")
    #expect(made.json["rules"] == json["rules"])
    let run = try await fixture.call(.post, "/checkers/shop/all/run")
    #expect(run.json["outcome"] == "passed", "\(run.text)")
  }

  // MARK: Reading the document

  private func document(_ fixture: APIFixture) async throws -> JSONValue {
    let answer = try await fixture.call(.get, "/openapi.json")
    #expect(answer.status == 200)
    return answer.json
  }

  private func operations(_ document: JSONValue) -> [(method: String, path: String, value: JSONValue)] {
    guard case .object(let paths) = document["paths"] else { return [] }
    return paths.flatMap { path in
      Self.methods.compactMap { method in path.value[method].map { (method, path.key, $0) } }
    }
  }

  private static func references(_ value: JSONValue) -> [String] {
    switch value {
    case .array(let values): values.flatMap(references)
    case .object(let members):
      members.flatMap { member in
        if member.key == "$ref", let text = member.value.text { return [text] }
        return references(member.value)
      }
    default: []
    }
  }
}
