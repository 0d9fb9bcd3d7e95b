import Domain
import Testing

/// What people read does not depend on the language of the script.
@Suite struct SameWordsTests {
  private struct Words: Hashable {
    var passed: Bool
    var message: String
    var observed: Cell?
    var expected: String
  }

  private func words(_ report: GuestReport) -> [Words] {
    report.verdicts.map {
      Words(passed: $0.passed, message: $0.message, observed: $0.observed, expected: $0.expected)
    }
  }

  @Test(arguments: [
    ("'orders', 'at', hours=1", "'orders', 'at', {hours: 1}", true),
    ("'orders', 'at', minutes=5", "'orders', 'at', {minutes: 5}", false),
    ("'orders', 'at', minutes=90", "'orders', 'at', {minutes: 90}", true),
    ("'orders', 'at', days=2", "'orders', 'at', {days: 2}", true),
    ("'orders', 'at', days=1, hours=2, minutes=3", "'orders', 'at', {days: 1, hours: 2, minutes: 3}", true),
    ("'orders', 'nothing', hours=1", "'orders', 'nothing', {hours: 1}", false),
    ("'none', 'username', hours=1", "'none', 'username', {hours: 1}", false),
    ("'orders', 'at', 'Orders come in', hours=1", "'orders', 'at', {hours: 1}, 'Orders come in'", true),
  ])
  func assertFreshSaysTheSame(python: String, javascript: String, holds: Bool) async throws {
    let first = await Scripts.python("CheckerCase().assertFresh(\(python))")
    let second = await Scripts.javascript("new CheckerCase().assertFresh(\(javascript))")
    #expect(first.trouble == nil && second.trouble == nil)
    #expect(words(first).map(\.passed) == [holds])
    #expect(words(first) == words(second))
  }

  @Test func anEndlessMessageIsCutWhereItsLimitIs() async {
    let first = await Scripts.python("ok('x' * 10_000_000)")
    let second = await Scripts.javascript("ok('x'.repeat(10_000_000))")
    #expect(first.trouble == nil && second.trouble == nil)
    #expect(words(first).count == 1 && words(first) == words(second))
    #expect(first.verdicts.first?.message.hasSuffix("(cut)") == true)
  }

  @Test func whatWouldTellATerminalSomethingDoesNotGetThere() async {
    let first = await Scripts.python(
      "print('a\\x1b[2Jb\\tc')\nok('red \\x1b[31m\\x9b\\r\\né')\nraise ValueError('\\x07')")
    let second = await Scripts.javascript(
      "print('a\\x1b[2Jb\\tc');\nok('red \\x1b[31m\\x9b\\r\\né');\nthrow new Error('\\x07');")
    for report in [first, second] {
      #expect(report.log == "a\u{FFFD}[2Jb\tc\n")
      #expect(report.verdicts.map(\.message) == ["red \u{FFFD}[31m\u{FFFD}\u{FFFD}\né"])
      #expect(report.trouble?.message.hasSuffix(": \u{FFFD}") == true)
      #expect(report.trouble?.traceback?.contains("\u{7}") == false)
    }
  }

  @Test func assertFreshRefusesTheSameAges() async {
    let first = await Scripts.python("CheckerCase().assertFresh('orders', 'at')")
    let second = await Scripts.javascript("new CheckerCase().assertFresh('orders', 'at')")
    for report in [first, second] {
      #expect(report.trouble?.message.contains("assertFresh needs an age: assertFresh('orders', 'created_at',") == true)
    }
  }
}
