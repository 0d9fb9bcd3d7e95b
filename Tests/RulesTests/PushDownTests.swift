import Domain
import Foundation
import Rules
import Testing

@Suite("Push-down") struct PushDownTests {
  private func request(_ check: String, _ sql: String, _ parameters: [String: Rule.Parameter] = [:]) -> PushDown.Request
  {
    .init(rule: Rule(check: check, dataset: "d", parameters: parameters), source: .query(sql))
  }

  private let email: [String: Rule.Parameter] = ["column": .scalar(.text("email"))]

  @Test("The end of a query is left off, and nothing that only looks like it") func ends() {
    let same = [
      "SELECT 1", "SELECT ';' -- a; b", "SELECT $$;$$", "SELECT 1 /* ; */", "SELECT \";\"", "SELECT 1; SELECT 2",
      "SELECT 1; 'no end",
    ]
    for sql in same { #expect(RowSource.subquery(sql) == "(\(sql)\n) AS dataset") }
    for end in [";", ";;", " ; -- end", ";\n/* ; */ ; ", "; -- 'a' ;"] {
      #expect(
        RowSource.subquery("SELECT ';' AS a" + end).replacing(" \n", with: "\n") == "(SELECT ';' AS a\n) AS dataset")
    }
  }

  @Test("All rules on one dataset become one statement") func oneStatement() {
    let sql = "SELECT email, count(*) AS n FROM users GROUP BY email"
    let plan = PushDown.plan(
      [request("row_count", sql), request("missing", sql, email), request("no_rows", sql)], dialect: .postgresql)
    #expect(plan.statements.count == 1)
    #expect(plan.statements[0].guarded == [sql])
    #expect(plan.statements[0].rules == [0, 1, 2])
  }

  @Test("A metric's statement is one of aggregates, and stays one that an index answers") func metric() {
    let expression: [String: Rule.Parameter] = ["expression": .scalar(.text("max(id)"))]
    func sql(_ dialect: SQLDialect) -> String {
      PushDown.plan([request("metric", "SELECT * FROM t", expression)], dialect: dialect).statements[0].sql
    }
    #expect(sql(.postgresql) == "SELECT (max(id)\n) FROM \"t\" HAVING true")
    #expect(sql(.sqlite) == "SELECT (max(id)\n) FROM \"t\"")
  }

  @Test("Equal aggregates are measured once") func merged() {
    let plan = PushDown.plan(
      [request("row_count", "SELECT * FROM t"), request("no_rows", "SELECT * FROM t")], dialect: .sqlite)
    #expect(plan.statements[0].columnCount == 1)
    #expect(plan.places[0] == plan.places[1])
  }

  @Test("Plain selects of one table share its scan, each with its own condition") func sharedScan() {
    let plan = PushDown.plan(
      [
        request("row_count", "SELECT username FROM users WHERE email IS NULL"),
        request("row_count", "SELECT * FROM users;"),
      ],
      dialect: .postgresql)
    #expect(plan.statements.map(\.sql) == ["SELECT count(*) FILTER (WHERE email IS NULL), count(*) FROM \"users\""])
    #expect(plan.statements[0].guarded.isEmpty)
  }

  @Test("A shared scan shows a rule no column that its dataset hides") func hiddenColumn() {
    let plan = PushDown.plan([request("missing", "SELECT username FROM users", email)], dialect: .postgresql)
    #expect(plan.statements[0].sql.contains("(SELECT username FROM users\n) AS dataset"))
  }

  @Test(
    "What is not surely a plain select stays whole",
    arguments: [
      "SELECT a FROM t JOIN u ON true", "SELECT a FROM t, u", "SELECT a AS b FROM t", "SELECT f(a) FROM t",
      "SELECT a FROM t WHERE f(a)", "SELECT a FROM t WHERE a IN (SELECT 1)", "SELECT a FROM t LIMIT 1",
      "SELECT a FROM t WHERE a = 1; DELETE FROM t", "SELECT a FROM t -- x", "SELECT DISTINCT a FROM t",
      "SELECT a FROM f(1)", "SELECT a FROM t WHERE \"f\"(a)", "SELECT a FROM t WHERE a = 'x",
      "SELECT a FROM t WHERE (a",
      "WITH t AS (SELECT 1) SELECT * FROM t", "SELECT a FROM t ORDER BY a", "SELECT a FROM t WHERE a = $1",
      "SELECT a FROM t WHERE a = 1) OR (1 = 1", "TABLE t", "SELECT count(*) FROM t",
    ]) func notPlain(sql: String)
  {
    #expect(PlainSelect(sql, dialect: .postgresql) == nil)
  }

  @Test(
    "Plain selects are recognised",
    arguments: [
      "select * from t", "SELECT a, \"B\" FROM s.\"T\"",
      "SELECT a FROM t WHERE lower(a) = 'x;y' AND (b > 1 OR c IS NULL)",
      "SELECT a FROM t WHERE d >= '2020-01-01'::date;",
    ]) func plain(sql: String)
  {
    #expect(PlainSelect(sql, dialect: .postgresql) != nil)
  }

  @Test("Distinct counts leave the shared scan alone") func uniqueAlone() {
    let plan = PushDown.plan(
      [request("unique", "SELECT * FROM t", email), request("row_count", "SELECT * FROM t")], dialect: .postgresql)
    #expect(plan.statements.count == 2)
    #expect(plan.statements[0].columnCount == 2)
  }

  @Test("Texts of which the database says so are compared by their bytes, others as it compares them") func bytewise() {
    let requests = [request("unique", "SELECT * FROM t WHERE id > 3", email)]
    #expect(TableFacts.columns(of: requests, dialect: .postgresql) == [.init(table: "\"t\"", name: "email")])
    #expect(TableFacts.columns(of: requests, dialect: .sqlite) == [])
    let facts = TableFacts(bytewise: [.init(table: "\"t\"", name: "email")])
    let sql = PushDown.plan(requests, dialect: .postgresql, facts: facts).statements[0].sql
    #expect(sql.contains("count(DISTINCT \"email\" COLLATE \"C\")"))
    let other = TableFacts(bytewise: [.init(table: "\"u\"", name: "email")])
    #expect(!PushDown.plan(requests, dialect: .postgresql, facts: other).statements[0].sql.contains("COLLATE"))
  }

  @Test("No statement holds more patterns than the database caches") func patterns() {
    let requests = (0..<60).map { number in
      request("pattern", "SELECT * FROM t", ["column": .scalar(.text("c")), "pattern": .scalar(.text("^x\(number)"))])
    }
    let plan = PushDown.plan(requests, dialect: .postgresql)
    for statement in plan.statements {
      #expect(statement.sql.components(separatedBy: " ~ ").count - 1 <= 24)
    }
    #expect(Set(plan.statements.flatMap(\.rules)) == Set(0..<60))
  }

  @Test("A table shares one scan with the plain datasets over it, however they spell its name") func oneScan() {
    let spellings = ["SELECT * FROM Shop.Orders", "select id from shop.orders", "SELECT * FROM \"shop\".\"orders\""]
    let table = PushDown.Request(rule: Rule(check: "row_count", dataset: "shop.orders"), source: .table("shop.orders"))
    let datasets = spellings.map { request("no_rows", $0) }
    #expect(PushDown.plan([table] + datasets, dialect: .postgresql).statements.count == 1)
    let other = [request("no_rows", "SELECT * FROM \"Orders\""), request("no_rows", "SELECT * FROM Orders")]
    #expect(PushDown.plan(other, dialect: .postgresql).statements.count == 2)
  }

  @Test("A pattern that is only a beginning is said as one") func beginning() {
    func sql(_ pattern: String) -> String {
      PushDown.plan(
        [request("pattern", "SELECT * FROM t", ["column": .scalar(.text("c")), "pattern": .scalar(.text(pattern))])],
        dialect: .postgresql
      ).statements[0].sql
    }
    #expect(sql("^note ").contains("(\"c\")::text COLLATE \"C\" LIKE 'note %'"))
    #expect(sql("^50%_").contains("LIKE '50\\%\\_%'"))
    for pattern in ["^", "note ", "^note.", "^note$", "^no|te", "^a'b", "^a\\d", "^é"] {
      #expect(!sql(pattern).contains("LIKE"), "\(pattern)")
    }
  }

  @Test("A fixed-length pattern is said in a faster way, and only when that is the same") func rewriting() {
    func sql(_ pattern: String) -> String {
      PushDown.plan(
        [request("pattern", "SELECT * FROM t", ["column": .scalar(.text("c")), "pattern": .scalar(.text(pattern))])],
        dialect: .postgresql
      ).statements[0].sql
    }
    #expect(sql("^SKU-[0-9]{6}$").contains("length((\"c\")::text) = 10 AND (\"c\")::text ~ '^SKU-[0-9]+$'"))
    #expect(sql("^[+][0-9]{11}$").contains("= 12 AND"))
    for pattern in [
      "^[0-9]{1}$", "^[0-9]{1000}$", "^[]{2}$", "^[é]{2}$", "^[0-9]{2}$x", "^a|b{3}$", "^[0-9]{2,3}$", "[0-9]{6}$",
      "^(ab){3}$", "^a?[0-9]{6}$", "(?n)^[0-9]{6}$",
    ] {
      #expect(!sql(pattern).contains("length("))
    }
  }
}
