import Domain
import Sandbox
import Testing

@Suite struct DataTests {
  /// What a module gets when it asks for the users in one of the forms, by copy into its own buffer.
  private func users(as function: String) async -> GuestReport {
    await Guests.run(
      Guests.module(
        """
        (local $size i32)
        (local.set $size (call $d (i32.const 16) (i32.const 5) (i32.const 0) (i32.const 0)))
        (if (i32.ne (local.get $size) (call $d (i32.const 16) (i32.const 5) (i32.const 1024) (local.get $size)))
          (then unreachable))
        (call $ok (i32.const 1024) (local.get $size))
        """, imports: "(import \"checker\" \"\(function)\" (func $d (param i32 i32 i32 i32) (result i32)))"),
      data: Samples.data)
  }

  @Test func rowsComeAsCSV() async {
    let report = await users(as: "dataset")
    #expect(report.verdicts.first?.message == VerdictTests.csv)
    #expect(report.cost.datasetBytes == VerdictTests.csv.utf8.count)
    #expect(await users(as: "dataset_csv").verdicts.first?.message == VerdictTests.csv)
  }

  @Test func rowsComeAsJSON() async {
    let expected = #"""
      [{"id":1,"score":1.5,"active":true,"name":"Ada","balance":10.50,"note":null},
      {"id":2,"score":-2,"active":false,"name":"","balance":null,"note":null},
      {"id":3,"score":null,"active":true,"name":"say \"hi\",\nall","balance":-3,"note":null}]
      """#
    #expect(await users(as: "dataset_json").verdicts.first?.message == expected)
  }

  @Test func theSchemaComesAsJSON() async {
    let message = await users(as: "schema").verdicts.first?.message ?? ""
    #expect(message.hasPrefix(#"[{"name":"id","type":"integer","database_type":""},"#))
    #expect(message.contains(#"{"name":"balance","type":"decimal","database_type":""}"#))
  }

  /// Reads the table of `docs/wasm-abi.md` in WebAssembly itself.
  @Test func rowsComeAsColumns() async {
    let report = await Guests.run(
      Guests.module(
        """
        (local $size i32) (local $values i32)
        (local.set $size (call $d (i32.const 16) (i32.const 5) (i32.const 1024) (i32.const 60000)))
        (if (i32.ne (i32.load (i32.const 1024)) (i32.const 0x31434454)) (then unreachable))
        (if (i32.ne (i32.load (i32.const 1028)) (i32.const 3)) (then unreachable)) ;; rows
        (if (i32.ne (i32.load (i32.const 1032)) (i32.const 6)) (then unreachable)) ;; columns
        ;; The first column: 64-bit integers, no NULLs, 1 2 3.
        (if (i32.ne (i32.load (i32.const 1040)) (i32.const 1)) (then unreachable))
        (if (i32.load (i32.const 1056)) (then unreachable))
        (local.set $values (i32.add (i32.const 1024) (i32.load (i32.const 1060))))
        (if (i64.ne (i64.load offset=16 (local.get $values)) (i64.const 3)) (then unreachable))
        ;; Its name.
        (call $ok (i32.add (i32.const 1024) (i32.load (i32.const 1048))) (i32.load (i32.const 1052)))
        ;; The second: doubles, the third of which is NULL.
        (if (i32.ne (i32.load (i32.const 1072)) (i32.const 2)) (then unreachable))
        (if (i32.ne (i32.load8_u (i32.add (i32.const 1024) (i32.load (i32.const 1088)))) (i32.const 3)) (then unreachable))
        (local.set $values (i32.add (i32.const 1024) (i32.load (i32.const 1092))))
        (if (f64.ne (f64.load (local.get $values)) (f64.const 1.5)) (then unreachable))
        ;; The fourth: all of its texts, one after the other.
        (if (i32.ne (i32.load (i32.const 1136)) (i32.const 4)) (then unreachable))
        (call $ok (i32.add (i32.const 1024) (i32.load (i32.const 1160))) (i32.load (i32.const 1164)))
        """, imports: "(import \"checker\" \"dataset_columns\" (func $d (param i32 i32 i32 i32) (result i32)))"),
      data: Samples.data)
    #expect(report.trouble == nil)
    #expect(report.verdicts.map(\.message) == ["id", "Adasay \"hi\",\nall"])
  }

  private static let cursor = """
    (import "checker" "open" (func $open (param i32 i32) (result i32)))
    (import "checker" "next_row" (func $next (param i32) (result i32)))
    (import "checker" "rewind" (func $rewind (param i32)))
    (import "checker" "row_count" (func $rows (param i32) (result i32)))
    (import "checker" "column_count" (func $columns (param i32) (result i32)))
    (import "checker" "column" (func $column (param i32 i32 i32) (result i32)))
    (import "checker" "is_null" (func $null (param i32 i32) (result i32)))
    (import "checker" "get_i64" (func $i64 (param i32 i32) (result i64)))
    (import "checker" "get_f64" (func $f64 (param i32 i32) (result f64)))
    (import "checker" "get_bool" (func $bool (param i32 i32) (result i32)))
    (import "checker" "get_text" (func $text (param i32 i32 i32 i32) (result i32)))
    """

  @Test func rowsAreReadOneByOne() async {
    let report = await Guests.run(
      Guests.module(
        """
        (local $c i32) (local $sum i64) (local $active i32)
        (local.set $c (call $open (i32.const 16) (i32.const 5)))
        (if (i32.ne (call $rows (local.get $c)) (i32.const 3)) (then unreachable))
        (if (i32.ne (call $columns (local.get $c)) (i32.const 6)) (then unreachable))
        (if (i32.ne (call $column (local.get $c) (i32.const 64) (i32.const 4)) (i32.const 3)) (then unreachable))
        (if (i32.ne (call $column (local.get $c) (i32.const 64) (i32.const 3)) (i32.const -1)) (then unreachable))
        (block $end (loop $rows
          (br_if $end (i32.eqz (call $next (local.get $c))))
          (local.set $sum (i64.add (local.get $sum) (call $i64 (local.get $c) (i32.const 0))))
          (local.set $active (i32.add (local.get $active) (call $bool (local.get $c) (i32.const 2))))
          (br $rows)))
        (if (i64.ne (local.get $sum) (i64.const 6)) (then unreachable))
        (if (i32.ne (local.get $active) (i32.const 2)) (then unreachable))
        (if (call $next (local.get $c)) (then unreachable))
        (call $rewind (local.get $c))
        (drop (call $next (local.get $c)))
        (if (f64.ne (call $f64 (local.get $c) (i32.const 4)) (f64.const 10.5)) (then unreachable))
        (if (call $null (local.get $c) (i32.const 0)) (then unreachable))
        (if (i32.eqz (call $null (local.get $c) (i32.const 5))) (then unreachable))
        (call $ok (i32.const 128) (call $text (local.get $c) (i32.const 3) (i32.const 128) (i32.const 100)))
        """, imports: Self.cursor, more: "(data (i32.const 64) \"name\")"), data: Samples.data)
    #expect(report.trouble == nil)
    #expect(report.verdicts.map(\.message) == ["Ada"])
  }

  @Test(arguments: [
    ("(drop (call $next (i32.const 0)))", "cursor 0, which it did not open"),
    ("(drop (call $i64 (call $open (i32.const 16) (i32.const 5)) (i32.const 0)))", "next_row must come first"),
    (
      "(drop (call $next (call $open (i32.const 16) (i32.const 5)))) (drop (call $i64 (i32.const 0) (i32.const 6)))",
      "column 6; the dataset has these, from 0: id, score"
    ),
    (
      "(drop (call $next (call $open (i32.const 16) (i32.const 5)))) (drop (call $i64 (i32.const 0) (i32.const 3)))",
      "holds 'Ada', which is no whole number"
    ),
    (
      "(drop (call $next (call $open (i32.const 16) (i32.const 5)))) (drop (call $f64 (i32.const 0) (i32.const 3)))",
      "by get_f64, where it holds 'Ada', which is no number"
    ),
    ("(loop (drop (call $open (i32.const 16) (i32.const 5))) (br 0))", "more than 1000 cursors"),
  ]) func cursorsThatAreMisusedAreExplained(_ body: String, _ words: String) async {
    let report = await Guests.run(Guests.module(body, imports: Self.cursor), data: Samples.data)
    #expect(report.trouble?.message.contains(words) == true)
  }

  private static let measures = FixedData(measures: [
    "users|count(*)": .integer(3), "users|count(*)|name": .integer(1), "users|users": .decimal("2.50"),
  ])

  @Test func assertionsAreMadeByTheDatabase() async {
    let report = await Guests.run(
      Guests.module(
        """
        (if (call $less (i32.const 16) (i32.const 5) (i32.const 3) (i32.const 32) (i32.const 8)) (then unreachable))
        (call $none (i32.const 16) (i32.const 5) (i32.const 64) (i32.const 4) (i32.const 32) (i32.const 8))
        (if (i32.eqz (call $between (i32.const 16) (i32.const 5) (i32.const 16) (i32.const 5) (f64.const 2.5) (f64.const 3)
          (i32.const 32) (i32.const 8))) (then unreachable))
        (if (f64.ne (call $metric (i32.const 16) (i32.const 5) (i32.const 16) (i32.const 5)) (f64.const 2.5)) (then unreachable))
        (call $ok (i32.const 128) (call $text (i32.const 16) (i32.const 5) (i32.const 16) (i32.const 5) (i32.const 128) (i32.const 9)))
        """,
        imports: """
          (import "checker" "assert_rows_less_than" (func $less (param i32 i32 i32 i32 i32) (result i32)))
          (import "checker" "assert_no_rows" (func $none (param i32 i32 i32 i32 i32 i32)))
          (import "checker" "assert_metric_between" (func $between (param i32 i32 i32 i32 f64 f64 i32 i32) (result i32)))
          (import "checker" "metric" (func $metric (param i32 i32 i32 i32) (result f64)))
          (import "checker" "metric_text" (func $text (param i32 i32 i32 i32 i32 i32) (result i32)))
          """, more: "(data (i32.const 64) \"name\")"), data: Self.measures)
    #expect(report.trouble == nil)
    #expect(report.verdicts.map(\.passed) == [false, false, true, true])
    #expect(report.verdicts.map(\.expected) == ["less than 3 rows", "no rows", "users between 2.5 and 3", ""])
    #expect(report.verdicts[0].observed == .integer(3))
    #expect(report.verdicts[0].dataset == "users")
    #expect(report.verdicts[0].message == "all rows")
    #expect(report.verdicts[3].message == "2.50")
    #expect(report.cost.datasetBytes == 0)
  }

  @Test(arguments: [(Cell.null, "is NULL"), (.double(.nan), "is 'NaN'"), (.text("x"), "is 'x'")])
  func aMetricThatIsNoNumberIsAnErrorAndNoVerdict(cell: Cell, words: String) async {
    let report = await Guests.run(
      Guests.module(
        """
        (drop (call $between (i32.const 16) (i32.const 5) (i32.const 16) (i32.const 5) (f64.const 2.5) (f64.const 3)
          (i32.const 32) (i32.const 8)))
        """,
        imports: """
          (import "checker" "assert_metric_between" (func $between (param i32 i32 i32 i32 f64 f64 i32 i32) (result i32)))
          """), data: FixedData(measures: ["users|users": cell]))
    #expect(report.verdicts.isEmpty && report.trouble?.reason == .dataset)
    #expect(report.trouble?.message.contains(words) == true, "\(report)")
  }

  @Test func aMeasureThatTheDatabaseRefusesIsTrouble() async {
    let report = await Guests.run(
      Guests.module(
        "(drop (call $metric (i32.const 16) (i32.const 5) (i32.const 32) (i32.const 3)))",
        imports: "(import \"checker\" \"metric\" (func $metric (param i32 i32 i32 i32) (result f64)))"),
      data: Self.measures)
    #expect(report.trouble?.reason == .dataset)
    #expect(report.trouble?.message.contains("users|all") == true)
  }

  @Test func aGuestKnowsItsRunAndNothingElse() async {
    let report = await Guests.run(
      Guests.module(
        """
        (if (f64.ne (call $seconds) (f64.const 1700000000.5)) (then unreachable))
        (if (i64.ne (call $random) (i64.const -4767286540954276203)) (then unreachable))
        (call $ok (i32.const 128) (call $param (i32.const 16) (i32.const 5) (i32.const 128) (i32.const 100)))
        (if (i32.ne (call $param (i32.const 32) (i32.const 5) (i32.const 128) (i32.const 100)) (i32.const -1)) (then unreachable))
        (if (i32.ne (call $count) (i32.const 1)) (then unreachable))
        (call $ok (i32.const 128) (call $previous (i32.const 0) (i32.const 128) (i32.const 200)))
        (if (i32.ne (call $previous (i32.const 1) (i32.const 128) (i32.const 200)) (i32.const -1)) (then unreachable))
        (if (f64.ne (call $observed (i32.const 0) (i32.const 16) (i32.const 5)) (f64.const 12)) (then unreachable))
        """,
        imports: """
          (import "checker" "now" (func $seconds (result f64)))
          (import "checker" "random" (func $random (result i64)))
          (import "checker" "param" (func $param (param i32 i32 i32 i32) (result i32)))
          (import "checker" "previous_count" (func $count (result i32)))
          (import "checker" "previous" (func $previous (param i32 i32 i32) (result i32)))
          (import "checker" "previous_observed" (func $observed (param i32 i32 i32) (result f64)))
          """), parameters: ["users": "forty-two"],
      previous: [GuestContext.PreviousRun(startedAt: Guests.now, outcome: .failed, observed: ["users": 12])])
    #expect(report.trouble == nil)
    #expect(
      report.verdicts.map(\.message) == [
        "forty-two", #"{"started_at":1700000000.5,"outcome":"failed","observed":{"users":12}}"#,
      ])
  }
}
