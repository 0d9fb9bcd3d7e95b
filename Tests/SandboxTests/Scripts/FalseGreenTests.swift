import Domain
import Testing

/// A script that could not look is never well: what a run lost on the way is its error.
@Suite struct FalseGreenTests {
  @Test(arguments: [
    ("async function look() { throw new Error('lost'); }\nlook();\nok('stated');", "Error: lost", 1),
    ("ok('stated');\nPromise.reject(new TypeError('lost'));", "TypeError: lost", 2),
    ("ok('stated');\nPromise.resolve().then(() => { throw new Error('lost'); });", "Error: lost", 2),
    ("ok('stated');\nqueueMicrotask(() => { throw new Error('lost'); });", "Error: lost", 2),
    ("ok('stated');\nconst later = async () => { await null; return datasets.fex.length; };\nlater();", "fex", 2),
  ])
  func aPromiseThatNobodyWaitsForIsNotLost(source: String, message: String, line: Int) async {
    let report = await Scripts.javascript(source)
    #expect(report.verdicts.map(\.message) == ["stated"])
    #expect(report.trouble?.message.contains(message) == true, "\(report)")
    #expect(report.trouble?.line == line)
  }

  @Test(arguments: [
    "Promise.reject(new Error('known')).catch(() => {}); ok()",
    "const lost = Promise.reject(new Error('known')); await lost.catch(() => {}); ok()",
    "async function look() { throw new Error('known'); }\ntry { await look(); } catch (error) { ok(error.message); }",
    "await Promise.all([Promise.resolve(1), null]); ok()",
  ])
  func aPromiseThatIsLookedAfterIsNoTrouble(source: String) async {
    let report = await Scripts.javascript(source)
    #expect(report.trouble == nil && report.verdicts.count == 1, "\(report)")
  }

  @Test(arguments: [
    "const again = () => Promise.resolve().then(again); again()", "const again = () => queueMicrotask(again); again()",
    "const again = async () => { await null; again(); }; again()",
  ])
  func endlessJobsAreStopped(source: String) async {
    let report = await Scripts.javascript("ok('stated');\n" + source, limits: Scripts.short)
    #expect([.deadline, .memory].contains(report.trouble?.reason), "\(report)")
  }

  @Test(arguments: [
    ("try:\n    len(datasets['order'])\nexcept Exception:\n    pass\nok('on')", ScriptLanguage.python),
    ("try:\n    metric('orders', 'nonsense(x)')\nexcept:\n    pass\nok('on')", .python),
    ("try { datasets.order.length } catch {}\nok('on')", .javascript),
    ("try { metric('orders', 'nonsense(x)') } catch {}\nok('on')", .javascript),
  ])
  func dataThatCouldNotBeHadAreAnErrorAlsoWhenTheScriptGoesOn(source: String, language: ScriptLanguage) async {
    let report = await Scripts.run(language, source)
    #expect(report.verdicts.map(\.message) == ["on"])
    #expect([.unknownDataset, .dataset].contains(report.trouble?.reason), "\(report)")
    #expect(report.trouble?.message.contains("error.accept()") == true)
    #expect(report.trouble?.line != nil)
  }

  @Test(arguments: [
    (
      "try:\n    n = len(datasets['replica'])\nexcept DatasetError as error:\n    error.accept()\n    n = len(datasets['few'])\n"
        + "CheckerCase().assertEqual(n, 3)", ScriptLanguage.python
    ),
    ("CheckerCase().assertFalse('replica' in datasets)", .python),
    (
      "let n; try { n = datasets.replica.length } catch (error) { error.accept(); n = datasets.few.length }\n"
        + "new CheckerCase().assertEqual(n, 3)", .javascript
    ),
    ("new CheckerCase().assertFalse('replica' in datasets)", .javascript),
  ])
  func aScriptMaySayThatItCanDoWithoutTheData(source: String, language: ScriptLanguage) async {
    let report = await Scripts.run(language, source)
    #expect(report.trouble == nil && report.verdicts.map(\.passed) == [true], "\(report)")
  }

  @Test(arguments: [
    "assertLessThan('1000000', 42)", "assertGreaterThan('1', 0)", "assertBetween('5', 1, 10)",
    "assertLessThan(1, '42')",
  ])
  func aTextIsNoNumber(call: String) async {
    for report in [
      await Scripts.python("CheckerCase().\(call)"), await Scripts.javascript("new CheckerCase().\(call)"),
    ] {
      #expect(report.verdicts.isEmpty)
      #expect(report.trouble?.message.contains("cannot compare") == true, "\(report)")
    }
  }

  @Test(arguments: [
    ("assertBetween(5, 10, 1)", "10 is more than 1"), ("assertColumns('few', 'username')", "names is a list"),
    ("assertUnique('orders', 'amont paid')", "no column 'amont paid'"),
  ])
  func aMistakeOfTheAuthorIsAnError(call: String, message: String) async {
    let data = PaidData()
    for report in [
      await Scripts.run(.python, "CheckerCase().\(call)", data: data),
      await Scripts.run(.javascript, "new CheckerCase().\(call)", data: data),
    ] {
      #expect(report.verdicts.isEmpty)
      #expect(report.trouble?.message.contains(message) == true, "\(report)")
    }
  }

  @Test func aValueThatIsLeftOutIsAnErrorInJavaScriptToo() async {
    let report = await Scripts.javascript("new CheckerCase().assertEqual(1)")
    #expect(
      report.trouble?.message.contains("assertEqual needs 2 values before its message, not 1") == true, "\(report)")
  }

  @Test func aColumnThatARowHasNotIsAnErrorInJavaScriptToo() async {
    let report = await Scripts.javascript("for (const row of datasets.few) ok(row.usernme)")
    #expect(report.trouble?.message.contains("no column 'usernme'. Did you mean 'username'?") == true, "\(report)")
    let rows = await Scripts.javascript(
      """
      const [row] = datasets.few;
      row.note = 'mine';
      ok(JSON.stringify(row) + `${row}` + ('usernme' in row) + row.note + Object.keys({...row}));
      """)
    #expect(rows.verdicts.map(\.message) == [#"{"username":"u0","note":"mine"}[object Object]falsemineusername,note"#])
  }

  @Test func aFloatBesideADecimalCountsAsItIsWritten() async {
    let report = await Scripts.python(
      """
      from decimal import Decimal
      case = CheckerCase()
      case.assertEqual(Decimal('10.10'), 10.1)
      case.assertAlmostEqual(Decimal('10.1'), 10.1000000001)
      case.assertGreaterThanOrEqual(Decimal('0.1'), 0.1)
      case.assertBetween(Decimal('0.3'), 0.3, 0.3)
      """)
    #expect(report.trouble == nil && report.verdicts.map(\.passed) == [true, true, true, true], "\(report)")
  }

  @Test func whatADatabaseComputesHasItsType() async {
    let python = await Scripts.python(
      """
      import datetime
      case = CheckerCase()
      case.assertEqual(metric('orders', 'max(day)'), datetime.date(2024, 2, 29))
      case.assertEqual(metric('orders', 'max(at)'), datetime.datetime(2024, 5, 18, 2))
      case.assertEqual(metric('orders', 'max(id)'), 9223372036854775807)
      """)
    #expect(python.trouble == nil && python.verdicts.map(\.passed) == [true, true, true], "\(python)")
    let javascript = await Scripts.javascript(
      """
      const check = new CheckerCase();
      check.assertEqual(metric('orders', 'max(day)'), new Date('2024-02-29'));
      check.assertEqual(metric('orders', 'max(at)'), new Date('2024-05-18T02:00:00Z'));
      check.assertEqual(metric('orders', 'max(id)'), 9223372036854775807n);
      """)
    #expect(javascript.trouble == nil && javascript.verdicts.map(\.passed) == [true, true, true], "\(javascript)")
  }

  /// What the limits of a data source leave of a large dataset.
  private struct LargeData: GuestData {
    func dataset(_ name: String) async throws(GuestDataError) -> ResultSet {
      var rows = ScriptData.rows(100)
      rows.isTruncated = true
      rows.totalRows = 250_000
      return rows
    }

    func measure(_ dataset: String, expression: String, filter: String?) async throws(GuestDataError) -> MeasuredValue {
      MeasuredValue(.integer(250_000), type: .integer)
    }
  }

  private struct AwayData: GuestData {
    func dataset(_ name: String) async throws(GuestDataError) -> ResultSet {
      throw GuestDataError(.query, "dataset '\(name)': nobody answers")
    }

    func measure(_ dataset: String, expression: String, filter: String?) async throws(GuestDataError) -> MeasuredValue {
      throw GuestDataError(.query, "dataset '\(dataset)': nobody answers")
    }
  }

  @Test(arguments: [
    ("'few' in datasets or ok('not there')", ScriptLanguage.python),
    ("ok(str(datasets.get('few', [])))", .python), ("'few' in datasets || ok('not there')", .javascript),
  ])
  func aDatabaseThatIsAwayDoesNotSayThatThereIsNoDataset(source: String, language: ScriptLanguage) async {
    let report = await Scripts.run(language, source, data: AwayData())
    #expect(report.verdicts.isEmpty && report.trouble?.reason == .dataset, "\(report)")
  }

  private struct PaidData: GuestData {
    func dataset(_ name: String) async throws(GuestDataError) -> ResultSet {
      var rows = ScriptData.rows(1)
      if name == "orders" { rows.columns[0].description.name = "amount paid" }
      return rows
    }

    func measure(_ dataset: String, expression: String, filter: String?) async throws(GuestDataError) -> MeasuredValue {
      MeasuredValue(.null)
    }
  }

  @Test(arguments: [ScriptLanguage.python, .javascript])
  func aDatasetWithMoreRowsThanCanBeReadIsCounted(language: ScriptLanguage) async throws {
    let make = language == .python ? "CheckerCase()" : "new CheckerCase()"
    let counted = await Scripts.run(
      language, "\(make).assertLessThan(datasets['users_with_email_null'], 42, 'There should be less than 42 users')",
      data: LargeData())
    let verdict = try #require(counted.verdicts.first, "\(counted)")
    #expect(counted.trouble == nil && !verdict.passed)
    #expect(verdict.observed == .integer(250_000))
    #expect(verdict.sample?.rows.count == 20 && verdict.sample?.total == 250_000)

    let read = await Scripts.run(language, "\(make).assertUnique('users', 'username')", data: LargeData())
    #expect(read.trouble?.reason == .tooMuchData)
    #expect(read.trouble?.message.contains("has 250000 rows") == true, "\(read)")
  }
}
