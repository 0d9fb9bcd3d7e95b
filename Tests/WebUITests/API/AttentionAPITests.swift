import CheckFiles
import Domain
import Foundation
import HTTPTypes
import Testing

@testable import WebUI

@Suite("API: what people do about alarms")
struct AttentionAPITests {
  private let path = "/checkers/shop/emails"

  private func red() async throws -> APIFixture {
    let fixture = try await APIFixture()
    try await fixture.fill()
    _ = try await fixture.call(.post, "\(path)/run")
    return fixture
  }

  @Test("An alarm is acknowledged for a while, commented, and the acknowledgement taken back")
  func acknowledge() async throws {
    let fixture = try await red()
    let answer = try await fixture.call(.post, "\(path)/acknowledge", #"{"comment": "I look", "for": "90m"}"#)
    #expect(answer.status == 200, "\(answer.text)")
    let acknowledgement = answer.json["alarm"]?["acknowledgement"]
    #expect(acknowledgement?["comment"] == "I look")
    let times = ["at", "expires_at"].compactMap { acknowledgement?[$0]?.text.flatMap { MomentText.read($0) } }
    #expect(times.count == 2 && abs(times[1].timeIntervalSince(times[0]) - 5400) < 1)
    let comment = try await fixture.call(.post, "\(path)/comments", #"{"text": "the import is late"}"#)
    #expect(comment.status == 201 && comment.json["kind"] == "comment")
    #expect(comment.json["text"] == "the import is late")
    let back = try await fixture.call(.post, "\(path)/unacknowledge")
    #expect(back.json["alarm"]?["acknowledgement"] == .null)
    let history = try await fixture.call(.get, "\(path)/history?limit=5")
    #expect(
      history.items.map { $0["kind"] } == [
        "acknowledgement_withdrawn", "comment", "acknowledged", "unheard", "transition",
      ])
    #expect(history.items[2]["text"] == "for 1h 30m: I look")
    let next = history.json["next"]?.text ?? ""
    let rest = try await fixture.call(.get, "\(path)/history?cursor=\(next)")
    #expect(rest.items.map { $0["kind"] } == ["saved"] && rest.items[0]["version"] == 1)
  }

  @Test("What cannot be done is refused, with the field")
  func refused() async throws {
    let fixture = try await red()
    let past = try await fixture.call(.post, "\(path)/acknowledge", #"{"until": "2001-01-01T00:00:00Z"}"#)
    #expect(past.errors == ["until: the end of an acknowledgement lies in the future"])
    for length in ["soon", "-1h", "0s", "9999d"] {
      let answer = try await fixture.call(.post, "\(path)/acknowledge", #"{"for": "\#(length)"}"#)
      #expect(answer.errors == ["for: must be a time from 1s to 366d, such as 90m, 4h or 2d, not '\(length)'"])
    }
    let both = try await fixture.call(
      .post, "\(path)/mute", #"{"reason": "x", "for": "1h", "until": "2100-01-01T00:00:00Z"}"#)
    #expect(both.errors == ["for: say either until when or for how long"])
    #expect(try await fixture.call(.post, "\(path)/unacknowledge").status == 409)
    #expect(try await fixture.call(.post, "\(path)/comments", #"{"text": ""}"#).status == 422)
    #expect(try await fixture.call(.get, "/checkers/shop/none/history").status == 404)
    #expect(try await fixture.call(.post, "/checkers/shop/none/acknowledge", "{}").status == 404)
  }

  @Test("A mute takes a length")
  func snooze() async throws {
    let fixture = try await red()
    let muted = try await fixture.call(.post, "\(path)/mute", #"{"reason": "deploy", "for": "4h"}"#)
    let times = ["started_at", "ends_at"].compactMap { muted.json["mute"]?[$0]?.text.flatMap { MomentText.read($0) } }
    #expect(times.count == 2 && abs(times[1].timeIntervalSince(times[0]) - 14_400) < 1)
    _ = try await fixture.call(.post, "\(path)/unmute")
    let history = try await fixture.call(.get, "\(path)/history?limit=2")
    #expect(history.items.map { $0["kind"] } == ["unmuted", "muted"])
  }
}
