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
