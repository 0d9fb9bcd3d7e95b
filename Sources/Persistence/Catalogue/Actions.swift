package import Domain
import Foundation
import GRDB

extension SQLiteStore {
  package func actions() async throws(StoreError) -> [Action] {
    try await read { database in
      try String.fetchAll(database, sql: "SELECT document FROM action ORDER BY name")
        .map { try Document.decode(Action.self, from: $0) }
    }
  }

  package func action(_ name: String) async throws(StoreError) -> Action? {
    try await read { database in
      try String.fetchOne(database, sql: "SELECT document FROM action WHERE name = ?", arguments: [name])
        .map { try Document.decode(Action.self, from: $0) }
    }
  }

  /// Adds or replaces. A rename carries over to the checkers that name the action (a new version of each) and to its
  /// deliveries.
  package func save(
    _ action: Action, replacing original: String?, expected: Action?
  ) async throws(StoreError) {
    try await write { database in
      if let expected { try Self.requireUnchanged(expected, "action", expected.name, "name = ?", database) }
      try Self.put(action, replacing: original, database)
    }
  }

  static func put(_ action: Action, replacing original: String?, _ database: Database) throws {
    let document = try Document.encode(action)
    if action.name != original {
      let taken = try Bool.fetchOne(
        database, sql: "SELECT EXISTS (SELECT 1 FROM action WHERE name = ?)", arguments: [action.name])
      if taken == true { throw StoreError.taken("action", action.name) }
    }
    guard let original else {
      return try database.execute(
        sql: "INSERT INTO action (name, document) VALUES (?, ?)", arguments: [action.name, document])
    }
    try database.execute(
      sql: "UPDATE action SET name = ?, document = ? WHERE name = ?", arguments: [action.name, document, original])
    guard database.changesCount == 1 else { throw StoreError.missing("action", original) }
    if action.name != original { try Self.carryOver(action: original, to: action.name, database) }
  }

  private static func carryOver(action original: String, to name: String, _ database: Database) throws {
    let users = try Int64.fetchAll(
      database, sql: "SELECT checker_id FROM checker_action WHERE action = ?", arguments: [original])
    for user in users {
      try CheckerWriter(database).revise(user, author: "renamed action \(original)", at: Date()) { checker in
        checker.actions = checker.actions.map { $0 == original ? name : $0 }
      }
    }
    try database.execute(sql: "UPDATE delivery SET action = ? WHERE action = ?", arguments: [name, original])
    try ToldActions(database).rename(original, to: name)
    try database.execute(sql: "DELETE FROM delivery_group WHERE action = ?", arguments: [original])
    for text in try String.fetchAll(database, sql: "SELECT document FROM action") {
      var other = try Document.decode(Action.self, from: text)
      guard other.fallback == original else { continue }
      other.fallback = name
      try database.execute(
        sql: "UPDATE action SET document = ? WHERE name = ?", arguments: [try Document.encode(other), other.name])
    }
  }

  /// Refused with `inUse` while a checker names it.
  package func deleteAction(_ name: String) async throws(StoreError) {
    try await write { database in
      let users = try Row.fetchAll(
        database,
        sql: """
          SELECT c.namespace, c.name FROM checker_action a JOIN checker c ON c.id = a.checker_id
          WHERE a.action = ? ORDER BY c.namespace, c.name
          """, arguments: [name])
      guard users.isEmpty else {
        throw StoreError.inUse(
          "The action \(name) is used by checkers",
          by: users.map { QualifiedName(namespace: $0[0], name: $0[1]).description })
      }
      try database.execute(sql: "DELETE FROM action WHERE name = ?", arguments: [name])
      guard database.changesCount == 1 else { throw StoreError.missing("action", name) }
      try ToldActions(database).forget(name)
      // What still waits is not for another of its name.
      try database.execute(
        sql: """
          UPDATE delivery SET state = 'failed', finished_at = ?, last_error = ? WHERE action = ? AND state = 'waiting'
          """, arguments: [Date().stored, "the action '\(name)' was deleted", name])
    }
  }
}
