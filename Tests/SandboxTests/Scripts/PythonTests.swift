import Domain
import Foundation
import Sandbox
import Testing

@Suite struct PythonTests {
  static let original = """
    if business_day():
        CheckerCase().assertLessThan(datasets['users_with_email_null'], 42, 'There should be less than 42 users in that state')
    else:
        CheckerCase().assertLessThan(datasets['users_with_email_null'], 5, 'There should be less than 5 users in that state')
    """

  @Test(arguments: [("UTC", 4, "less than 5"), ("America/New_York", 2, "less than 42")])
  func theOriginalScriptRunsAsItIs(zone: String, line: Int, expected: String) async throws {
    let report = await Scripts.run(.python, Self.original, timeZone: zone)
    let verdict = try #require(report.verdicts.first)
    #expect(report.trouble == nil)
    #expect(verdict.passed == false)
    #expect(verdict.assertion == "assertLessThan")
    #expect(verdict.dataset == "users_with_email_null")
    #expect(verdict.observed == .integer(50))
    #expect(verdict.expected == expected)
    #expect(verdict.line == line)
    #expect(verdict.sample?.total == 50)
    #expect(verdict.sample?.rows.first == [.text("u0")])
  }

  @Test(arguments: [
    ("assertEmpty(datasets['none'])", true), ("assertEmpty(datasets['few'])", false), ("assertEqual(1, 1.0)", true),
    ("assertEqual(datasets['few'], 3)", true), ("assertEqual(datasets['few'], [('u0',), ('u1',), ('u2',)])", true),
    ("assertEqual('a', 'b')", false), ("assertLessThan(datasets['few'], 4)", true), ("assertLessThan(3, 3)", false),
    ("assertLessThan([1, 2], datasets['few'])", true), ("assertLessThan('2024-01-01', '2024-01-02')", true),
    ("assertGreaterThan(datasets['few'], 2)", true), ("assertGreaterThan(1.5, 2)", false),
    ("assertTrue(datasets['few'])", true), ("assertTrue([])", false), ("assertFalse(datasets['none'])", true),
    ("assertFalse(1)", false), ("assertNotEmpty(datasets['few'])", true), ("assertNotEqual(1, 2)", true),
    ("assertIn('u1', datasets['few'].column('username'))", true), ("assertNotIn(1, [1])", false),
    ("assertBetween(datasets['few'], 3, 5)", true), ("assertBetween(2, 3, 5)", false),
    ("assertAlmostEqual(0.1 + 0.2, 0.3)", true), ("assertAlmostEqual(1, 2, 'far')", false),
    ("assertUnique(datasets['few'], 'username')", true), ("assertUnique('orders', 'id', 'ids are unique')", false),
    ("assertNoNulls('few')", true), ("assertNoNulls('orders', 'amount')", false),
    ("assertColumn('few', 'username', 'u[0-9]')", true), ("assertColumn('orders', 'id', lambda v: v < 10)", false),
    ("assertColumns('few', ['username'])", true), ("assertColumns('few', ['a'])", false),
    ("assertLessThanOrEqual(3, 3)", true), ("assertGreaterThanOrEqual(2, 3)", false),
    ("assertFresh('few', 'username', hours=1)", nil),
  ])
  func anAssertionHoldsOrDoesNot(code: String, holds: Bool?) async {
    let report = await Scripts.python("CheckerCase().\(code)")
    #expect(report.verdicts.map(\.passed) == (holds.map { [$0] } ?? []), "\(report.trouble?.traceback ?? "")")
    #expect((report.trouble == nil) == (holds != nil))
  }

  @Test func valuesComeAsPythonHasThem() async {
    let report = await Scripts.python(
      """
      import datetime, decimal, uuid, math
      rows = list(datasets['orders'])
      a, b, c, d = rows
      case = CheckerCase(stop_on_failure=True)
      case.assertEqual((a.id, d['id']), (1, 2**63 - 1))
      case.assertEqual((a.amount, str(d.amount)), (decimal.Decimal('10.50'), '12345678901234567890.123456789'))
      case.assertEqual((a.day, d.day), (datetime.date(2024, 2, 29), 'infinity'))
      case.assertEqual(a.at.isoformat(), '2024-05-17T12:00:00+02:00')
      case.assertEqual(c.at, datetime.datetime(2024, 5, 18, 2))
      case.assertEqual(c.opens, datetime.time(23, 59, 59, 500000))
      case.assertEqual(a.token, uuid.UUID('6b1bb1c0-0000-4000-8000-000000000001'))
      case.assertEqual((a.extra, d.extra), ({'a': [1, 2.5, None]}, 'text'))
      case.assertEqual((a.name, c.name, d.name), ('Zoë', '日本 🎈', ''))
      case.assertEqual((a.blob, c.blob, d.blob), (b'\\x00\\xff', b'\\x7f', b''))
      case.assertTrue(a.score == 1.5 and math.isnan(c.score) and d.score == -math.inf)
      case.assertEqual((a.paid, c.paid), (True, False))
      case.assertEqual(b, (2, None, None, None, None, None, None, None, None, None, None, None))
      case.assertEqual(len(datasets['orders'][1:3]), 2)
      case.assertEqual(datasets['orders'][-1].id, d.id)
      """)
    #expect(report.trouble == nil, "\(report.trouble?.traceback ?? "")")
    let allHold = report.verdicts.allSatisfy(\.passed)
    #expect(allHold, "\(report.verdicts.filter { !$0.passed })")
  }

  @Test func aTracebackShowsTheAuthorsOwnLines() async {
    let report = await Scripts.run(
      .python, "from helpers import half\nok('before')\n\nhalf(0)",
      libraries: ["helpers": "def half(x):\n    return 1 / x"])
    #expect(report.verdicts.map(\.message) == ["before"])
    #expect(report.trouble?.reason == .exception)
    #expect(report.trouble?.line == 4)
    let traceback = report.trouble?.traceback ?? ""
    #expect(traceback.contains("File \"emails.py\", line 4"))
    #expect(traceback.contains("File \"helpers.py\", line 2"))
    #expect(traceback.hasSuffix("ZeroDivisionError: division by zero"))
    #expect(!traceback.contains("app.py") && !traceback.contains("wasm"))
  }

  @Test func aMistakeInTheSyntaxHasItsLine() async {
    let report = await Scripts.python("ok('a')\nx = = 1")
    #expect(report.trouble?.reason == .syntax)
    #expect(report.trouble?.line == 2)
    #expect(report.verdicts.isEmpty)
    let trial = await Scripts.run(.python, "import pandas", isTrial: true)
    #expect(trial.trouble?.reason == .forbidden)
    #expect(trial.trouble?.line == 1)
    #expect(await Scripts.run(.python, "fail('not run')", isTrial: true).verdicts.isEmpty)
  }

  @Test func testsOfAClassRunEachOnItsOwn() async {
    let report = await Scripts.python(
      """
      class Orders(CheckerCase):
          def test_second(self): self.assertTrue(False, 'one')
          def test_first(self): self.assertTrue(True, 'two')
      assert len(datasets['few']) == 3, 'three'
      """)
    #expect(report.verdicts.map(\.message) == ["three", "one", "two"])
    #expect(report.verdicts.map(\.passed) == [true, false, true])
  }

  @Test func theRunIsTheSameEachTime() async {
    let source = """
      import random, uuid, datetime, time
      print(random.random(), uuid.uuid4(), hash('a'), datetime.datetime.now(), datetime.date.today(), time.time(), now())
      ok(str(param('limit', 1) + count('orders', 'amount > 1')))
      """
    let first = await Scripts.run(.python, source, parameters: ["limit": "40"], timeZone: "Europe/Madrid")
    let second = await Scripts.run(.python, source, parameters: ["limit": "40"], timeZone: "Europe/Madrid")
    #expect(first.log == second.log)
    #expect(first.log.contains("2024-05-18 02:40:00.250000 2024-05-18 1716000000.25 2024-05-18 04:40:00.250000+02:00"))
    #expect(first.verdicts.map(\.message) == ["42"])
    #expect(first.verdicts == second.verdicts)
    #expect(first.cost.fuel == second.cost.fuel)
    #expect(await Scripts.run(.python, source, seed: 7).log != first.log)
  }

  @Test func anUnknownDatasetIsNamed() async {
    let report = await Scripts.python("print(len(datasets['order']))")
    #expect(report.trouble?.reason == .unknownDataset)
    #expect(report.trouble?.message.contains("Did you mean 'orders'?") == true)
    #expect(report.trouble?.line == 1)
  }

  @Test func aNamespacesOwnCalendarReplacesOurs() async {
    let report = await Scripts.run(
      .python, "ok(str(business_day()))",
      libraries: ["business_calendar": "def is_business_day(country=None, at=None): return 'ours'"])
    #expect(report.verdicts.map(\.message) == ["ours"])
    let holidays = await Scripts.python(
      "for d in ('2024-10-03', '2024-10-04', '2024-12-25', '2024-04-01'): ok(str(business_day('DE', d)))")
    #expect(holidays.verdicts.map(\.message) == ["False", "True", "False", "False"])
  }

  @Test func aScriptThatStatesNothingIsTrouble() async {
    #expect(await Scripts.python("x = 1").trouble?.reason == .noVerdict)
  }

  @Test(arguments: [
    ("while True: pass", GuestTrouble.Reason.deadline),
    ("while True:\n  try:\n    while True: pass\n  except BaseException: pass", .deadline),
    ("9**(10**8)", .deadline), ("import re\nre.match('(a+)+$', 'a' * 40 + 'b')", .deadline),
    ("while True: print('x' * 100)", .deadline), ("bytearray(10**9)", .memory),
    ("x = []\nwhile True: x.append(bytearray(10**6))", .memory), ("def f(): f()\nf()", .exception),
    ("x = []\nfor i in range(100000): x = [x]\nrepr(x)", .stack), ("import time\ntime.sleep(3)", .forbidden),
    ("import socket", .forbidden),
    ("import _socket\n_socket.socket()", .forbidden), ("open('/etc/passwd')", .forbidden),
    ("import os\nos.listdir('/')", .forbidden), ("import ctypes", .forbidden),
    ("import threading", .forbidden), ("import _thread\n_thread.start_new_thread(print, ())", .forbidden),
    ("import builtins\nfor name in list(vars(builtins)): delattr(builtins, name)", .exception),
    ("import builtins\nbuiltins.BaseException = None\nbuiltins.len = None\nraise ValueError('x')", .forbidden),
    ("import sys\nsys.modules.clear()\nfail('x')\nimport json", .forbidden),
    ("import subprocess", .forbidden),
    ("__import__('os').system('ls')", .exception),
    ("import os\nos._exit(0)", .forbidden),
    ("import _io\n_io.open('/x')", .forbidden), ("compile('1+', 'a', 'exec')", .syntax),
    ("import wit_world\nwhile True: wit_world.report('{}')", .exception),
    (
      "import wit_world\nwhile True: wit_world.report('{\"passed\":true,\"assertion\":\"a\",\"message\":\"\"}')",
      .tooManyMessages
    ),
    ("import wit_world\nwit_world.column('orders', 99)", .exception),
  ])
  func aHostileScriptIsStopped(source: String, reason: GuestTrouble.Reason) async {
    let report = await Scripts.python("ok('stated before')\n" + source, limits: Scripts.short)
    #expect(report.trouble?.reason == reason, "\(source): \(String(describing: report.trouble))")
    #expect(report.verdicts.first?.message == "stated before")
    #expect(report.log.utf8.count < 70_000)
  }

  @Test func noRunLeavesAnythingForTheNext() async {
    _ = await Scripts.python("import builtins, json\nbuiltins.left = 1\njson.left = 1\nok()")
    let report = await Scripts.python("import json\nok(str(hasattr(__builtins__, 'left') or hasattr(json, 'left')))")
    #expect(report.verdicts.map(\.message) == ["False"])
  }

  @Test func manyVerdictsOfALineAreSummedUp() async {
    let report = await Scripts.python("for i in range(100000): ok(str(i))")
    #expect(report.trouble == nil)
    #expect(report.verdicts.count == 10)
    #expect(report.log.contains("line 1: 99990 more times ok held"))
  }
}
