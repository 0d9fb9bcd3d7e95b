import CheckFiles
import Domain
import Foundation
import HTTPTypes
import Testing

@testable import WebUI

@Suite("API: problems")
struct APIProblemTests {
  @Test(
    "Each wrong request has its status, in one shape",
    arguments: [
      ("GET", "/checkers/shop/none", nil, 404, "There is no checker 'shop/none'."),
      ("GET", "/nothing", nil, 404, "There is nothing at this address."),
      ("PATCH", "/checkers/shop/emails", "{}", 405, "This address takes DELETE, GET, PUT, not PATCH."),
      ("POST", "/checkers", "{\"name\": \"x\",\n  oops}", 400, "line 2, column 3: a name in double quotes is needed"),
      ("POST", "/checkers", "", 400, "line 1, column 1: there is nothing"),
      ("POST", "/checkers", "[]", 422, "must be an object, not a list"),
      ("POST", "/checkers", APIFixture.checker, 409, "shop/emails"),
      ("DELETE", "/datasets/shop/people", nil, 409, "shop/emails"),
      ("DELETE", "/data-sources/shop", nil, 409, "shop/people"),
      (
        "PUT", "/checkers/shop/emails", #"{"alarm": {"for": "2m"}, "rules": []}"#, 422,
        "alarm.for: 'alarm' is how the alarm stands, and only answers have it; write a policy such as 'for' to 'alarm_policy'"
      ),
      ("GET", "/checkers?limit=0", nil, 422, "limit: must be from 1 to 500, not '0'"),
      ("GET", "/checkers?state=rde", nil, 422, "did you mean 'red'?"),
      ("GET", "/checkers?namspace=shop", nil, 422, "did you mean 'namespace'?"),
      ("GET", "/checkers?cursor=%21", nil, 422, "cursor: is not the 'next' of an answer"),
      ("GET", "/runs?checker=emails", nil, 422, "must be 'namespace/name'"),
      ("GET", "/deliveries/99999999999999999999", nil, 404, "There is no delivery"),
      (
        "POST", "/datasets/preview", #"{"data_source": "shop", "sql": "SELECT nam FROM people"}"#, 422, "nam"
      ),
      ("POST", "/datasets/preview", #"{"data_source": "shop", "sql": "DELETE FROM people"}"#, 422, ""),
    ] as [(String, String, String?, Int, String)])
  func statuses(_ method: String, _ path: String, _ body: String?, _ status: Int, _ detail: String) async throws {
    let fixture = try await APIFixture()
    try await fixture.fill()
    let answer = try await fixture.call(try #require(HTTPRequest.Method(method)), path, body)
    #expect(answer.status == status)
    #expect(answer.headers[.contentType] == "application/problem+json")
    #expect(answer.json["status"] == .integer(status))
    #expect(answer.json["title"]?.text?.isEmpty == false)
    #expect(answer.json["instance"]?.text == API.root + path.prefix { $0 != "?" })
    let found = answer.json["detail"]?.text ?? ""
    #expect(detail.isEmpty || found.contains(detail), "\(found)")
  }

  @Test("Every problem of a checker is named at once, with its path and the nearest key")
  func fields() async throws {
    let fixture = try await APIFixture()
    try await fixture.fill()
    let answer = try await fixture.call(
      .post, "/checkers",
      """
      {"name": 7, "severty": "critical", "schedule": "61 * * * *", "tags": [1], "rules": [
        {"check": "missing", "dataset": "people", "colum": "email"},
        {"check": "row_count", "dataset": "people", "must_be_between": [9, 1], "percent": "yes"}]}
      """)
    #expect(answer.status == 422)
    let fields = Set(answer.errors.map { String($0.prefix { $0 != ":" }) })
    #expect(
      fields.isSuperset(of: [
        "name", "severty", "schedule", "tags", "rules[0].colum", "rules[0].column", "rules[1].must_be_between",
        "rules[1].percent",
      ]), "\(answer.errors)")
    #expect(answer.errors.contains { $0.hasPrefix("severty") && $0.contains("did you mean 'severity'?") })
    #expect(answer.errors.contains { $0.hasPrefix("rules[0].colum:") && $0.contains("did you mean 'column'?") })
  }

  @Test("All settings that an action lacks are named at once") func settings() async throws {
    let fixture = try await APIFixture()
    let answer = try await fixture.call(
      .post, "/actions", #"{"name": "mail", "channel": "email", "settings": {"max_per_minute": "-1"}}"#)
    #expect(answer.status == 422)
    let fields = Set(answer.errors.map { String($0.prefix { $0 != ":" }) })
    #expect(fields.isSuperset(of: ["settings.url", "settings.from", "settings.to"]), "\(answer.errors)")
  }

  @Test("Content that is not taken, and content that is not wanted")
  func content() async throws {
    let fixture = try await APIFixture()
    try await fixture.fill()
    #expect(try await fixture.call(.post, "/checkers", "version: 1", type: "application/yaml").status == 415)
    #expect(try await fixture.call(.post, "/checkers", "a=b", type: "text/plain").status == 415)
    #expect(try await fixture.call(.post, "/import", "{}").status == 415)
    let large = "{\"name\": \"" + String(repeating: "x", count: 1 << 20) + "\"}"
    #expect(try await fixture.call(.post, "/checkers", large).status == 413)
    #expect(try await fixture.call(.get, "/checkers", headers: [.accept: "text/html"]).status == 406)
    #expect(try await fixture.call(.get, "/checkers", headers: [.accept: "text/html, */*;q=0.1"]).status == 200)
    #expect(try await fixture.call(.get, "/checkers", headers: [.accept: "application/json;q=0, */*"]).status == 406)
    #expect(try await fixture.call(.get, "/export?namespace=shop", headers: [.accept: "application/*"]).status == 200)
  }

  @Test("With a password, a program needs a token; a token that is revoked is worth nothing")
  func tokens() async throws {
    let fixture = try await APIFixture()
    let made = try await fixture.call(.post, "/settings/tokens", #"{"name": "deploy"}"#)
    #expect(made.status == 201)
    let token = made.json["token"]?.text ?? ""
    let id = made.json["id"]?.text ?? ""
    let listed = try await fixture.call(.get, "/settings/tokens")
    #expect(listed.items.map { $0["name"] } == ["deploy"])
    #expect(!listed.text.contains(token))
    try await fixture.access.setPassword("correct horse")
    #expect(try await fixture.call(.get, "/checkers").status == 401)
    let bearer: [HTTPField.Name: String] = [.authorization: "Bearer \(token)"]
    #expect(try await fixture.call(.get, "/checkers", headers: bearer).status == 200)
    #expect(try await fixture.call(.delete, "/settings/tokens/\(id)", headers: bearer).status == 204)
    #expect(try await fixture.call(.get, "/checkers", headers: bearer).status == 401)
  }

  @Test("Pages of other sites cannot call the API")
  func otherSites() async throws {
    let fixture = try await APIFixture()
    let origin: [HTTPField.Name: String] = [.origin: "http://evil.example"]
    let answer = try await fixture.call(.post, "/settings/tokens", #"{"name": "x"}"#, headers: origin)
    #expect(answer.status == 403)
    #expect(try await fixture.call(.get, "/settings/tokens").items.isEmpty)
  }
}
