import Domain
import Foundation
import TestSupport
import Testing

@Suite("The service and a database in trouble") struct ServiceDatabaseTroubleTests {
  private let folder: ServiceFolder
  private let server: FrozenServer

  init() async throws {
    folder = try ServiceFolder()
    server = try await FrozenServer()
  }

  private func yaml() -> String {
    let intruder = server.uri.replacing("postgres@", with: "intruder@")
    return """
      version: 1
      namespace: shop
      data_sources:
        - {name: shop, driver: postgresql, uri: "\(server.uri)?connect_timeout=3", timeout: 1}
        - {name: no-rights, driver: postgresql, uri: "\(intruder)"}
        - {name: nobody-there, driver: postgresql, uri: "postgresql://postgres@127.0.0.1:1/shop"}
        - {name: elsewhere, driver: sqlite, uri: EMPTY_DB}
      datasets:
        - {name: all_users, data_source: shop, sql: SELECT id AS number FROM users}
        - {name: gone_table, data_source: shop, sql: SELECT * FROM vanished_table}
        - {name: endless, data_source: shop, sql: SELECT 1 AS one FROM pg_sleep(300)}
        - {name: forbidden, data_source: no-rights, sql: SELECT * FROM users}
        - {name: unreachable, data_source: nobody-there, sql: SELECT 1 AS one}
        - {name: fine, data_source: elsewhere, sql: SELECT 1 AS one}
      checkers:
        - {name: users, rules: [{check: row_count, dataset: all_users, must_be: 2}]}
        - {name: table, rules: [{check: row_count, dataset: gone_table}]}
        - {name: column, rules: [{check: missing, dataset: all_users, column: vanished_column}]}
        - {name: slow, rules: [{check: row_count, dataset: endless}]}
        - {name: rights, rules: [{check: row_count, dataset: forbidden}]}
        - {name: refused, rules: [{check: row_count, dataset: unreachable}]}
        - {name: fine, rules: [{check: row_count, dataset: fine}]}
      """
  }

  @Test("Each trouble is an error that names its object; the others go on")
  func everyTrouble() async throws {
    try await folder.declare(yaml(), due: Date(timeIntervalSince1970: 1_700_000_000))
    let service = try await folder.start()
    let troubles = [
      ("table", ["vanished_table", "'shop'"]), ("column", ["vanished_column", "'shop'", "number"]),
      ("slow", ["longer than 1 s", "'shop'"]), ("rights", ["users", "permission denied", "'no-rights'"]),
      ("refused", ["127.0.0.1", "port 1", "'nobody-there'"]),
    ]
    for (checker, words) in troubles {
      let state = try await service.state(of: "shop/\(checker)", says: "Erroring")
      for word in words { #expect(state.contains(word), "\(checker): \(state)") }
    }
    try await service.state(of: "shop/users", says: "Green")
    try await service.state(of: "shop/fine", says: "Green")
    #expect(try await service.stop() == 0)
    for checker in ["users", "table", "column", "slow", "rights", "refused", "fine"] {
      #expect(try await folder.runs(of: checker).count == 1, "\(checker)")
    }
  }

  @Test("A server that stops, comes back, and hangs: errors for as long as it lasts, and for its checkers alone")
  func stopAndFreeze() async throws {
    try await folder.declare(yaml())
    let service = try await folder.start()
    try await expect(service, users: "Green")
    try await server.stop()
    try await expect(service, users: "Erroring")
    try await server.start()
    try await expect(service, users: "Green")
    // Its connections are dead and nobody has said so yet.
    try await server.restart()
    try await expect(service, users: "Green")
    try await server.freeze()
    try await expect(service, users: "Erroring")
    let state = try await service.state(of: "shop/users")
    #expect(state.contains("'shop'"))
    try server.thaw()
    try await expect(service, users: "Green")
    try await server.run("ALTER TABLE users RENAME COLUMN id TO ident")
    try await expect(service, users: "Erroring")
    try await server.run("ALTER TABLE users RENAME COLUMN ident TO id")
    try await expect(service, users: "Green")
    #expect(try await service.stop() == 0)
    let runs = try await folder.runs(of: "users").map(\.outcome)
    #expect(runs == [.passed, .errored, .passed, .passed, .errored, .passed, .errored, .passed])
  }

  private func expect(_ service: RunningService, users state: String) async throws {
    try await service.runNow("shop/users")
    try await service.state(of: "shop/users", says: state)
    try await service.runNow("shop/fine")
    try await service.state(of: "shop/fine", says: "Green")
  }
}
