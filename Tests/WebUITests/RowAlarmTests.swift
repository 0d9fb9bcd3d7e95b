import CheckFiles
import Checking
import Domain
import Foundation
import HTTPTypes
import Persistence
import Testing

@testable import WebUI

/// The alarms of single rows on the pages, in links of messages, and in the API.
@Suite struct RowAlarmTests {
  private let path = "/checkers/shop/emails"
  private let bob = RowKey([.init("name", "bob")])
  private let zed = RowKey([.init("name", "<b>")])

  private static var perRow: Checker {
    var checker = Checker.users
    checker.alarm = AlarmPolicy(perRow: ["name"])
    checker.body = .rules([
      Rule(check: "condition", dataset: "users", parameters: ["condition": .scalar(.text("name = 'ana'"))])
    ])
    return checker
  }

  private func red() async throws -> (SiteFixture, Visitor) {
    let site = try await SiteFixture()
    try await site.addShop([Self.perRow])
    _ = try await site.service.runNow(Checker.users.id, trigger: .manual)
    return (site, Visitor(site))
  }

  private func acknowledged(_ site: SiteFixture) async throws -> [RowKey] {
    try await site.store.rowAlarms(of: Checker.users.id).filter { $0.alarm.acknowledgement != nil }.map(\.key)
  }

  @Test func `Each row stands on the page of its checker and in the lists, escaped`() async throws {
    let (site, visitor) = try await red()
    for page in [path, "/alarms", "/on-call", "/alarms?by=checker"] {
      let body = try await visitor.get(page).body
      #expect(body.contains("name=bob") && body.contains("name=&lt;b&gt;"), "\(page)")
      #expect(!body.contains("name=<b>") && !body.contains("name=ana"), "\(page)")
    }
    #expect(try await visitor.get(path).body.contains("Red"))
    await site.stop()
  }

  @Test func `The badge, the heading and the lines count the same alarms, and a row's line speaks of that row`()
    async throws
  {
    let (site, visitor) = try await red()
    var other = Self.perRow
    (other.id.name, other.alarm.maxAlarms) = ("full", 1)
    _ = try await site.service.save(other, replacing: nil, expectedVersion: nil, author: "ana")
    _ = try await site.service.runNow(other.id, trigger: .manual)
    let body = try await visitor.get("/alarms").body
    let lines = body.ranges(of: #"<li class="card alarm">"#).count
    #expect(lines == 4, "two rows, one row, and the checker's own for the rest")
    #expect(body.contains("4 alarms are open at 2 checkers, 0 checkers are muted."))
    #expect(try await site.store.namespaces(at: site.service.now()).openAlarms == lines)
    #expect(body.contains("and 1 more row; max_alarms is 1"))
    #expect(!body.contains("is 2 rows"), "that is how many rows there are, not what this one is")
    await site.stop()
  }

  @Test func `What is told of the rows without an alarm, without a run, says how many there are`() async throws {
    let site = try await SiteFixture()
    var checker = Self.perRow
    checker.alarm.maxAlarms = 1
    try await site.addShop([checker])
    try await site.store.save(Action(name: "mail", channel: "email", settings: [:]), replacing: nil)
    _ = try await site.service.runNow(checker.id, trigger: .manual)
    try await site.service.acknowledge(checker.id, comment: "", until: nil, author: "ana")
    let told = try await site.store.deliveries(action: "mail", checker: nil, limit: 2)
    #expect(told.contains { $0.event.row == nil && $0.event.run.summary == "and 1 more row; max_alarms is 1" })
    let page = try await Visitor(site).get("/actions/mail").body
    #expect(page.contains("Acknowledged") && page.contains(#"<span class="tag">name="#), "the row is named")
    await site.stop()
  }

  @Test func `One row is acknowledged, commented on and given back; the other stays open`() async throws {
    let (site, visitor) = try await red()
    let fields = [("row", bob.canonical), ("for", "1h"), ("comment", "mine"), ("back", "/alarms")]
    let rows = try await visitor.get("/alarms").body
    #expect(rows.components(separatedBy: #"name="for" value="1h" data-key="s""#).count == 3, "each row is snoozed")
    #expect(try await visitor.post("\(path)/acknowledge", fields, from: path).status == 303)
    #expect(try await visitor.get("/alarms").body.contains("emails (name=bob): acknowledged."))
    #expect(try await acknowledged(site) == [bob])
    let alarms = try await visitor.get("/alarms").body
    #expect(alarms.contains("Administrator looks after it until"))
    #expect(alarms.contains("emails/acknowledge\""), "the other")
    let comment = [("row", bob.canonical), ("text", "asked the office")]
    #expect(try await visitor.post("\(path)/comments", comment, from: path).status == 303)
    let history = try await visitor.get("\(path)/history").body
    #expect(history.contains("name=bob: Administrator acknowledged it"))
    #expect(history.contains("name=bob: Administrator wrote"))
    #expect(try await visitor.post("\(path)/unacknowledge", [("row", bob.canonical)], from: path).status == 303)
    #expect(try await acknowledged(site) == [])
    #expect(try await visitor.post("\(path)/acknowledge", [("row", "{}"), ("for", "1h")], from: path).status == 422)
    let none = [("row", #"{"name":"nobody"}"#), ("for", "1h")]
    #expect(try await visitor.post("\(path)/acknowledge", none, from: path).status == 409)
    await site.stop()
  }

  @Test func `A column that a dataset lacks is said beside the field, with the nearest`() async throws {
    let (site, _) = try await red()
    var checker = Self.perRow
    checker.alarm.perRow = ["nam"]
    let error = await #expect(throws: ServiceError.self) {
      try await site.service.save(checker, replacing: checker.id, expectedVersion: nil, author: "ana")
    }
    guard case .invalid(let problems)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(problems.map(\.field) == ["alarm.per_row"])
    #expect(problems.first?.message == "'users' has no column 'nam'; did you mean 'name'?")
    await site.stop()
  }

  @Test func `The form takes the columns with commas between, and shows them again`() async throws {
    let (site, visitor) = try await red()
    let fields = [
      ("name", "emails"), ("namespace", "shop"), ("original", "shop/emails"), ("version", "1"), ("rhythm", "none"),
      ("rules[0].check", "missing"), ("rules[0].dataset", "users"), ("rules[0].p.column", "email"), ("do", "save"),
      ("alarm.per_row", " name , id"), ("alarm.max_alarms", "9"),
    ]
    let answer = try await visitor.post("\(path)/edit", fields, from: "\(path)/edit")
    #expect(answer.status == 303)
    let saved = try #require(try await site.store.checker(Checker.users.id)).checker
    #expect(saved.alarm == AlarmPolicy(perRow: ["name", "id"], maxAlarms: 9))
    #expect(try await visitor.get("\(path)/edit").body.contains(#"name="alarm.per_row" value="name, id""#))
    await site.stop()
  }
}

@Suite("API: alarms of rows") struct RowAlarmAPITests {
  private let path = "/checkers/shop/emails"

  private static func checker(_ more: String) -> String {
    """
    {"namespace": "shop", "name": "emails", "rules": [{"check": "missing", "dataset": "people", "column": "email"}],
     "alarm_policy": {\(more)}}
    """
  }

  private func red() async throws -> APIFixture {
    let fixture = try await APIFixture()
    try await fixture.fill()
    let saved = try await fixture.call(.put, path, Self.checker(#""per_row": ["id", "name"], "max_alarms": 5"#))
    #expect(saved.json["alarm_policy"]?["per_row"] == .strings(["id", "name"]), "\(saved.text)")
    _ = try await fixture.call(.post, "\(path)/run")
    return fixture
  }

  @Test("Rows are listed, looked after and commented on one by one, and stand in the history")
  func journey() async throws {
    let fixture = try await red()
    let rows = try await fixture.call(.get, "\(path)/rows")
    #expect(rows.items.map { $0["row"]?["name"] } == ["ben", "cid"], "\(rows.text)")
    let alarms = try await fixture.call(.get, "/alarms")
    #expect(alarms.items.map { $0["row"]?["id"] } == ["2", "3"] && alarms.json["total"] == 2)
    let row = #""row": {"id": "2", "name": "ben"}"#
    let answer = try await fixture.call(.post, "\(path)/acknowledge", "{\(row), \"comment\": \"mine\"}")
    #expect(answer.json["rows"]?["open"] == 2 && answer.json["rows"]?["unattended"] == 1, "\(answer.text)")
    #expect(answer.json["state"] == "red" && answer.json["alarm"]?["state"] == "green")
    let comment = try await fixture.call(.post, "\(path)/comments", "{\(row), \"text\": \"asked\"}")
    #expect(comment.status == 201 && comment.json["row"]?["name"] == "ben")
    let text = "%7B%22id%22:%222%22,%22name%22:%22ben%22%7D"
    #expect(try await fixture.call(.post, "\(path)/unacknowledge?row=\(text)").json["rows"]?["unattended"] == 2)
    let history = try await fixture.call(.get, "\(path)/history?limit=3")
    #expect(history.items.map { $0["row"]?["name"] } == ["ben", "ben", "ben"])
  }

  @Test("What cannot be is refused with its field")
  func refused() async throws {
    let fixture = try await red()
    for row in ["[]", "{}", "\"ben\"", #"{"id": 2}"#] {
      let answer = try await fixture.call(.post, "\(path)/acknowledge", "{\"row\": \(row)}")
      #expect(
        answer.status == 422 && answer.errors.first?.hasPrefix("row: must be an object") == true, "\(answer.text)")
    }
    #expect(
      try await fixture.call(.post, "\(path)/comments", #"{"text": "x", "row": {"id": "9", "name": "z"}}"#).status
        == 404)
    let column = try await fixture.call(.put, path, Self.checker(#""per_row": ["nam"]"#))
    #expect(column.errors == ["alarm.per_row: 'people' has no column 'nam'; did you mean 'name'?"], "\(column.text)")
  }
}
