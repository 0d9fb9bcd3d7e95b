package import Domain
import Foundation
import GRDB

/// The service's own store: one SQLite file, one writer at a time, readers that never wait for it.
///
/// What a user wrote, and every run, alarm and delivery, is in `store.sqlite` within the store's folder. All commits
/// reach the disk before the call returns (WAL with `synchronous = FULL`), so a power cut loses nothing that was
/// acknowledged. A call that began is not given up when its task is cancelled: a finished run is always recorded.
package final class SQLiteStore: Store {
  let pool: DatabasePool
  let documents = CheckerDocuments()
  let file: String
  let namespaceCounts = NamespaceCounts()
  let refusals = WriteRefusals()
  /// What was done at the opening, or could not be, that whoever operates the service should know.
  package let notices: [String]
  private let lock: FolderLock

  /// Opens the store in `folder`, or makes a new one there.
  ///
  /// - Throws: `StoreError.unavailable` when another process has the folder, the file is damaged, is no store, or was
  ///   written by a newer version, and when the folder cannot be written to.
  package convenience init(folder: String) throws(StoreError) {
    try self.init(folder: folder, pragmas: [])
  }

  /// `pragmas` are executed on every connection.
  init(folder: String, pragmas: [String]) throws(StoreError) {
    let place = try StoreFolder(path: folder)
    lock = try FolderLock(place)
    notices = StoreModes(place).tighten()
    file = place.databaseFile
    let file = file
    pool = try Self.attempt(file: file) { try Self.open(file, pragmas: pragmas) }
  }

  /// Ends all use of the store; calls that follow throw `unavailable`. Waits for the calls under way.
  package func close() throws(StoreError) {
    try Self.attempt(file: file) { try pool.close() }
    lock.release()
  }

  private static func open(_ file: String, pragmas: [String]) throws -> DatabasePool {
    var configuration = Configuration()
    configuration.label = "store"
    configuration.foreignKeysEnabled = true
    configuration.busyMode = .timeout(5)
    configuration.maximumReaderCount = 4
    configuration.prepareDatabase { database in
      for pragma in ["cache_size = -4000", "trusted_schema = OFF"] + pragmas {
        try database.execute(sql: "PRAGMA \(pragma)")
      }
    }
    let pool = try DatabasePool(path: file, configuration: configuration)
    try pool.writeWithoutTransaction { database in
      try database.execute(sql: "PRAGMA synchronous = FULL")
      try database.execute(sql: "PRAGMA journal_size_limit = 67108864")
    }
    try Schema.prepare(pool, file: file)
    return pool
  }

  /// Reads from one snapshot, on a queue of its own.
  func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws(StoreError) -> Value {
    let file = file
    let result: Result<Value, StoreError> = await withCheckedContinuation { continuation in
      pool.asyncRead { database in
        continuation.resume(returning: Result { try body(database.get()) }.mapError { storeError($0, file: file) })
      }
    }
    return try result.get()
  }

  /// Writes in one transaction, on the writer's queue.
  func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws(StoreError) -> Value
  {
    let file = file
    let result: Result<Value, StoreError> = await withCheckedContinuation { continuation in
      pool.asyncWrite(body) { [namespaceCounts, refusals] _, result in
        namespaceCounts.noteWrite()
        if case .failure(let error) = result { refusals.note(error, file: file) }
        continuation.resume(returning: result.mapError { storeError($0, file: file) })
      }
    }
    return try result.get()
  }

  private static func attempt<Value>(file: String, _ body: () throws -> Value) throws(StoreError) -> Value {
    do { return try body() } catch { throw storeError(error, file: file) }
  }
}
