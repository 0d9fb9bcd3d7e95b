import CheckFiles
import Foundation
import HTTPTypes
import Testing

@testable import WebUI

@Suite("API: silences")
struct SilencesAPITests {
  private static let body = #"{"matchers": ["namespace=shop", "tag!=noisy"], "for": "2h", "comment": "migration"}"#

  @Test("Made, read, changed as it was answered, and ended")
  func life() async throws {
    let fixture = try await APIFixture()
    try await fixture.fill()
    _ = try await fixture.call(.post, "/checkers/shop/emails/run")
    let made = try await fixture.call(.post, "/silences", Self.body)
    #expect(made.status == 201 && made.headers[.location] == "/api/v1/silences/1", "\(made.text)")
    #expect(made.json["phase"] == "active" && made.json["open"] == ["shop/emails"] && made.json["matched"] == 1)
    let read = try await fixture.call(.get, "/silences/1")
    let changed = read.json.setting("comment", "longer").setting("ends_at", .null).setting(
      "hours", "sat,sun 0:00-24:00")
    let text = String(decoding: changed.encoded, as: UTF8.self)
    let answer = try await fixture.call(.put, "/silences/1", text)
    #expect(answer.json["comment"] == "longer" && answer.json["ends_at"] == .null, "\(answer.text)")
    #expect(answer.json["hours"] == "sat,sun 00:00-24:00")
    #expect(try await fixture.call(.get, "/silences?phase=expired").items.isEmpty)
    #expect(try await fixture.call(.delete, "/silences/1").status == 204)
    #expect(try await fixture.call(.get, "/silences?phase=expired").items.count == 1)
    #expect(try await fixture.call(.delete, "/silences/9").status == 404)
  }

  @Test(
    "One that can never hide anything is refused, with what to mend",
    arguments: [
      (["checker=emails"], "'emails' has no namespace, and checkers have one: did you mean checker=shop/emails?"),
      (["checker=mails-*"], "checker=*/mails-* for those of every namespace"),
      (["checker!=*"], "checker!=* leaves no alarm"),
      (["severity=critical", "severity=warning"], "write severity=critical,warning for either"),
      (["severity!=info", "severity!=w*", "severity!=critical"], "severity!=critical at once: leave one of them out"),
      (["namespace=shop", "namespace=t"], "no alarm fits namespace=shop and namespace=t at once"),
      (["namespace=sh*", "namespace=t*"], "no alarm fits namespace=sh* and namespace=t* at once"),
      (["namespace=shop", "namespace!=sh*"], "no alarm fits namespace=shop and namespace!=sh* at once: leave one"),
      (["checker=shop/*,shop/x", "namespace=t"], "no alarm fits checker=shop/*,shop/x and namespace=t at once"),
      (["tag=a,b", "tag!=b", "tag!=a"], "no alarm fits tag=a,b and tag!=b and tag!=a at once"),
    ])
  func contradiction(matchers: [String], words: String) async throws {
    let fixture = try await APIFixture()
    try await fixture.fill()
    let body: JSONValue = ["matchers": .strings(matchers), "comment": "x"]
    let answer = try await fixture.call(.post, "/silences", String(decoding: body.encoded, as: UTF8.self))
    #expect(answer.status == 422)
    #expect(answer.errors.count == 1 && answer.errors[0].contains(words), "\(answer.errors)")
  }

  @Test("Conditions that look alike and can be met together are taken")
  func compatible() async throws {
    let fixture = try await APIFixture()
    let fine = [
      #"["namespace=shop", "namespace=s*", "checker=shop/orders-*", "checker!=shop/orders-x"]"#,
      #"["tag=a", "tag=b", "tag!=c", "tag!=a*z"]"#, #"["tag!=*"]"#, #"["checker=*mails"]"#,
      #"["severity=critical,warning", "severity!=warning"]"#, #"["checker=*/x,shop/y", "namespace=t"]"#,
    ]
    for matchers in fine {
      let answer = try await fixture.call(.post, "/silences", #"{"matchers": \#(matchers), "comment": "x"}"#)
      #expect(answer.status == 201, "\(answer.text)")
    }
  }

  @Test("Hours that never come, and an end that is past, are refused")
  func hours() async throws {
    let fixture = try await APIFixture()
    func errors(_ start: String, _ end: String, _ hours: String) async throws -> [String] {
      let body = """
        {"matchers": ["tag=x"], "comment": "x", "starts_at": "\(start)", "ends_at": "\(end)", "hours": "\(hours)"}
        """
      return try await fixture.call(.post, "/silences", body).errors
    }
    // 2101-01-02 is a Sunday.
    let (start, end) = ("2101-01-02T00:00:00Z", "2101-01-03T00:00:00Z")
    let never = try await errors(start, end, "mon 09:00-10:00")
    #expect(
      never == [
        "hours: 'mon 09:00-10:00' never comes between the start and the end: choose other hours, or a later end"
      ])
    for hours in ["sun 09:00-10:00", "sat 22:00-01:00", "mon 09:00-10:00 Pacific/Kiritimati", "23:59-24:00"] {
      #expect(try await errors(start, end, hours).isEmpty, "\(hours)")
    }
    let past = try await errors("2001-01-01T00:00:00Z", "2001-01-02T00:00:00Z", "00:00-24:00")
    #expect(past == ["ends_at: the end is in the past: choose a later one"])
  }

  @Test("What cannot be used is refused, all at once")
  func refused() async throws {
    let fixture = try await APIFixture()
    let wrong = #"{"matchers": ["names=shop", "x"], "starts_at": "now", "hours": "25:00-26:00", "comment": ""}"#
    let answer = try await fixture.call(.post, "/silences", wrong)
    #expect(answer.status == 422)
    #expect(Set(answer.errors.map { $0.prefix { $0 != ":" } }) == ["matchers", "starts_at", "hours"])
    let near = try await fixture.call(.post, "/silences", #"{"matcher": ["tag=x"], "comment": "x"}"#)
    #expect(near.errors.contains { $0.contains("did you mean 'matchers'?") }, "\(near.errors)")
    let empty = try await fixture.call(.post, "/silences", #"{"matchers": [], "comment": ""}"#)
    #expect(Set(empty.errors.map { $0.prefix { $0 != ":" } }) == ["matchers", "comment"])
    let both = #"{"matchers": ["tag=x"], "ends_at": "2100-01-01T00:00:00Z", "for": "1h", "comment": "x"}"#
    #expect(try await fixture.call(.post, "/silences", both).status == 422)
  }
}
