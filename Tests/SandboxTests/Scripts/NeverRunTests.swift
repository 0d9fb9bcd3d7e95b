import Domain
import Testing

/// Checks that are written and never carried out: found when the script is saved and when it runs.
@Suite struct NeverRunTests {
  @Test(arguments: [
    ("ok()\nmap(lambda row: fail('bad'), datasets['few'])", "Nothing of this map() is carried out", 2),
    ("ok()\n(fail('bad') for row in datasets['few'])", "Nothing of this generator is carried out", 2),
    ("def look():\n  yield fail('bad')\nok()\nlook()", "Nothing of look() is carried out", 4),
    ("def test_rows(): fail('bad')\nok()", "Nothing calls test_rows", 1),
    ("class Rows:\n  def test_rows(self): fail('bad')\nok()", "class Rows(CheckerCase)", 1),
  ])
  func inPython(source: String, message: String, line: Int) async {
    for isTrial in [true, false] {
      let report = await Scripts.run(.python, source, isTrial: isTrial)
      #expect(report.trouble?.message.contains(message) == true, "\(report)")
      #expect(report.trouble?.line == line)
      #expect(report.verdicts.map(\.assertion) == (isTrial ? [] : ["ok"]))
    }
  }

  @Test(arguments: [
    ("ok()\nCheckerCase().assertEqual", "assertEqual is not called"),
    ("ok()\nassert (1 == 2, 'equal')", "leave the parentheses out"),
  ])
  func whenItIsSaved(source: String, message: String) async {
    let report = await Scripts.run(.python, source, isTrial: true)
    #expect(report.trouble?.message.contains(message) == true && report.trouble?.line == 2, "\(report)")
  }

  @Test(arguments: [
    "def look():\n  yield ok()\nfor _ in look(): pass", "def test_rows(): ok()\ntest_rows()",
    "class Rows:\n  def test_rows(self): ok()\nclass Own(Rows, CheckerCase): pass",
    "def test_rows(): ok()\nfor name, each in list(globals().items()):\n  if name.startswith('test_'): each()",
    "def tested(rows): return rows\nok()", "def map(each): ok()\nmap(1)",
    "import contextlib\n@contextlib.contextmanager\ndef held():\n  yield\nwith held(): ok()",
  ])
  func whatRunsInPythonIsLeftAlone(source: String) async {
    #expect(await Scripts.run(.python, source, isTrial: true).trouble == nil)
    let report = await Scripts.python(source)
    #expect(report.trouble == nil && report.verdicts.count == 1, "\(report)")
  }

  @Test func aGeneratorThatIsDroppedInJavaScript() async {
    let source = "function* look() { yield fail('bad'); }\nok();\nlook();"
    for isTrial in [true, false] {
      let report = await Scripts.run(.javascript, source, isTrial: isTrial)
      #expect(report.trouble?.message.contains("Nothing of look() is carried out") == true, "\(report)")
      #expect(report.trouble?.line == 3)
    }
  }

  @Test(arguments: [
    "async function look() { await new Promise(() => {}); fail('bad'); }\nlook(); ok()",
    "(async () => { await {then() {}}; fail('bad'); })(); ok()",
    "new Promise(() => {}).then(() => fail('bad')); ok()",
  ])
  func aPromiseThatNothingSettles(source: String) async {
    let report = await Scripts.javascript(source)
    #expect(report.trouble?.message.contains("a promise that nothing ever settles") == true, "\(report)")
    #expect(report.verdicts.map(\.assertion) == ["ok"])
  }

  @Test(arguments: [
    "function* look() { yield 1; }\nfor (const each of look()) ok();",
    "function* look() { yield 1; }\nconst all = [\n  ...look()\n];\nok(`${\nlook()\n}`); // look();",
    "async function* look() { yield 1; yield 2; }\nfor await (const each of look()) { ok(); break; }",
    "await Promise.all(Array.from({length: 1000}, async (_, n) => { await null; return n; })); ok()",
    "await Promise.any([Promise.reject(new Error('a')), Promise.resolve(1)]); ok()",
    "const {limit} = await import('limits'); ok()",
  ])
  func whatRunsInJavaScriptIsLeftAlone(source: String) async {
    let report = await Scripts.run(.javascript, source, libraries: ["limits": "export const limit = await 5;"])
    #expect(report.trouble == nil && report.verdicts.count == 1, "\(report)")
  }
}
