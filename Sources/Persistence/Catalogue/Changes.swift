package import Domain
package import Foundation
import GRDB

extension SQLiteStore {
  package func write(_ changes: CatalogueChanges, author: String, at time: Date) async throws(StoreError) {
    try await write { database in
      func isThere(_ table: String, _ name: String) throws -> Bool {
        try Bool.fetchOne(
          database, sql: "SELECT EXISTS (SELECT 1 FROM \(table) WHERE name = ?)", arguments: [name]) == true
      }
      for source in changes.dataSources {
        try Self.put(source, replacing: try isThere("data_source", source.name) ? source.name : nil, database)
      }
      for action in changes.actions {
        try Self.put(action, replacing: try isThere("action", action.name) ? action.name : nil, database)
      }
      for dataset in changes.datasets {
        let isThere = try Bool.fetchOne(
          database, sql: "SELECT EXISTS (SELECT 1 FROM dataset WHERE namespace = ? AND name = ?)",
          arguments: [dataset.id.namespace, dataset.id.name])
        try Self.put(dataset, replacing: isThere == true ? dataset.id : nil, database)
      }
      for library in changes.libraries { try Self.put(library, author: author, at: time, database) }
      for (digest, bytes) in changes.modules { try Self.put(module: bytes, digest: digest, database) }
      let known = try AlarmNames(database).known()
      for change in changes.checkers { try Self.put(change, known, author: author, at: time, database) }
      if let tree = changes.routing { try RoutingVersions(database).add(tree, author: author, at: time) }
    }
  }

  private static func put(
    _ change: CatalogueChanges.CheckerChange, _ known: [QualifiedName: QualifiedName], author: String, at time: Date,
    _ database: Database
  ) throws {
    let writer = CheckerWriter(database)
    if let current = try CheckerRecord.fetch(change.checker.id, nil, database) {
      try writer.update(
        current.id, to: change.checker, version: current.stored.version + 1, author: author, at: time,
        nextRunAt: change.nextRunAt)
    } else {
      try AlarmNames.requireFree(change.checker.id, known)
      _ = try writer.insert(change.checker, author: author, at: time, nextRunAt: change.nextRunAt)
    }
  }
}
