import Domain
import Testing

/// What its author surely did not mean is an error that says how to mend it; what is meant goes on working.
@Suite struct MistakenCheckTests {
  private func expectTrouble(_ report: GuestReport, _ message: String) {
    #expect(report.verdicts.allSatisfy { $0.assertion == "ok" }, "\(report)")
    #expect(report.trouble?.message.contains(message) == true, "\(report)")
    #expect(report.trouble?.line != nil, "\(report)")
  }

  private func expect(_ report: GuestReport, holds: Bool) {
    #expect(report.trouble == nil && report.verdicts.map(\.passed) == [holds], "\(report)")
  }

  // Values on their own

  @Test(arguments: [
    ("assertUnique([1, 1])", false), ("assertUnique([1, 2], 'they differ')", true),
    ("assertUnique([[1, 2], [1, 2]])", false), ("assertUnique('orders', 'extra')", true),
    ("assertUnique([[1, 'a'], [1, 'b']], 0)", false),
  ])
  func doublesAreFoundInAnyList(call: String, holds: Bool) async {
    expect(await Scripts.python("CheckerCase().\(call)"), holds: holds)
    expect(await Scripts.javascript("new CheckerCase().\(call)"), holds: holds)
  }

  @Test(arguments: [
    ("assertUnique(datasets['orders'].column('id'))", false, "orders: no value of id twice"),
    ("assertUnique(datasets['few'].column('username'), 'each once')", true, "each once"),
    ("assertNoNulls(datasets['orders'].column('name'))", false, "orders: no NULL of name"),
    ("assertNoNulls([None, 1])", false, "assertNoNulls: no NULL"),
    ("assertUnique([{'a': {'x': 1}}, {'a': {'x': 1}}], 'a')", false, "assertUnique: no two rows with the same a"),
    ("assertUnique([{'a': 1}, {'a': 1}, {'b': 1}])", false, "assertUnique: no two rows with the same a, b"),
  ])
  func valuesAreLookedAtInPython(call: String, holds: Bool, message: String) async {
    let report = await Scripts.python("CheckerCase().\(call)")
    expect(report, holds: holds)
    #expect(report.verdicts.map(\.message) == [message])
  }

  @Test(arguments: [
    ("assertUnique(datasets.orders.column('id'))", false), ("assertNoNulls(datasets.orders.column('name'))", false),
    ("assertUnique(datasets.few.column('username'), 'each once')", true), ("assertNoNulls([null, 1])", false),
    ("assertUnique(new Float64Array([1, 1]))", false), ("assertUnique([{a: 1}, {a: 1}, {b: 1}])", false),
    ("assertUnique(['a'.repeat(2000) + 'b', 'a'.repeat(2000) + 'c'])", true),
  ])
  func valuesAreLookedAtInJavaScript(call: String, holds: Bool) async {
    expect(await Scripts.javascript("new CheckerCase().\(call)"), holds: holds)
  }

  @Test(arguments: [
    ("assertUnique(datasets['orders'].column('id'), 'id')", "Leave the name out"),
    ("assertColumn(['abc'], 'name', 'a.*')", "these are values, which have no column 'name'"),
    ("assertLessThan(datasets['few'] == 3, 1)", "is a list and no number: for how many"),
    ("assertTrue(datasets['none'] != 0)", "is a list and no number"),
    ("assertTrue(datasets['few'] > 2)", "is a list and no number"),
    ("assertNotIn('1', datasets['orders'].column('id'))", "'1' is a text, 1 is a number, and these are never equal"),
    ("assertNotIn('2024-02-29', datasets['orders'].column('day'))", "these are never equal"),
    ("assertNotEqual('50', 50)", "these are never equal"),
    ("assertTrue('abc'.startsWith)", "not a function: call it"),
    ("fail(5)", "fail takes one text"),
  ])
  func inBothLanguages(call: String, message: String) async {
    let python = call.replacing("startsWith", with: "startswith")
    expectTrouble(await Scripts.python("CheckerCase().\(python)"), message)
    let javascript = message.replacing("'1' is a text", with: "\"1\" is a text")
    expectTrouble(await Scripts.javascript("new CheckerCase().\(call)"), javascript)
  }

  @Test(arguments: [
    ("assertEqual(3, datasets['few'])", true), ("assertNotEqual(3, datasets['few'])", false),
    ("assertNotIn('1', [])", true), ("assertNotIn(7, datasets['orders'].column('id'))", true),
    ("assertNotIn(['u9'], datasets['few'])", true), ("assertIn('1', [1])", false), ("assertEqual('1', 1)", false),
    ("assertNotEqual(datasets['orders'][3].day, today())", true), ("assertColumns('few', ['username'])", true),
  ])
  func whatIsMeantGoesOn(call: String, holds: Bool) async {
    expect(await Scripts.python("CheckerCase().\(call)"), holds: holds)
    expect(await Scripts.javascript("new CheckerCase().\(call)"), holds: holds)
  }

  @Test(arguments: [
    ("ok(len(datasets['few']) > 9)", "ok takes one text"),
    ("ok(1 == 2, 'equal')", "CheckerCase().assertTrue(x, 'message')"),
    ("try:\n  datasets['few'].column('usernam')\nexcept Exception: pass\nok()", "error.accept()"),
    ("try:\n  datasets['few'][0].usernam\nexcept Exception: pass\nok()", "no column 'usernam'"),
    ("try:\n  datasets['few'][0]['usernam']\nexcept Exception: pass\nok()", "no column 'usernam'"),
    ("CheckerCase().assertNotIn('6b1bb1c0-0000-4000-8000-000000000001', datasets['orders'].column('token'))", "a uuid"),
    ("CheckerCase().assertNotEqual(today(), now())", "is a date"),
    ("business_day('Germany')", "no country 'Germany'"), ("business_day(today())", "business_day(at=day)"),
    ("ok(str(datasets.get('userz', [])))", "userz"), ("ok(datasets['few'][0].get('usernam'))", "no column 'usernam'"),
    ("param('word', 42)", "should be like 42"), ("param('word', True)", "should be like True"),
    ("CheckerCase().assertGreaterThan(float('inf'), 5)", "would hold whatever the data are"),
    ("CheckerCase().assertUnique({1, 2})", "a set holds nothing twice"),
    ("CheckerCase().assertTrue(map(str, []))", "use list(), any() or all()"),
    ("assert (1 == 2, 'equal')", "leave the parentheses out"),
  ])
  func inPython(source: String, message: String) async {
    expectTrouble(await Scripts.run(.python, source, parameters: ["word": "many"]), message)
  }

  @Test(arguments: [
    ("CheckerCase().assertFalse(hasattr(datasets['few'][0], 'usernam'))", true),
    ("CheckerCase().assertIsNone(getattr(datasets['few'][0], 'usernam', None))", true),
    ("CheckerCase().assertIsNone(datasets['few'][0].get('usernam', None))", true),
    ("try:\n  datasets['few'][0].usernam\nexcept UnknownColumn as error:\n  error.accept()\n  ok()", true),
    ("CheckerCase().assertEqual(param('half', 42), 0.5)", true),
    ("CheckerCase().assertFalse(param('off', True))", true),
    ("CheckerCase().assertBetween(5, 0, float('inf'))", true),
    ("CheckerCase().assertFalse(business_day('DE', '2024-12-25'))", true),
  ])
  func whatIsMeantGoesOnInPython(source: String, holds: Bool) async {
    expect(await Scripts.run(.python, source, parameters: ["half": "0.5", "off": "off"]), holds: holds)
  }

  @Test(arguments: [
    ("ok(datasets.few.length > 9)", "ok takes one text"), ("ok(1 == 2, 'equal')", "assertTrue(x, 'message')"),
    ("try { datasets.few.column('usernam') } catch {}\nok()", "error.accept()"),
    ("try { datasets.few[0].usernam } catch {}\nok()", "no column 'usernam'"),
    ("businessDay({at: null})", "A day is a Date"), ("businessDay({at: new Date('x')})", "an invalid Date"),
    ("businessDay({contry: 'DE'})", "businessDay has no option 'contry'"),
    ("businessDay(new Date())", "{country: 'DE'"),
    ("businessDay('Germany')", "no country 'Germany'"),
    ("new CheckerCase().assertNotEqual(true, 1)", "true is a boolean, 1 is a number"),
    ("new CheckerCase().assertTrue([1].values())", "not an iterator"),
    ("function* look() {}\nnew CheckerCase().assertTrue(look())", "not an iterator"),
    ("new CheckerCase().assertColumn([{a: 'x'}], 'b', /x/)", "no column 'b'"),
    ("new CheckerCase().assertGreaterThan(Math.min(...datasets.none.column('username')), 5)", "for an empty list"),
    ("new CheckerCase().assertLesThan(1, 2)", "CheckerCase has no 'assertLesThan'. Did you mean 'assertLessThan'?"),
    ("param('word', true)", "should be true or false"),
  ])
  func inJavaScript(source: String, message: String) async {
    expectTrouble(await Scripts.run(.javascript, source, parameters: ["word": "many"]), message)
  }

  @Test(arguments: [
    ("assertTrue(businessDay('DE', new Date('2024-05-17')))", true), ("assertTrue(businessDay('DE'))", false),
    ("assertFalse(businessDay({country: 'DE', at: '2024-12-25'}))", true), ("assertEqual(businessDay(), false)", true),
    ("assertColumn([{a: 'ok\\nbad!'}], 'a', /^[a-z]+$/m)", false), ("assertColumn([{a: 'abc'}], 'a', /a|abc/g)", true),
    ("assertBetween(5, 0, Infinity)", true), ("assertLessThan(Infinity, 5)", false),
    ("assertEqual(`${datasets.few}`, 'dataset few')", true), ("assertFalse(datasets.few == null)", true),
  ])
  func whatIsMeantGoesOnInJavaScript(call: String, holds: Bool) async {
    expect(await Scripts.javascript("new CheckerCase().\(call)"), holds: holds)
  }

  @Test func aNamespacesOwnCalendarIsAskedTheSame() async {
    let calendar = ["business_calendar": "export function businessDay({country, at} = {}) { return country === 'XX'; }"]
    let source = "new CheckerCase().assertTrue(businessDay('XX'))"
    expect(await Scripts.run(.javascript, source, libraries: calendar), holds: true)
    expectTrouble(
      await Scripts.run(.javascript, "businessDay({contry: 'XX'})", libraries: calendar), "no option 'contry'")
  }

  @Test func aColumnThatIsThereTwiceIsNamedTwice() async {
    expect(await Scripts.run(.python, "CheckerCase().assertColumns('x', ['x'])", data: TwiceData()), holds: false)
    expect(
      await Scripts.run(.javascript, "new CheckerCase().assertColumns('x', ['x'])", data: TwiceData()), holds: false)
    expect(await Scripts.run(.python, "CheckerCase().assertColumns('x', ['x', 'x'])", data: TwiceData()), holds: true)
  }

  private struct TwiceData: GuestData {
    func dataset(_ name: String) async throws(GuestDataError) -> ResultSet {
      var rows = ScriptData.rows(1)
      rows.columns[0].description.name = "x"
      rows.columns.append(rows.columns[0])
      return rows
    }

    func measure(_ dataset: String, expression: String, filter: String?) async throws(GuestDataError) -> MeasuredValue {
      MeasuredValue(.null)
    }
  }
}
