import Checking
import Domain
import Foundation
import Persistence
import Testing
import WebUI

@Suite struct AlarmFormTests {
  private let form = "/checkers/shop/emails/edit"

  private static let rule = [
    ("name", "emails"), ("namespace", "shop"), ("original", "shop/emails"), ("version", "1"), ("rhythm", "none"),
    ("rules[0].check", "row_count"), ("rules[0].dataset", "users"), ("rules[0].threshold", "must_be_less_than"),
    ("rules[0].low", "100"), ("do", "save"),
  ]

  private static let waiting = [
    ("alarm.for", "10m"), ("alarm.for_runs", "3"), ("alarm.keep_firing_for", "1h 30m"), ("alarm.recover_after", "2"),
    ("alarm.on_error", "keep"), ("alarm.error_grace", "5m"), ("alarm.on_empty", "ok"), ("alarm.empty_grace", "1h"),
    ("alarm.stale_after", "never"), ("alarm.missed_after", "2h"), ("alarm.repeat_every", "4h"),
  ]

  private static let policy = AlarmPolicy(
    forSeconds: 600, forRuns: 3, keepFiringSeconds: 5400, recoverAfterRuns: 2, onError: .keep, errorGraceSeconds: 300,
    onEmpty: .ok, emptyGraceSeconds: 3600, staleAfterSeconds: nil, missedAfterSeconds: 7200,
    repeatSeconds: 14_400)

  private func site() async throws -> (SiteFixture, Visitor) {
    let site = try await SiteFixture()
    var checker = Checker.users
    checker.alarm = AlarmPolicy(forRuns: 7)
    try await site.addShop([checker])
    return (site, Visitor(site))
  }

  private func saved(_ site: SiteFixture) async throws -> Checker {
    try #require(try await site.store.checker(Checker.users.id)).checker
  }

  @Test func `Every setting of the alarm is set in the form and shown again`() async throws {
    let (site, visitor) = try await site()
    #expect(try await visitor.post(form, Self.rule + Self.waiting, from: form).status == 303)
    #expect(try await saved(site).alarm == Self.policy)
    let page = try await visitor.get(form).body
    for (name, value) in Self.waiting {
      let isSelect = name.hasSuffix("on_error") || name.hasSuffix("on_empty")
      let text = isSelect ? #"<option value="\#(value)" selected>"# : #"name="\#(name)" value="\#(value)""#
      #expect(page.contains(text), "\(name)")
    }
    await site.stop()
  }

  @Test func `What cannot be used is said beside its field, and nothing is saved`() async throws {
    let (site, visitor) = try await site()
    let wrong = [
      ("alarm.for", "soon"), ("alarm.for_runs", "many"), ("alarm.repeat_every", "1s"), ("alarm.on_error", "x"),
    ]
    let page = try await visitor.post(form, Self.rule + wrong, from: form)
    #expect(page.status == 422)
    for text in ["not &#39;soon&#39;", "Must be a number, not &#39;many&#39;", "value=\"soon\"", "<details open"] {
      #expect(page.body.contains(text), "\(text)")
    }
    #expect(try await saved(site).alarm.forRuns == 7)
    let often = try await visitor.post(form, Self.rule + [("alarm.repeat_every", "1s")], from: form)
    #expect(often.body.contains("at most once a minute"))
    await site.stop()
  }

  @Test func `A rule's recovery threshold is set, checked, and taken off`() async throws {
    let (site, visitor) = try await site()
    let recovery = [("rules[0].recovery", "must_be_less_than"), ("rules[0].recovery_low", "60")]
    #expect(try await visitor.post(form, Self.rule + recovery, from: form).status == 303)
    #expect(try await saved(site).body.rules.first?.recovery == .lessThan(ExactDecimal(60)))
    #expect(try await visitor.get(form).body.contains(#"name="rules[0].recovery_low" value="60""#))
    let beyond = [("rules[0].recovery", "must_be_less_than"), ("rules[0].recovery_low", "200"), ("version", "2")]
    let page = try await visitor.post(form, Self.rule + beyond, from: form)
    #expect(page.status == 422 && page.body.contains("recovery threshold lies within the threshold"))
    let none = [("rules[0].recovery", ""), ("version", "2")]
    #expect(try await visitor.post(form, Self.rule + none, from: form).status == 303)
    #expect(try await saved(site).body.rules.first?.recovery == nil)
    await site.stop()
  }

  @Test func `A form without these fields leaves them as they were`() async throws {
    let (site, visitor) = try await site()
    #expect(try await visitor.post(form, Self.rule, from: form).status == 303)
    #expect(try await saved(site).alarm == AlarmPolicy(forRuns: 7))
    await site.stop()
  }
}
