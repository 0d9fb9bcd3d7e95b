package import Domain
package import Foundation
import GRDB

extension SQLiteStore {
  package func checker(_ id: QualifiedName) async throws(StoreError) -> StoredChecker? {
    let documents = documents
    return try await read { database in try CheckerRecord.fetch(id, documents, database)?.stored }
  }

  package func checkers() async throws(StoreError) -> [StoredChecker] {
    let documents = documents
    return try await read { database in try CheckerRecord.fetchAll(documents, database) }
  }

  package func checkers(in namespace: String) async throws(StoreError) -> [StoredChecker] {
    let documents = documents
    return try await read { database in try CheckerRecord.fetchAll(in: namespace, documents, database) }
  }

  package func save(
    _ checker: Checker, replacing original: QualifiedName?, expectedVersion: Int?, author: String, at time: Date,
    nextRunAt: Date?
  ) async throws(StoreError) -> StoredChecker {
    try await write { database in
      if checker.id != original, try CheckerRecord.fetch(checker.id, nil, database) != nil {
        throw StoreError.taken("checker", checker.id)
      }
      let names = AlarmNames(database)
      let writer = CheckerWriter(database)
      let id: Int64
      if let original {
        guard let current = try CheckerRecord.fetch(original, nil, database) else {
          throw StoreError.missing("checker", original)
        }
        id = current.id
        if let expectedVersion { try Self.require(expectedVersion, of: current, database) }
        if checker.id != original {
          try names.requireFree(checker.id, except: id)
          try names.keep(current, to: checker.id)
        }
        try writer.update(
          id, to: checker, version: current.stored.version + 1, author: author, at: time, nextRunAt: nextRunAt)
      } else {
        try names.requireFree(checker.id)
        id = try writer.insert(checker, author: author, at: time, nextRunAt: nextRunAt)
      }
      guard let saved = try CheckerRecord.fetch(id, nil, database) else {
        throw StoreError.missing("checker", checker.id)
      }
      return saved.stored
    }
  }

  /// Somebody else's edit is not written over.
  private static func require(_ version: Int, of current: CheckerRecord, _ database: Database) throws {
    guard current.stored.version != version else { return }
    let author = try String.fetchOne(
      database, sql: "SELECT author FROM checker_version WHERE checker_id = ? AND version = ?",
      arguments: [current.id, current.stored.version])
    throw StoreError.conflict(
      "\(current.stored.checker.id) was changed (by \(author ?? "somebody")) after it was opened: it is at version "
        + "\(current.stored.version), the edit began at version \(version). Open it again and repeat the edit.")
  }

  /// Newest first.
  package func versions(of id: QualifiedName) async throws(StoreError) -> [CheckerVersion] {
    try await read { database in
      let checker = try CheckerRecord.id(id, database)
      return try Row.fetchAll(
        database,
        sql: """
          SELECT version, author, saved_at, document FROM checker_version WHERE checker_id = ? ORDER BY version DESC
          """, arguments: [checker]
      ).map { row in
        CheckerVersion(
          version: row[0], checker: try Document.decode(Checker.self, from: row[3]), author: row[1],
          savedAt: row.date(2))
      }
    }
  }

  package func mute(_ id: QualifiedName, _ mute: Mute?, entry: AlarmEntry?) async throws(StoreError) {
    try await write { database in
      let until = mute.map { $0.endsAt?.stored ?? .infinity }
      try database.execute(
        sql: "UPDATE checker SET mute = ?, muted_until = ? WHERE namespace = ? AND name = ?",
        arguments: [try mute.map(Document.encode), until, id.namespace, id.name])
      guard database.changesCount == 1, let record = try CheckerRecord.fetch(id, nil, database) else {
        throw StoreError.missing("checker", id)
      }
      let writer = AlarmWriter(database)
      try writer.keepTick(record)
      if let entry { try writer.insert(entry, record.id) }
    }
  }

  /// Switches a checker without a new version: it says when the checker works, not what it checks.
  package func setEnabled(_ id: QualifiedName, _ enabled: Bool, nextRunAt: Date?) async throws(StoreError) {
    try await write { database in
      try database.execute(
        sql: "UPDATE checker SET is_enabled = ?, next_run_at = ?, run_delay = NULL WHERE namespace = ? AND name = ?",
        arguments: [enabled, enabled ? nextRunAt?.stored : nil, id.namespace, id.name])
      guard database.changesCount == 1, let record = try CheckerRecord.fetch(id, nil, database) else {
        throw StoreError.missing("checker", id)
      }
      try AlarmWriter(database).keepTick(record)
    }
  }
}
