import Domain
import Foundation
import Testing

@Suite struct RoutingTreeTests {
  private func subject(
    _ name: String = "shop/orders", _ severity: Severity = .critical, owner: String = "ana", tags: [String] = ["money"],
    warning: Bool = false
  ) -> AlarmSubject {
    AlarmSubject(
      checker: Checker(
        id: QualifiedName(name, defaultNamespace: "shop"), severity: severity, owner: owner, tags: tags,
        body: .rules([])), isWarning: warning, dataSources: ["warehouse"])
  }

  @Test(arguments: [
    ("namespace=shop", true), ("namespace=sho", false), ("namespace=sh*", true), ("checker=shop/or*s", true),
    ("checker=*ord*", true), ("checker=*x*", false), ("tag=money", true), ("tag!=money", false), ("tag!=noisy", true),
    ("severity=critical,warning", true), ("severity=info", false), ("owner=ana", true), ("data_source=ware*", true),
  ])
  func matches(_ text: String, _ expected: Bool) throws {
    let matcher = try AlarmMatcher.parse(text)
    #expect(matcher.matches(subject()) == expected)
    #expect(matcher.text == text)
  }

  @Test(arguments: [
    ("shop", "is no condition"), ("namespcae=shop", "did you mean 'namespace'?"), ("tag=", "has no value"),
    ("severity=high", "there is no severity 'high'"), ("tag=~x", "there is no '=~': write tag=x"),
    ("tag!=~ x", "write tag!=x"), ("tag==x", "there is no '=='"),
  ])
  func saysWhatIsWrong(_ text: String, _ words: String) {
    let error = #expect(throws: AlarmMatcherError.self) { try AlarmMatcher.parse(text) }
    #expect(error?.message.contains(words) == true)
  }

  @Test func aWarningIsOneSeverityLower() {
    #expect(subject(warning: true).severity == .warning)
    #expect(subject("shop/a", .info, warning: true).severity == .info)
  }

  private let tree = RoutingTree(routes: [
    .init(matchers: [AlarmMatcher(.tag, ["audit"])], actions: ["audit"], continues: true),
    .init(
      matchers: [AlarmMatcher(.namespace, ["shop"])], actions: ["shop-chat"],
      grouping: .init(by: ["namespace", "tag:money"]),
      routes: [
        .init(matchers: [AlarmMatcher(.severity, ["critical"])], actions: ["pager"]),
        .init(matchers: [AlarmMatcher(.severity, ["warning"])]),
      ]),
    .init(actions: ["rest"]),
  ])

  @Test func theDeepestBranchThatFitsTakesTheAlarm() {
    let (destinations, steps) = tree.explain(subject())
    #expect(destinations.map(\.action) == ["pager"])
    #expect(destinations.first?.path == "2.1")
    #expect(destinations.first?.groupKey == "namespace=shop tag:money=yes")
    #expect(
      steps.map { "\($0.path) \($0.reason)" } == [
        "1 tag=audit does not hold", "2 all of it holds: one below it takes it", "2.1 all of it holds",
        "2.2 not looked at: 2.1 took it",
        "3 not looked at: 2 took it",
      ])
  }

  @Test func aBranchWithoutActionsTakesThoseItStandsIn() {
    #expect(tree.explain(subject("shop/a", .warning)).destinations.map(\.action) == ["shop-chat"])
    #expect(tree.explain(subject("shop/a", .info)).destinations.map(\.path) == ["2"])
    #expect(tree.explain(subject("other/a", tags: ["audit"])).destinations.map(\.action) == ["audit", "rest"])
  }

  private func time(_ text: String) throws -> Date { try Date(text, strategy: .iso8601) }

  @Test(arguments: [
    // A Monday; Lisbon is on UTC in March, an hour ahead in July.
    ("22:00-06:00", "2026-03-02T23:00:00Z", true), ("22:00-06:00", "2026-03-02T06:00:00Z", false),
    ("fri 22:00-06:00", "2026-03-07T05:59:00Z", true), ("fri 22:00-06:00", "2026-03-06T05:59:00Z", false),
    ("mon-fri 09:00-17:00 Europe/Lisbon", "2026-07-06T08:30:00Z", true),
    ("mon-fri 09:00-17:00 Europe/Lisbon", "2026-07-06T16:00:00Z", false),
    ("sat,sun 00:00-24:00", "2026-03-08T23:59:00Z", true), ("sat,sun 00:00-24:00", "2026-03-09T00:00:00Z", false),
    ("sat-mon 00:00-24:00", "2026-03-09T00:00:00Z", true),
  ])
  func quietHoursComeBackEveryWeek(_ text: String, _ time: String, _ expected: Bool) throws {
    let hours = try QuietHours.parse(text)
    #expect(hours.contain(try self.time(time)) == expected)
    #expect(try QuietHours.parse(hours.text) == hours)
  }

  @Test(arguments: [
    "", "night", "22:00-22:00", "mon 24:00-24:00", "25:00-26:00", "someday 10:00-11:00", "10:00-11:00 Mars/Base",
    "10:00",
  ])
  func refusesWhatAreNoHours(_ text: String) {
    #expect(throws: AlarmMatcherError.self) { try QuietHours.parse(text) }
  }

  @Test func aSilenceHidesWhatMatchesWhileItLasts() throws {
    let start = try time("2026-03-02T12:00:00Z")
    let silence = Silence(
      matchers: [AlarmMatcher(.namespace, ["shop"]), AlarmMatcher(.severity, ["info"], isNegated: true)],
      startsAt: start, endsAt: start + 60, author: "ana", comment: "move")
    #expect(silence.hides(subject(), at: start) && !silence.hides(subject(), at: start + 60))
    #expect(!silence.hides(subject("shop/a", .info), at: start) && !silence.hides(subject("x/a"), at: start))
    #expect(!silence.hides(subject(), at: start - 1))
  }

  @Test(arguments: [
    ("22:00-06:00", "2026-03-02T23:30:20Z", "2026-03-03T06:00:00Z"),
    ("22:00-06:00", "2026-03-03T05:59:59Z", "2026-03-03T06:00:00Z"),
    ("09:00-17:00", "2026-03-03T12:00:00Z", "2026-03-03T17:00:00Z"),
    ("mon-fri 09:00-17:00 Europe/Lisbon", "2026-07-06T08:30:00Z", "2026-07-06T16:00:00Z"),
  ])
  func quietHoursKnowTheirEnd(_ text: String, _ time: String, _ end: String) throws {
    #expect(try QuietHours.parse(text).end(at: self.time(time)) == self.time(end))
    #expect(try QuietHours.parse("00:00-24:00").end(at: self.time(time)) == nil)
  }

  @Test func aSickQueryIsAskedLessOften() {
    let now = AlarmCase.start
    func next(_ errors: Int, seconds: Double = 0.1) -> (at: Date, reason: String?) {
      RunDelay.next(scheduled: now + 60, finishedAt: now, seconds: seconds, erroredRuns: errors)
    }
    #expect(next(2).at == now + 60 && next(2).reason == nil)
    #expect([3, 4, 5, 9, 99].map { next($0).at.timeIntervalSince(now) } == [60, 120, 240, 3600, 3600])
    #expect(next(4).reason == "4 errors in a row: the next try is 2m later")
    #expect(next(0, seconds: 30).at == now + 120)
    #expect(next(0, seconds: 30).reason == "the last run took 30s: the next one waits 2m")
  }
}
