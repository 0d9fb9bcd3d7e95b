import Domain
import Foundation
import Testing

/// What looks like a check and is none is an error, in the author's words; it is never green, and never red.
@Suite struct FalseVerdictTests {
  @Test(arguments: [
    ("new CheckerCase().assertTrue(() => false)", "not a function: call it"),
    ("new CheckerCase().assertTrue((async () => false)(), 'm')", "needs a value, not a promise"),
    ("new CheckerCase().assertNotEqual(Promise.resolve(5), 5)", "needs a value, not a promise"),
    ("new CheckerCase().assertColumn('few', 'username', async () => false)", "needs a value, not a promise"),
    ("if (datasets.few.lenght > 2) fail('many'); ok()", "A dataset has no 'lenght'. Did you mean 'length'?"),
    ("new CheckerCase().assertLessThan(datasets.few, '99')", "cannot compare"),
    ("new CheckerCase().assertBetween(datasets.few, '1', '99')", "cannot compare"),
    ("new CheckerCase().assertBetween(5, 1, '99')", "cannot compare"),
    ("new CheckerCase().assertLessThan(now(), 5)", "cannot compare"),
    ("new CheckerCase().assertLessThan(now(), '2030-01-01')", "cannot compare"),
    ("new CheckerCase().assertLessThan(new Date('x'), now())", "cannot compare"),
    ("new CheckerCase().assertAlmostEqual(null, 0)", "cannot compare"),
    ("new CheckerCase().assertAlmostEqual('1', 1)", "cannot compare"),
    ("new CheckerCase().assertNotIn('u1', datasets.few)", ".column('name')"),
    ("new CheckerCase().assertNotEmpty('few')", "write datasets['name']"),
    ("new CheckerCase().assertEmpty('few')", "write datasets['name']"),
    ("new CheckerCase({stop_on_failure: true}); ok()", "Did you mean 'stopOnFailure'?"),
    ("new CheckerCase().assertFresh('orders', 'day', {days: 9000})", "is not a moment in time"),
    ("ok(); try { new Uint8Array(1e9) } catch {}", "memory"),
  ])
  func inJavaScript(source: String, message: String) async {
    let report = await Scripts.javascript(source)
    #expect(report.verdicts.allSatisfy { $0.assertion == "ok" })
    #expect(report.trouble?.message.contains(message) == true, "\(report)")
  }

  @Test(arguments: [
    ("CheckerCase().assertTrue(lambda: False)", "not a function: call it"),
    ("class A(CheckerCase):\n    async def test_a(self): self.fail('never')\nok()", "needs a value, not a coroutine"),
    ("class A(CheckerCase):\n    def test_a(self): yield self.fail('never')\nok()", "needs a value, not a generator"),
    ("CheckerCase().assertTrue(row.id < 0 for row in datasets['orders'])", "use list(), any() or all()"),
    ("assert (row.id < 0 for row in datasets['orders'])", "use list(), any() or all()"),
    ("async def look(): fail('never')\nlook()\nok()", "look() was called and never ran"),
    ("async def holds(value): return False\nCheckerCase().assertColumn('few', 'username', holds)", "not a coroutine"),
    ("CheckerCase().assertNotIn('u1', datasets['few'])", ".column('name')"),
    ("CheckerCase().assertNotEmpty('few')", "write datasets['name']"),
    ("CheckerCase().assertEmpty('few')", "write datasets['name']"),
  ])
  func inPython(source: String, message: String) async {
    let report = await Scripts.python(source)
    #expect(report.verdicts.allSatisfy { $0.assertion == "ok" })
    #expect(report.trouble?.message.contains(message) == true, "\(report)")
    #expect(!report.log.contains("app.py"))
  }

  @Test(arguments: [
    ("assertIn(Decimal('10.1'), [10.1])", true), ("assertNotIn(Decimal('10.1'), [10.1])", false),
    ("assertLessThan(Decimal('NaN'), 5)", false), ("assertBetween(Decimal('NaN'), 1, 5)", false),
    ("assertIn(('u1',), datasets['few'])", true),
  ])
  func decimalsInPython(call: String, holds: Bool) async {
    let report = await Scripts.python("from decimal import Decimal\nCheckerCase().\(call)")
    #expect(report.trouble == nil && report.verdicts.map(\.passed) == [holds], "\(report)")
  }

  @Test(arguments: [
    ("assertEqual(new Set([1, 2]), new Set([2, 1]))", true), ("assertEqual(new Set([1]), new Set([2]))", false),
    ("assertEqual(new Map([[1, 2]]), new Map([[1, 3]]))", false), ("assertEqual(/a/, /b/)", false),
    ("assertEqual(new Error('a'), new Error('b'))", false), ("assertEqual({}, {})", true),
    ("assertIn(['u1'], datasets.few)", true), ("assertAlmostEqual(10n, 10.00000001)", true),
  ])
  func equalityInJavaScript(call: String, holds: Bool) async {
    let report = await Scripts.javascript("new CheckerCase().\(call)")
    #expect(report.trouble == nil && report.verdicts.map(\.passed) == [holds], "\(report)")
  }

  @Test func whatIsFromTheFutureIsNotFresh() async {
    let soon = "'orders', 'at'"
    let now = Scripts.now.addingTimeInterval(-2 * 3600)
    for report in [
      await Scripts.run(.python, "CheckerCase().assertFresh(\(soon), hours=1)", now: now),
      await Scripts.run(.javascript, "new CheckerCase().assertFresh(\(soon), {hours: 1})", now: now),
    ] {
      #expect(report.verdicts.map(\.passed) == [false], "\(report)")
      #expect(report.verdicts.first?.observed?.text.hasSuffix("in the future") == true, "\(report)")
    }
  }

  @Test func aRequiredLibraryMayImportAnother() async {
    let report = await Scripts.run(
      .javascript, "const {limit} = require('limits');\nok(String(limit))",
      libraries: [
        "limits":
          "import {base as b} from 'deep';\nimport * as deep from './deep.js'\nexport const limit = b + deep.base;",
        "deep": "export const base = 20;",
      ])
    #expect(report.verdicts.map(\.message) == ["40"], "\(report)")
  }
}
