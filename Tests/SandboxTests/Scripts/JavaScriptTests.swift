import Domain
import Foundation
import Sandbox
import Testing

@Suite struct JavaScriptTests {
  @Test(arguments: [("UTC", 4, "less than 5"), ("America/New_York", 2, "less than 42")])
  func theOriginalScriptRuns(zone: String, line: Int, expected: String) async throws {
    let source = """
      if (businessDay())
        new CheckerCase().assertLessThan(datasets.users_with_email_null, 42, 'There should be less than 42 users');
      else
        new CheckerCase().assertLessThan(datasets['users_with_email_null'], 5, 'There should be less than 5 users');
      """
    let report = await Scripts.run(.javascript, source, timeZone: zone)
    let verdict = try #require(report.verdicts.first)
    #expect(report.trouble == nil)
    #expect(verdict.observed == .integer(50))
    #expect(verdict.expected == expected)
    #expect(verdict.line == line)
    #expect(verdict.sample?.rows.first == [.text("u0")])
  }

  @Test(arguments: [
    ("assertEmpty(datasets.none)", true), ("assertEmpty(datasets.few)", false),
    ("assertEqual([1, {a: 2}], [1, {a: 2}])", true),
    ("assertEqual(datasets.few, 3)", true), ("assertEqual('a', 'b')", false), ("assertLessThan(datasets.few, 4)", true),
    ("assertLessThan(3, 3)", false), ("assertGreaterThan(datasets.few, 2)", true), ("assertTrue(0)", false),
    ("assertFalse(null)", true), ("assertNotEmpty(datasets.few)", true), ("assertNotEqual(1, 2)", true),
    ("assertIn('u1', datasets.few.column('username'))", true), ("assertBetween(2, 3, 5)", false),
    ("assertAlmostEqual(0.1 + 0.2, 0.3)", true), ("assertUnique('orders', 'id', 'ids are unique')", false),
    ("assertNoNulls('orders', 'amount')", false), ("assertColumn('few', 'username', /u[0-9]/)", true),
    ("assertColumns('few', ['username'])", true), ("assertFresh('orders', 'at', {hours: 1})", true),
  ])
  func anAssertionHoldsOrDoesNot(code: String, holds: Bool) async {
    let report = await Scripts.javascript("new CheckerCase().\(code)")
    #expect(report.verdicts.map(\.passed) == [holds], "\(report.trouble?.message ?? "")")
    #expect(report.trouble == nil)
  }

  @Test func valuesComeAsJavaScriptHasThem() async {
    let report = await Scripts.javascript(
      """
      const [a, b, c, d] = datasets.orders;
      const check = new CheckerCase({stopOnFailure: true});
      check.assertEqual([a.id, d.id, a[0]], [1, 9223372036854775807n, 1]);
      check.assertEqual([a.amount, datasets.orders.column('amount', {exact: true})[3]], [10.5, '12345678901234567890.123456789']);
      check.assertEqual([a.day, d.day], [new Date('2024-02-29'), 'infinity']);
      check.assertEqual([a.at, c.at], [new Date('2024-05-17T10:00:00Z'), new Date('2024-05-18T02:00:00Z')]);
      check.assertEqual([a.extra, d.extra, a.name, c.name], [{a: [1, 2.5, null]}, 'text', 'Zoë', '日本 🎈']);
      check.assertEqual([Array.from(a.blob), c.score, a.paid], [[0, 255], NaN, true]);
      check.assertEqual([b.amount, b.name, b.nothing], [null, null, null]);
      check.assertEqual([now().toISOString(), Date.now()], ['2024-05-18T02:40:00.250Z', 1716000000250]);
      check.assertEqual([count('orders'), metric('orders', 'max(name)')], [4, 'Zoë']);
      """)
    #expect(report.trouble == nil, "\(report.trouble?.message ?? "")")
    #expect(report.verdicts.count == 9 && report.verdicts.allSatisfy(\.passed), "\(report.verdicts.last as Any)")
  }

  @Test func aStackShowsTheAuthorsOwnLines() async {
    let report = await Scripts.run(
      .javascript, "import {half} from 'helpers';\nok('before');\nhalf();",
      libraries: ["helpers": "export function half() {\n  throw new RangeError('no');\n}"])
    #expect(report.verdicts.map(\.message) == ["before"])
    #expect(report.trouble?.reason == .exception)
    #expect(report.trouble?.line == 3)
    #expect(report.trouble?.traceback?.contains("helpers.js:2") == true)
    #expect(report.trouble?.traceback?.contains("checker.js") == false)
  }

  @Test func aMistakeInTheSyntaxHasItsLine() async {
    let report = await Scripts.javascript("ok();\nlet x = ;")
    #expect(report.trouble?.reason == .syntax)
    #expect(report.trouble?.line == 2)
    #expect(await Scripts.run(.javascript, "let x = (", isTrial: true).trouble?.reason == .syntax)
    #expect(await Scripts.run(.javascript, "fail('not run')", isTrial: true).verdicts.isEmpty)
  }

  @Test func theRunIsTheSameEachTime() async {
    let source = "log(Math.random(), new Date()); ok()"
    let first = await Scripts.javascript(source)
    let second = await Scripts.javascript(source)
    #expect(first.log == second.log)
    #expect(first.cost.fuel == second.cost.fuel)
    #expect(await Scripts.run(.javascript, source, seed: 7).log != first.log)
  }

  @Test(arguments: [
    ("while (true) {}", GuestTrouble.Reason.deadline), ("/(a+)+$/.test('a'.repeat(40) + 'b')", .deadline),
    ("for (;;) print('xxxxxxxxxxxxxxxx')", .deadline), ("const f = () => f(); f()", .exception),
    ("new Uint8Array(1e9)", .memory), ("fetch('http://127.0.0.1')", .forbidden),
    ("setTimeout(() => {}, 1)", .forbidden), ("import os from 'os'", .forbidden),
    ("std.open('/etc/passwd')", .exception),
    ("await new Promise(() => {})", .exception), ("throw 5", .exception),
  ])
  func aHostileScriptIsStopped(source: String, reason: GuestTrouble.Reason) async {
    let report = await Scripts.javascript("ok('stated before');\n" + source, limits: Scripts.short)
    #expect(report.trouble?.reason == reason, "\(source): \(String(describing: report.trouble))")
  }

  @Test func noRunLeavesAnythingForTheNext() async {
    _ = await Scripts.javascript("globalThis.left = 1; Array.prototype.left = 1; ok()")
    let report = await Scripts.javascript("ok(typeof left + typeof [].left)")
    #expect(report.verdicts.map(\.message) == ["undefinedundefined"])
  }
}
