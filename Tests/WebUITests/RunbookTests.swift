import CheckFiles
import Checking
import Domain
import Foundation
import HTTPTypes
import Persistence
import Testing

@testable import WebUI

@Suite struct RunbookTests {
  private let path = "/checkers/shop/emails"

  private func red(_ runbook: String) async throws -> (SiteFixture, Visitor) {
    let site = try await SiteFixture()
    var checker = Checker.users
    checker.runbook = runbook
    try await site.addShop([checker])
    _ = try await site.service.runNow(checker.id, trigger: .manual)
    return (site, Visitor(site))
  }

  private func run(_ number: Int, _ visitor: Visitor) async throws -> String {
    let form = try await visitor.get(path).body
    let token = try #require(form.firstMatch(of: /name="csrf" value="([^"]*)"/)).1
    return try await visitor.post(
      "\(path)/runbook/\(number)", fields: [("csrf", String(token))], headers: ["HX-Request": "true"]
    ).body
  }

  @Test func `Queries of a runbook run with the values of the failing run, and are pinned to its history`() async throws
  {
    let (site, visitor) = try await red(
      """
      1. Look at it:

         ```dataset users
         id = :id AND name <> ':id' -- :nothing
         ```
      2. Count:

      ```sql
      SELECT :observed AS found, ':observed' AS text, :name AS who
      ```

      ```
      SELECT 1
      ```
      """)
    let page = try await visitor.get(path).body
    #expect(page.contains("Run the dataset users") && page.contains("\(path)/runbook/2\""))
    #expect(!page.contains("\(path)/runbook/3\""), "a block without a word is an example")
    let rows = try await run(1, visitor)
    #expect(rows.contains(">bob<") && !rows.contains(">ana<") && !rows.contains("<html"), "\(rows)")
    let count = try await run(2, visitor)
    #expect(count.contains(">1<") && count.contains(">:observed<") && count.contains(">bob<"), "\(count)")
    let history = try await visitor.get("\(path)/history").body
    #expect(history.contains("Administrator ran a query of the runbook"))
    #expect(history.contains("dataset users, 1 row\nid | name | email\n2 | bob | null"))
    await site.stop()
  }

  @Test func `Values of the data stay values, whatever is in them`() async throws {
    let (site, visitor) = try await red("```sql\nSELECT :name AS who, length(:name) AS long\n```")
    try await site.service.save(
      Dataset(
        id: QualifiedName(namespace: "shop", name: "users"), dataSource: "shop",
        sql: "SELECT 1 AS id, 'x'' UNION SELECT sqlite_version(), 2 --' AS name, NULL AS email"),
      replacing: QualifiedName(namespace: "shop", name: "users"))
    _ = try await site.service.runNow(Checker.users.id, trigger: .manual)
    let rows = try await run(1, visitor)
    #expect(rows.contains("x&#39; UNION SELECT sqlite_version(), 2 --"), "\(rows)")
    #expect(rows.contains("1 row"))
    await site.stop()
  }

  @Test func `What cannot run says why, and writes nothing`() async throws {
    let (site, visitor) = try await red(
      """
      ```sql
      SELECT :obsreved
      ```
      ```dataset userz
      ```
      ```sql shopp
      SELECT 1
      ```
      ```sql
      DELETE FROM users
      ```
      ```sql
      SELECT 'open
      ```
      """)
    for (number, problem) in [
      (1, "did you mean &#39;:observed&#39;?"), (2, "did you mean &#39;users&#39;?"),
      (3, "There is no data source &#39;shopp&#39;; did you mean &#39;shop&#39;?"), (4, "Nothing to run"),
      (5, "A text has no end."),
    ] {
      let body = try await run(number, visitor)
      #expect(body.contains(problem), "\(number): \(body)")
    }
    #expect(!(try await visitor.get("\(path)/history").body.contains("ran a query")))
    let missing = try await visitor.post("\(path)/runbook/9", from: path)
    #expect(missing.status == 404)
    await site.stop()
  }

  @Test func `A checker that has not run yet has no values`() async throws {
    let fixture = try await APIFixture()
    try await fixture.fill()
    let checker = APIFixture.checker.replacing(
      "\"owner\"", with: #""runbook": "```sql\nSELECT :observed AS found\n```", "owner""#)
    #expect(try await fixture.call(.put, "/checkers/shop/emails", checker).status == 200)
    let early = try await fixture.call(.post, "/checkers/shop/emails/runbook/1")
    #expect(early.status == 422 && early.text.contains("has not run yet"))
    _ = try await fixture.call(.post, "/checkers/shop/emails/run")
    let answer = try await fixture.call(.post, "/checkers/shop/emails/runbook/1")
    #expect(answer.json["rows"] == [[2]] && answer.json["sql"] == "SELECT 2 AS found\n", "\(answer.text)")
    #expect(answer.json["data_source"] == "shop")
    #expect(try await fixture.call(.post, "/checkers/shop/emails/runbook/x").status == 404)
  }
}
