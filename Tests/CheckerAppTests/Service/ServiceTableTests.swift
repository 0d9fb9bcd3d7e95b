import Domain
import Foundation
import TestSupport
import Testing

/// Rules on a table in place of a dataset.
@Suite("Tables in place of datasets") struct ServiceTableTests {
  private let folder: ServiceFolder
  private let program: Program

  init() throws {
    folder = try ServiceFolder()
    program = try Program()
    try program.database("shop.db", "CREATE TABLE users (email TEXT); INSERT INTO users VALUES (NULL)")
    try program.database("other.db", "CREATE TABLE users (email TEXT)")
    _ = try program.write(Self.file, to: "shop.yaml")
    _ = try program.write(Self.other, to: "other.yaml")
  }

  private static let file = """
    version: 1
    namespace: shop
    data_sources:
      - {name: shop, driver: sqlite, uri: ./shop.db}
    checkers:
      - {name: rows, rules: [{check: row_count, dataset: users, must_be: 1}]}

    """
  private static let other = """
    version: 1
    namespace: elsewhere
    data_sources:
      - {name: other, driver: sqlite, uri: ./other.db}
    datasets:
      - {name: people, data_source: other, sql: SELECT * FROM users}

    """

  private func run(_ service: RunningService, _ arguments: String...) throws -> Program.Result {
    try program.run(arguments, on: service)
  }

  @Test("A checker keeps to the data source whose table it named, whatever comes to the service") func kept()
    async throws
  {
    let service = try await folder.start()
    #expect(try run(service, "apply", "shop.yaml").status == 0)
    #expect(try run(service, "apply", "other.yaml").status == 0)
    // A dataset of its own namespace on another data source, too.
    let taking = Self.other.replacing("elsewhere", with: "shop").replacing("people", with: "users")
    _ = try program.write(taking, to: "taking.yaml")
    let refused = try run(service, "apply", "taking.yaml")
    #expect(
      refused.status != 0 && refused.errors.contains("checker shop/rows looks at the table 'users'"), "\(refused)")
    let fields = ["namespace": "shop", "name": "users", "data_source": "other", "sql": "SELECT 1 AS a"]
    let posted = try await service.site.call("POST", "/datasets", fields)
    #expect(posted.status == 422 && posted.body.contains("choose another name"), "\(posted.body)")
    let more = Self.other.replacing("elsewhere", with: "shop")
    _ = try program.write(more, to: "more.yaml")
    #expect(try run(service, "apply", "more.yaml").status == 0)
    try await service.runNow("shop/rows")
    try await service.state(of: "shop/rows", says: "Green")
    _ = try program.write(
      Self.file.replacing("must_be: 1}", with: "must_be: 1, keys: [emial]}"), to: "keys.yaml")
    let keys = try run(service, "apply", "keys.yaml")
    #expect(keys.status != 0 && keys.errors.contains("did you mean 'email'?"), "\(keys)")
    let again = try run(service, "apply", "shop.yaml")
    #expect(again.status == 0 && again.output.hasSuffix("0 added, 0 changed, 2 as they were\n"), "\(again)")
    #expect(try run(service, "export").output.contains("    data_source: shop\n    rules:\n"))
    let form = try await service.site.get("/checkers/shop/rows/edit").body
    #expect(form.contains(#"<option value="shop" selected>shop</option>"#))
    #expect(try await service.site.call("DELETE", "/data-sources/shop").status == 409)
    #expect(try await service.stop() == 0)
  }

  @Test("What passes by itself is taken by a service that has other data sources") func taken() async throws {
    let service = try await folder.start()
    #expect(try run(service, "apply", "other.yaml").status == 0)
    #expect(try program.run("check", "shop.yaml").status == 0)
    let taken = try run(service, "apply", "shop.yaml")
    #expect(taken.status == 0, "\(taken)")
    try await service.runNow("shop/rows")
    try await service.state(of: "shop/rows", says: "Green")
    #expect(try await service.stop() == 0)
  }

  @Test("Where it is in doubt, all data sources are named, and what to write") func doubt() async throws {
    let service = try await folder.start()
    let both = Self.file.replacing(
      "checkers:", with: "  - {name: other, driver: sqlite, uri: ./other.db}\ncheckers:")
    _ = try program.write(both, to: "both.yaml")
    let words = ["no dataset 'users'", "'data_source: other'", "'other', 'shop'"]
    let refused = try run(service, "apply", "both.yaml")
    #expect(refused.status == 64)
    for word in words { #expect(refused.errors.contains(word), "\(refused)") }
    let checked = try program.run("check", "both.yaml")
    #expect(checked.status == 3)
    for word in words { #expect(checked.output.contains(word), "\(checked)") }
    let said = both.replacing("{name: rows,", with: "{name: rows, data_source: shop,")
    _ = try program.write(said, to: "both.yaml")
    #expect(try program.run("check", "both.yaml").status == 0)
    #expect(try run(service, "apply", "both.yaml").status == 0)
    _ = try program.write(said.replacing("data_source: shop", with: "data_source: shp"), to: "both.yaml")
    let unknown = try run(service, "apply", "both.yaml")
    #expect(unknown.status == 64 && unknown.errors.contains("no data source 'shp'; did you mean 'shop'?"), "\(unknown)")
    #expect(try program.run("check", "both.yaml").errors.contains("no data source 'shp'; did you mean 'shop'?"))
    #expect(try await service.stop() == 0)
  }

  @Test("A name that is neither a dataset nor a table is refused with the nearest one") func neither() async throws {
    let service = try await folder.start()
    _ = try program.write(Self.file.replacing("dataset: users", with: "dataset: usres"), to: "shop.yaml")
    let refused = try run(service, "apply", "shop.yaml")
    #expect(refused.status == 64 && refused.errors.contains("did you mean 'users'?"), "\(refused)")
    #expect(try await service.stop() == 0)
  }
}
