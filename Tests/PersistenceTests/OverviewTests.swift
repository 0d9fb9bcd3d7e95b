import Domain
import Foundation
import TestSupport
import Testing

@testable import Persistence

@Suite struct OverviewTests {
  private func shop() async throws -> StoreFixture {
    let fixture = try StoreFixture()
    let checkers: [(Checker, Outcome?, Double)] = [
      (.sample("shop/green", owner: "ana", tags: ["night"]), .passed, 0),
      (.sample("shop/unknown"), nil, 0),
      (.sample("shop/failing", severity: .warning), .failed, 0),
      (.sample("shop/critical-new", severity: .critical), .failed, 600),
      (.sample("shop/critical-old", severity: .critical), .failed, 300),
      (.sample("shop/warning", severity: .critical), .warned, 0),
      (.sample("web/erroring", description: "Ärger with orders", owner: "rui"), .errored, 0),
      (.sample("web/muted", tags: ["day", "night"]), .failed, 0),
      (.sample("web/green"), .passed, 0),
    ]
    for (checker, outcome, seconds) in checkers {
      try await fixture.add(checker)
      if let outcome { try await fixture.record(.sample(of: checker.id, outcome, at: after(seconds))) }
    }
    try await fixture.store.mute(
      name("web/muted"), Mute(reason: "moving", author: "ana", startedAt: sampleTime, endsAt: after(3600)))
    return fixture
  }

  private func names(_ checkers: [StoredChecker]) -> [String] { checkers.map(\.checker.id.description) }

  @Test func theWorstComesFirst() async throws {
    let fixture = try await shop()
    let overview = try await fixture.store.overview(OverviewFilter(at: after(900)))
    #expect(overview.counts == [.red: 4, .erroring: 1, .green: 2, .unknown: 1, .muted: 1])
    #expect(
      names(overview.attention) == [
        "shop/critical-old", "shop/critical-new", "shop/failing", "shop/warning", "web/erroring",
      ])
    #expect(overview.attentionTotal == 5)
    #expect(overview.groups.map(\.namespace) == ["shop", "web"])
    #expect(
      overview.groups.map { names($0.checkers) } == [["shop/green", "shop/unknown"], ["web/green", "web/muted"]])
    #expect(overview.groups.map(\.total) == [2, 2])
    #expect(overview.groups[1].counts == [.erroring: 1, .green: 1, .muted: 1])
    #expect(overview.facets.tags == ["day", "night"])
    #expect(overview.facets.owners == ["ana", "rui"])
  }

  @Test func aMuteThatEndedCountsNoMore() async throws {
    let fixture = try await shop()
    let overview = try await fixture.store.overview(OverviewFilter(at: after(3600)))
    #expect(overview.counts[.muted] == nil)
    #expect(overview.counts[.red] == 5)
    #expect(names(overview.attention).contains("web/muted"))
    try await fixture.store.mute(
      name("web/green"), Mute(reason: "for good", author: "ana", startedAt: sampleTime, endsAt: nil))
    #expect(try await fixture.store.namespaces(at: after(9e9))[1].counts[.muted] == 1)
    try await fixture.store.mute(name("web/green"), nil)
    #expect(try await fixture.store.namespaces(at: after(9e9))[1].counts[.muted] == nil)
    #expect(try await fixture.store.checker(name("web/green"))?.mute == nil)
  }

  @Test func limitsHoldAndTotalsTellTheRest() async throws {
    let fixture = try await shop()
    let overview = try await fixture.store.overview(
      OverviewFilter(attentionLimit: 2, perNamespaceLimit: 1, at: after(900)))
    #expect(names(overview.attention) == ["shop/critical-old", "shop/critical-new"])
    #expect(overview.attentionTotal == 5)
    #expect(overview.groups.map { names($0.checkers) } == [["shop/green"], ["web/green"]])
    #expect(overview.groups.map(\.total) == [2, 2])
  }

  @Test(arguments: [
    (OverviewFilter(state: .muted, at: after(900)), ["web/muted"]),
    (OverviewFilter(state: .red, namespace: "shop", text: "NEW", at: after(900)), ["shop/critical-new"]),
    (OverviewFilter(tag: "night", at: after(900)), ["shop/green", "web/muted"]),
    (OverviewFilter(owner: "rui", at: after(900)), ["web/erroring"]),
    (OverviewFilter(text: "ÄRGER", at: after(900)), ["web/erroring"]),
    (OverviewFilter(text: "table users is", at: after(900)), ["web/erroring"]),
    (OverviewFilter(text: "100%", at: after(900)), []),
    (OverviewFilter(namespace: "none", at: after(900)), []),
  ])
  func filters(filter: OverviewFilter, expected: [String]) async throws {
    let fixture = try await shop()
    let overview = try await fixture.store.overview(filter)
    #expect(names(overview.attention + overview.groups.flatMap(\.checkers)).sorted() == expected)
    #expect(overview.counts.values.reduce(0, +) == 9)
  }

  @Test func timelinesShowTheWorstOfEachSlot() async throws {
    let fixture = try StoreFixture()
    try await fixture.add(.sample("shop/a"))
    try await fixture.add(.sample("shop/idle"))
    let runs: [(Double, Outcome)] = [
      (0, .passed), (60, .failed), (120, .warned), (-1800, .passed), (-86_400, .errored), (-10 * 86_400, .warned),
      (-29 * 86_400, .failed), (-40 * 86_400, .errored),
    ]
    for (seconds, outcome) in runs { try await fixture.record(.sample(of: name("a"), outcome, at: after(seconds))) }
    func slots(_ range: TimelineRange) async throws -> [Int: Outcome] {
      let all = try await fixture.store.timelines(
        of: [name("a"), name("idle"), name("gone")], range: range, until: after(1799))
      #expect(Set(all.keys) == [name("a"), name("idle")])
      #expect(all[name("idle")] == Array(repeating: nil, count: range.slots))
      let line = try #require(all[name("a")])
      #expect(line.count == range.slots)
      return line.enumerated().reduce(into: [:]) { $0[range.slots - 1 - $1.offset] = $1.element }
    }
    #expect(try await slots(.day) == [0: .failed, 1: .passed])
    #expect(try await slots(.week) == [0: .failed, 1: .passed, 8: .errored])
    #expect(try await slots(.month) == [0: .failed, 1: .passed, 2: .errored, 20: .warned, 58: .failed])
  }
}
