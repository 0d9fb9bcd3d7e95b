package import Domain
package import Foundation
import GRDB

extension SQLiteStore {
  private static let newest = """
    SELECT namespace, file_name, version, author, saved_at, source FROM library_version AS l
    WHERE version = (SELECT max(version) FROM library_version AS m
      WHERE m.namespace = l.namespace AND m.file_name = l.file_name)
    """

  package func libraries(namespace: String?) async throws(StoreError) -> [StoredLibrary] {
    try await read { database in
      try Row.fetchAll(
        database,
        sql: Self.newest + " AND (:namespace IS NULL OR namespace = :namespace) ORDER BY namespace, file_name",
        arguments: ["namespace": namespace]
      ).compactMap(Self.library)
    }
  }

  package func library(_ fileName: String, namespace: String) async throws(StoreError) -> StoredLibrary? {
    try await versions(ofLibrary: fileName, namespace: namespace).first
  }

  package func versions(ofLibrary fileName: String, namespace: String) async throws(StoreError) -> [StoredLibrary] {
    try await read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT namespace, file_name, version, author, saved_at, source FROM library_version
          WHERE namespace = ? AND file_name = ? ORDER BY version DESC
          """, arguments: [namespace, fileName]
      ).compactMap(Self.library)
    }
  }

  package func save(
    _ library: Library, expectedVersion: Int?, author: String, at time: Date
  ) async throws(StoreError) {
    try await write { database in
      if let expectedVersion {
        let version = try Int.fetchOne(
          database, sql: "SELECT max(version) FROM library_version WHERE namespace = ? AND file_name = ?",
          arguments: [library.namespace, library.fileName])
        try Self.require(expectedVersion, version ?? 0, "library \(library.namespace)/\(library.fileName)")
      }
      try Self.put(library, author: author, at: time, database)
    }
  }

  /// - Throws: `conflict` where the edit began with another version than the newest.
  static func require(_ expected: Int, _ newest: Int, _ what: String) throws {
    guard expected != newest else { return }
    throw StoreError.conflict(
      "The \(what) is at version \(newest), and the edit began at version \(expected). Open it again and repeat the edit."
    )
  }

  static func put(_ library: Library, author: String, at time: Date, _ database: Database) throws {
    try database.execute(
      sql: """
        INSERT INTO library_version (namespace, file_name, version, author, saved_at, source)
        SELECT :namespace, :name, 1 + coalesce(max(version), 0), :author, :time, :source FROM library_version
        WHERE namespace = :namespace AND file_name = :name
        """,
      arguments: [
        "namespace": library.namespace, "name": library.fileName, "author": author.withoutNul,
        "time": time.stored, "source": library.source.withoutNul,
      ])
  }

  package func deleteLibrary(_ fileName: String, namespace: String) async throws(StoreError) {
    try await write { database in
      try database.execute(
        sql: "DELETE FROM library_version WHERE namespace = ? AND file_name = ?", arguments: [namespace, fileName])
      guard database.changesCount > 0 else { throw StoreError.missing("library", "\(namespace)/\(fileName)") }
    }
  }

  private static func library(_ row: Row) -> StoredLibrary? {
    let fileName: String = row[1]
    guard let (name, language) = Library.parts(of: fileName) else { return nil }
    return StoredLibrary(
      library: Library(namespace: row[0], name: name, language: language, source: row[5]), version: row[2],
      author: row[3], savedAt: row.date(4))
  }

  package func keepModule(_ bytes: [UInt8], digest: String) async throws(StoreError) {
    try await write { database in try Self.put(module: bytes, digest: digest, database) }
  }

  static func put(module bytes: [UInt8], digest: String, _ database: Database) throws {
    try database.execute(
      sql: "INSERT INTO module (digest, bytes) VALUES (?, ?) ON CONFLICT DO NOTHING",
      arguments: [digest, Data(bytes)])
  }

  package func module(_ digest: String) async throws(StoreError) -> [UInt8]? {
    try await read { database in
      try Data.fetchOne(database, sql: "SELECT bytes FROM module WHERE digest = ?", arguments: [digest]).map(Array.init)
    }
  }
}
