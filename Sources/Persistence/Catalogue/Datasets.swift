package import Domain
import Foundation
import GRDB

extension SQLiteStore {
  package func datasets() async throws(StoreError) -> [Dataset] {
    try await read { database in
      try String.fetchAll(database, sql: "SELECT document FROM dataset ORDER BY namespace, name")
        .map { try Document.decode(Dataset.self, from: $0) }
    }
  }

  package func dataset(_ id: QualifiedName) async throws(StoreError) -> Dataset? {
    try await read { database in
      try String.fetchOne(
        database, sql: "SELECT document FROM dataset WHERE namespace = ? AND name = ?",
        arguments: [id.namespace, id.name]
      ).map { try Document.decode(Dataset.self, from: $0) }
    }
  }

  /// Adds or replaces. A rename carries over to the rules that name the dataset: their checkers get a new version, so
  /// that a form somebody has open on one of them does not bring the old name back.
  package func save(
    _ dataset: Dataset, replacing original: QualifiedName?, expected: Dataset?
  ) async throws(StoreError) {
    try await write { database in
      if let expected {
        let named = "namespace || '/' || name = ?"
        try Self.requireUnchanged(expected, "dataset", expected.id.description, named, database)
      }
      try Self.put(dataset, replacing: original, database)
    }
  }

  /// Somebody else's edit is not written over. What is gone is none.
  /// - Parameters:
  ///   - kind: As people call it; its table has the same name, in one word.
  ///   - condition: What tells it from others, with `?` for `name`.
  static func requireUnchanged<Value: Codable & Equatable>(
    _ expected: Value, _ kind: String, _ name: String, _ condition: String, _ database: Database
  ) throws {
    let table = kind.replacing(" ", with: "_")
    let document = try String.fetchOne(
      database, sql: "SELECT document FROM \(table) WHERE \(condition)", arguments: [name])
    guard let document, try Document.decode(Value.self, from: document) != expected else { return }
    throw StoreError.conflict(
      "The \(kind) \(name) was changed after it was opened. Open it again and repeat the edit.")
  }

  static func put(_ dataset: Dataset, replacing original: QualifiedName?, _ database: Database) throws {
    let id = dataset.id
    let document = try Document.encode(dataset)
    if id != original {
      let taken = try Bool.fetchOne(
        database, sql: "SELECT EXISTS (SELECT 1 FROM dataset WHERE namespace = ? AND name = ?)",
        arguments: [id.namespace, id.name])
      if taken == true { throw StoreError.taken("dataset", id) }
    }
    guard let original else {
      return try database.execute(
        sql: "INSERT INTO dataset (namespace, name, data_source, document) VALUES (?, ?, ?, ?)",
        arguments: [id.namespace, id.name, dataset.dataSource, document])
    }
    try database.execute(
      sql:
        "UPDATE dataset SET namespace = ?, name = ?, data_source = ?, document = ? WHERE namespace = ? AND name = ?",
      arguments: [id.namespace, id.name, dataset.dataSource, document, original.namespace, original.name])
    guard database.changesCount == 1 else { throw StoreError.missing("dataset", original) }
    if id != original { try Self.carryOver(dataset: original, to: id, database) }
  }

  private static func carryOver(dataset original: QualifiedName, to id: QualifiedName, _ database: Database) throws {
    let users = try Int64.fetchAll(
      database, sql: "SELECT checker_id FROM checker_dataset WHERE namespace = ? AND name = ?",
      arguments: [original.namespace, original.name])
    let readers = try checkers(whoseRunbookSays: "dataset ", database).filter { reader in
      reader.checker.renamingInRunbook(original, to: id) != reader.checker.runbook
    }.map(\.id)
    for user in Set(users + readers).sorted() {
      try CheckerWriter(database).revise(user, author: "renamed dataset \(original)", at: Date()) { checker in
        checker.renameDataset(original, to: id)
      }
    }
  }

  /// The newest versions of checkers with such words somewhere, the runbook among others.
  static func checkers(
    whoseRunbookSays words: String, _ database: Database
  ) throws -> [(id: Int64, checker: Checker)] {
    try Row.fetchAll(
      database,
      sql: """
        SELECT c.id, v.document FROM checker c JOIN checker_version v ON v.checker_id = c.id AND v.version = c.version
        WHERE instr(json_extract(v.document, '$.runbook'), ?)
        """, arguments: [words]
    ).map { (id: $0[0], checker: try Document.decode(Checker.self, from: $0[1])) }
  }

  package func deleteDataset(_ id: QualifiedName) async throws(StoreError) {
    try await write { database in
      let users = try Row.fetchAll(
        database,
        sql: """
          SELECT c.namespace, c.name FROM checker_dataset d JOIN checker c ON c.id = d.checker_id
          WHERE d.namespace = ? AND d.name = ? ORDER BY c.namespace, c.name
          """, arguments: [id.namespace, id.name])
      guard users.isEmpty else {
        throw StoreError.inUse(
          "The dataset \(id) is used by checkers",
          by: users.map { QualifiedName(namespace: $0[0], name: $0[1]).description })
      }
      try database.execute(
        sql: "DELETE FROM dataset WHERE namespace = ? AND name = ?", arguments: [id.namespace, id.name])
      guard database.changesCount == 1 else { throw StoreError.missing("dataset", id) }
    }
  }
}

extension Checker {
  /// The datasets that it is seen to name.
  var datasets: Set<QualifiedName> {
    Set(body.datasetNames.map { QualifiedName($0, defaultNamespace: id.namespace) })
  }

  func renamingInRunbook(_ original: QualifiedName, to new: QualifiedName) -> String {
    RunbookCell.changed(in: runbook) { source in
      guard case .dataset(let name) = source, QualifiedName(name, defaultNamespace: id.namespace) == original else {
        return nil
      }
      return .dataset(new.namespace == id.namespace ? new.name : new.description)
    }
  }

  mutating func renameDataset(_ original: QualifiedName, to new: QualifiedName) {
    runbook = renamingInRunbook(original, to: new)
    let text = new.namespace == id.namespace ? new.name : new.description
    switch body {
    case .rules(var rules):
      for index in rules.indices
      where QualifiedName(rules[index].dataset, defaultNamespace: id.namespace) == original {
        rules[index].dataset = text
      }
      body = .rules(rules)
    case .script(var script):
      for name in DatasetNames.named(in: script)
      where QualifiedName(name, defaultNamespace: id.namespace) == original {
        script.source = DatasetNames.rename(name, to: text, in: script)
      }
      body = .script(script)
    case .heartbeat: break
    case .module:
      // The name stands in the compiled code, out of reach: the module says so when it asks for it.
      break
    }
  }
}
