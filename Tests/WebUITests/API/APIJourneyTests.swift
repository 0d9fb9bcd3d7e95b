import CheckFiles
import Domain
import Foundation
import HTTPTypes
import Testing

@testable import WebUI

@Suite("API: what a client can do")
struct APIJourneyTests {
  @Test("From a data source to a red alarm")
  func journey() async throws {
    let fixture = try await APIFixture()
    let source = try await fixture.call(
      .post, "/data-sources", #"{"name": "shop", "driver": "sqlite", "uri": "\#(fixture.database)"}"#)
    #expect(source.status == 201)
    #expect(source.headers[.location] == "/api/v1/data-sources/shop")
    let test = try await fixture.call(.post, "/data-sources/shop/test")
    #expect(test.json["passed"] == true)
    let tables = try await fixture.call(.get, "/data-sources/shop/tables")
    #expect(tables.items.map { $0["name"] } == ["people"])

    let preview = try await fixture.call(
      .post, "/datasets/preview", #"{"data_source": "shop", "sql": "SELECT name, age FROM people", "rows": 2}"#)
    #expect(preview.json["rows"] == [["ana", 31], ["ben", 17]])
    #expect(preview.json["total"] == 3)
    #expect(preview.json["is_truncated"] == true)

    let dataset = try await fixture.call(
      .post, "/datasets",
      #"{"namespace": "shop", "name": "people", "data_source": "shop", "sql": "SELECT * FROM people"}"#)
    #expect(dataset.status == 201)
    let columns = try await fixture.call(.get, "/datasets/shop/people/columns")
    #expect(columns.items.map { $0["name"] } == ["id", "name", "email", "age"])

    let checker = try await fixture.call(.post, "/checkers", APIFixture.checker)
    #expect(checker.status == 201)
    #expect(checker.json["state"] == "unknown")
    #expect(checker.headers[.eTag] == "\"1\"")

    let run = try await fixture.call(.post, "/checkers/shop/emails/run")
    #expect(run.status == 200)
    #expect(run.json["outcome"] == "failed")
    guard case .array(let assertions) = run.json["assertions"], let assertion = assertions.first else {
      Issue.record("the run has no assertions: \(run.text)")
      return
    }
    #expect(assertion["observed"] == 2)
    #expect(assertion["sample"]?["total"] == 2)
    let id = run.json["id"]?.text ?? ""
    #expect(try await fixture.call(.get, "/runs/\(id)").json == run.json)
    #expect(try await fixture.call(.get, "/runs?checker=shop/emails&outcome=failed").items.count == 1)

    let alarms = try await fixture.call(.get, "/alarms")
    #expect(alarms.items.map { $0["checker"] } == ["shop/emails"])
    #expect(alarms.items.map { $0["state"] } == ["red"])
    let history = try await fixture.call(.get, "/alarms/history?checker=shop/emails")
    #expect(history.items.map { $0["to"] } == ["red"])
    let overview = try await fixture.call(.get, "/overview")
    #expect(overview.json["counts"]?["red"] == 1)
    #expect(try await fixture.call(.get, "/namespaces").items.map { $0["name"] } == ["shop"])
  }

  @Test("A checker is muted, unmuted, disabled and enabled")
  func control() async throws {
    let fixture = try await APIFixture()
    try await fixture.fill()
    let muted = try await fixture.call(
      .post, "/checkers/shop/emails/mute", #"{"reason": "migration", "until": "2100-01-01T00:00:00Z"}"#)
    #expect(muted.json["state"] == "muted")
    #expect(muted.json["mute"]?["ends_at"] == "2100-01-01T00:00:00.000Z")
    let past = try await fixture.call(
      .post, "/checkers/shop/emails/mute", #"{"reason": "x", "until": "2001-01-01T00:00:00+01:00"}"#)
    #expect(past.status == 422)
    #expect(past.errors == ["until: the end of a mute lies in the future"])
    #expect(try await fixture.call(.post, "/checkers/shop/emails/unmute").json["state"] == "unknown")
    let disabled = try await fixture.call(.post, "/checkers/shop/emails/disable")
    #expect(disabled.json["enabled"] == false)
    #expect(disabled.json["next_run_at"] == .null)
    let enabled = try await fixture.call(.post, "/checkers/shop/emails/enable")
    #expect(enabled.json["next_run_at"]?.text != nil)
  }

  @Test("What was read can be sent back; an old version cannot overwrite a newer one")
  func versions() async throws {
    let fixture = try await APIFixture()
    try await fixture.fill()
    let first = try await fixture.call(.get, "/checkers/shop/emails")
    let text = String(decoding: first.json.setting("description", "Every e-mail").encoded, as: UTF8.self)
    let second = try await fixture.call(.put, "/checkers/shop/emails", text)
    #expect(second.status == 200)
    #expect(second.json["version"] == 2)
    #expect(second.json["description"] == "Every e-mail")
    #expect(try await fixture.call(.put, "/checkers/shop/emails", text).status == 409)
    let stale = try await fixture.call(
      .put, "/checkers/shop/emails", APIFixture.checker, headers: [.ifMatch: "\"1\""])
    #expect(stale.status == 412)
    let third = try await fixture.call(
      .put, "/checkers/shop/emails", APIFixture.checker, headers: [.ifMatch: second.headers[.eTag] ?? ""])
    #expect(third.headers[.eTag] == "\"3\"")
    let restored = try await fixture.call(.post, "/checkers/shop/emails/restore", #"{"version": 2}"#)
    #expect(restored.json["description"] == "Every e-mail")
    let versions = try await fixture.call(.get, "/checkers/shop/emails/versions")
    #expect(versions.items.map { $0["version"] } == [4, 3, 2, 1])
  }

  @Test("Datasets and data sources have an ETag, and are not written over by whoever read an older one")
  func tags() async throws {
    let fixture = try await APIFixture()
    try await fixture.fill()
    for (path, field) in [("/datasets/shop/people", "description"), ("/data-sources/shop", "description")] {
      let first = try await fixture.call(.get, path)
      let tag = try #require(first.headers[.eTag])
      func text(_ value: JSONValue) -> String {
        String(decoding: first.json.removing(["down"]).setting(field, value).encoded, as: UTF8.self)
      }
      let second = try await fixture.call(.put, path, text("one"), headers: [.ifMatch: tag])
      #expect(second.status == 200 && second.headers[.eTag] != tag, "\(second.text)")
      let stale = try await fixture.call(.put, path, text("two"), headers: [.ifMatch: tag])
      #expect(stale.status == 412, "\(stale.text)")
      #expect(try await fixture.call(.get, path).json[field] == "one")
      #expect(try await fixture.call(.get, path).headers[.eTag] == second.headers[.eTag])
      #expect(try await fixture.call(.put, path, text("three")).status == 200)
    }
  }

  @Test("A list comes in pages, and a filter goes on over them")
  func pages() async throws {
    let fixture = try await APIFixture()
    try await fixture.fill()
    for name in ["a", "b", "c", "d"] {
      let checker = APIFixture.checker.replacing("\"emails\"", with: "\"\(name)\"")
      #expect(try await fixture.call(.post, "/checkers", checker).status == 201)
    }
    var names: [String] = []
    var cursor = ""
    repeat {
      let page = try await fixture.call(.get, "/checkers?limit=2&tag=mail" + cursor)
      #expect(page.items.count <= 2)
      names += page.items.compactMap { $0["name"]?.text }
      cursor = page.json["next"]?.text.map { "&cursor=\($0)" } ?? ""
    } while !cursor.isEmpty && names.count < 10
    #expect(names == ["a", "b", "c", "d", "emails"])
    #expect(try await fixture.call(.get, "/checkers?state=green").items.isEmpty)
    #expect(try await fixture.call(.get, "/checkers?q=emai").items.count == 1)
  }

  @Test("Alarms in any state come in pages that count them all")
  func alarmPages() async throws {
    let fixture = try await APIFixture()
    try await fixture.fill()
    for number in 1...70 {
      let checker = APIFixture.checker.replacing("\"emails\"", with: "\"c\(number)\"")
        .replacing("\"shop\"", with: "\"team-\(number % 7)\"").replacing("\"people\"", with: "\"shop/people\"")
      let made = try await fixture.call(.post, "/checkers", checker)
      #expect(made.status == 201, "\(made.text)")
    }
    var seen = Set<String>()
    var cursor = ""
    repeat {
      let page = try await fixture.call(.get, "/alarms?state=unknown&limit=20" + cursor)
      #expect(page.json["total"] == 71)
      seen.formUnion(page.items.compactMap { $0["checker"]?.text })
      cursor = page.json["next"]?.text.map { "&cursor=\($0)" } ?? ""
    } while !cursor.isEmpty
    #expect(seen.count == 71)
  }

  @Test("A library is read, changed and sent back as it is; what would take something away must be said")
  func sentBack() async throws {
    let fixture = try await APIFixture()
    let source = #"{"source": "def most(): return 5\n"}"#
    #expect(try await fixture.call(.put, "/libraries/shop/limits.py", source).status == 200)
    let read = try await fixture.call(.get, "/libraries/shop/limits.py").json
    let changed = String(decoding: read.setting("source", "def most(): return 6\n").encoded, as: UTF8.self)
    let saved = try await fixture.call(.put, "/libraries/shop/limits.py", changed)
    #expect(saved.status == 200 && saved.json["version"] == 2, "\(saved.text)")
    #expect(try await fixture.call(.put, "/settings/address", "{}").status == 422)
    #expect(try await fixture.call(.put, "/settings/address", #"{"public_url": null}"#).status == 200)
    #expect(try await fixture.call(.put, "/routing", "{}").status == 422)
    #expect(try await fixture.call(.put, "/routing", #"{"routes": []}"#).status == 200)
    #expect(try await fixture.call(.head, "/runs/none").status == 404)
    #expect(try await fixture.call(.post, "/runs/none").status == 405)
  }

  @Test("A check file goes in and comes out")
  func files() async throws {
    let fixture = try await APIFixture()
    let file = """
      version: 1
      namespace: shop
      data_sources:
        - name: shop
          driver: sqlite
          uri: \(fixture.database)
      datasets:
        - name: people
          data_source: shop
          sql: SELECT * FROM people
      checkers:
        - name: emails
          rules:
            - check: missing
              dataset: people
              column: email
              must_be_less_than: 1.50

      """
    let report = try await fixture.call(.post, "/import", file, type: "text/yaml")
    #expect(report.json["added"] == ["data source shop", "dataset shop/people", "checker shop/emails"])
    let again = try await fixture.call(.post, "/import", file, type: "application/yaml")
    #expect(again.json["added"] == [])
    #expect(again.json["unchanged"] == ["data source shop", "dataset shop/people", "checker shop/emails"])

    #expect(again.json["changes"] == [])

    let other = file.replacing("must_be_less_than: 1.50", with: "must_be_less_than: 2")
    let trial = try await fixture.call(.post, "/import?dry_run=true", other, type: "text/yaml")
    #expect(trial.json["changed"] == ["checker shop/emails"])
    #expect(trial.json["changes"] == [["name": "checker shop/emails", "fields": ["rules[0].must_be_less_than"]]])

    let exported = try await fixture.call(.get, "/export?namespace=shop")
    #expect(exported.headers[.contentType] == "application/yaml")
    #expect(try CheckFileReader.read(exported.text, file: "x") == CheckFileReader.read(file, file: "x"))
    let one = try await fixture.call(.get, "/checkers/shop/emails.yaml")
    #expect(try CheckFileReader.read(one.text, file: "x") == CheckFileReader.read(file, file: "x"))

    let wrong = try await fixture.call(.post, "/import", file.replacing("column:", with: "colunm:"), type: "text/yaml")
    #expect(wrong.status == 422)
    #expect(wrong.errors.contains { $0.contains("line 16, column 9") && $0.contains("did you mean 'column'?") })
    #expect(try await fixture.call(.get, "/export?namespace=none").status == 404)
  }

  @Test("A thing may be called like a fixed part of an address")
  func awkwardNames() async throws {
    let fixture = try await APIFixture()
    try await fixture.fill()
    let source = #"{"name": "test", "driver": "sqlite", "uri": "\#(fixture.database)"}"#
    #expect(try await fixture.call(.post, "/data-sources", source).status == 201)
    #expect(try await fixture.call(.get, "/data-sources/test").json["name"] == "test")
    #expect(try await fixture.call(.delete, "/data-sources/test").status == 204)
    let checker = APIFixture.checker.replacing("\"emails\"", with: "\"a.yaml\"")
    #expect(try await fixture.call(.post, "/checkers", checker).status == 201)
    #expect(try await fixture.call(.get, "/checkers/shop/a.yaml").json["name"] == "a.yaml")
    #expect(try await fixture.call(.get, "/checkers/shop/a.yaml.yaml").text.hasPrefix("version: 1"))
    let short = APIFixture.checker.replacing("\"emails\"", with: "\"a\"")
    #expect(try await fixture.call(.post, "/checkers", short).status == 201)
    #expect(try await fixture.call(.get, "/checkers/shop/a.yaml").json["name"] == "a.yaml")
    #expect(try await fixture.call(.delete, "/checkers/shop/a.yaml").status == 204)
    let accented = APIFixture.checker.replacing("\"emails\"", with: "\"é\"")
    let made = try await fixture.call(.post, "/checkers", accented)
    #expect(made.headers[.location] == "/api/v1/checkers/shop/%C3%A9")
    #expect(try await fixture.call(.get, "/checkers/shop/%C3%A9").json["name"] == "é")
  }
}
