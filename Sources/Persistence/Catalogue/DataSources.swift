package import Domain
import Foundation
import GRDB

extension SQLiteStore {
  package func dataSources() async throws(StoreError) -> [DataSource] {
    try await read { database in
      try String.fetchAll(database, sql: "SELECT document FROM data_source ORDER BY name")
        .map { try Document.decode(DataSource.self, from: $0) }
    }
  }

  package func dataSource(_ name: String) async throws(StoreError) -> DataSource? {
    try await read { database in
      try String.fetchOne(database, sql: "SELECT document FROM data_source WHERE name = ?", arguments: [name])
        .map { try Document.decode(DataSource.self, from: $0) }
    }
  }

  package func save(
    _ source: DataSource, replacing original: String?, expected: DataSource?
  ) async throws(StoreError) {
    try await write { database in
      if let expected { try Self.requireUnchanged(expected, "data source", expected.name, "name = ?", database) }
      try Self.put(source, replacing: original, database)
    }
  }

  static func put(_ source: DataSource, replacing original: String?, _ database: Database) throws {
    let document = try Document.encode(source)
    if source.name != original {
      let taken = try Bool.fetchOne(
        database, sql: "SELECT EXISTS (SELECT 1 FROM data_source WHERE name = ?)", arguments: [source.name])
      if taken == true { throw StoreError.taken("data source", source.name) }
    }
    guard let original else {
      return try database.execute(
        sql: "INSERT INTO data_source (name, document) VALUES (?, ?)", arguments: [source.name, document])
    }
    try database.execute(
      sql: "UPDATE data_source SET name = ?, document = ? WHERE name = ?",
      arguments: [source.name, document, original])
    guard database.changesCount == 1 else { throw StoreError.missing("data source", original) }
    if source.name != original {
      try Self.refuseRenaming(anOutageOf: original, database)
      try Self.carryOver(dataSource: original, to: source.name, database)
    }
  }

  /// Those who were told of an outage hear of its end under the same name.
  private static func refuseRenaming(anOutageOf name: String, _ database: Database) throws {
    let isDown = try Bool.fetchOne(
      database, sql: "SELECT EXISTS (SELECT 1 FROM outage WHERE subject = ?)",
      arguments: [SQLiteStore.key(Outage.Subject.dataSource(name))])
    if isDown == true {
      throw StoreError.conflict(
        "the data source '\(name)' cannot be reached, and people were told so under this name: rename it once it is "
          + "reached again")
    }
  }

  /// Gives the datasets, and the checkers that name its tables, the new name of a data source.
  private static func carryOver(dataSource original: String, to name: String, _ database: Database) throws {
    let rows = try Row.fetchAll(
      database, sql: "SELECT id, document FROM dataset WHERE data_source = ?", arguments: [original])
    for row in rows {
      var dataset = try Document.decode(Dataset.self, from: row[1])
      dataset.dataSource = name
      try database.execute(
        sql: "UPDATE dataset SET data_source = ?, document = ? WHERE id = ?",
        arguments: [name, try Document.encode(dataset), row[0] as Int64])
    }
    func inRunbook(_ runbook: String) -> String {
      RunbookCell.changed(in: runbook) { $0 == .sql(dataSource: original) ? .sql(dataSource: name) : nil }
    }
    let readers = try checkers(whoseRunbookSays: "sql \(original)", database).filter {
      inRunbook($0.checker.runbook) != $0.checker.runbook
    }.map(\.id)
    let users = try checkers(ofTablesIn: original, database).map { $0[0] as Int64 }
    for user in Set(users + readers).sorted() {
      try CheckerWriter(database).revise(user, author: "renamed data source \(original)", at: Date()) { checker in
        if checker.dataSource == original { checker.dataSource = name }
        checker.runbook = inRunbook(checker.runbook)
      }
    }
  }

  /// The id, namespace and name of each checker that names tables of a data source.
  private static func checkers(ofTablesIn source: String, _ database: Database) throws -> [Row] {
    try Row.fetchAll(
      database,
      sql: """
        SELECT c.id, c.namespace, c.name
        FROM checker c JOIN checker_version v ON v.checker_id = c.id AND v.version = c.version
        WHERE json_extract(v.document, '$.dataSource') = ? ORDER BY c.namespace, c.name
        """, arguments: [source])
  }

  package func deleteDataSource(_ name: String) async throws(StoreError) {
    try await write { database in
      let users = try Row.fetchAll(
        database, sql: "SELECT namespace, name FROM dataset WHERE data_source = ? ORDER BY namespace, name",
        arguments: [name])
      guard users.isEmpty else {
        throw StoreError.inUse(
          "The data source \(name) is used by datasets",
          by: users.map { QualifiedName(namespace: $0[0], name: $0[1]).description })
      }
      let checkers = try Self.checkers(ofTablesIn: name, database)
      guard checkers.isEmpty else {
        throw StoreError.inUse(
          "The tables of data source \(name) are used by checkers",
          by: checkers.map { QualifiedName(namespace: $0[1], name: $0[2]).description })
      }
      try database.execute(sql: "DELETE FROM data_source WHERE name = ?", arguments: [name])
      guard database.changesCount == 1 else { throw StoreError.missing("data source", name) }
    }
  }
}
