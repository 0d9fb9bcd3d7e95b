import Channels
import CheckFiles
import Checking
import DataSources
import Domain
import Foundation
import Persistence
import TestSupport

/// The folder of a service: filled before the service starts, looked into after it has ended.
struct ServiceFolder {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    // A file without a byte is a database without a table.
    try Data().write(to: URL(fileURLWithPath: emptyDatabase))
  }

  private var emptyDatabase: String { folder.path + "/empty.db" }

  var path: String { folder.path + "/data" }

  /// Imports a check file; each of its checkers is due at `due`, or as its schedule says. `EMPTY_DB` in it stands for
  /// a SQLite file without tables.
  func declare(_ yaml: String, actions: [Action] = [], due: Date? = nil) async throws {
    try await use { store in
      let file = try CheckFileReader.read(
        yaml.replacing("EMPTY_DB", with: emptyDatabase), file: "test.yaml")
      let opener = QueryEngineOpener(environment: [:], vendorFolders: [])
      let service = CheckerService(
        store: store, engines: EnginePool(opener: opener), channels: ChannelCatalogue(environment: [:]),
        now: { Date() }, wake: {})
      for action in actions { try await service.save(action, replacing: nil) }
      let declarations = Declarations(
        dataSources: file.dataSources, datasets: file.datasets, checkers: file.checkers, actions: file.actions)
      _ = try await service.apply(declarations, author: "ana")
      guard let due else { return }
      for checker in file.checkers { try await store.setEnabled(checker.id, true, nextRunAt: due) }
    }
  }

  /// Opens the store, which no service may have open.
  @discardableResult
  func use<Value>(_ body: (SQLiteStore) async throws -> Value) async throws -> Value {
    let store = try SQLiteStore(folder: path)
    do {
      let value = try await body(store)
      try store.close()
      return value
    } catch {
      try store.close()
      throw error
    }
  }

  /// Every recorded run of a checker, oldest first.
  func runs(of name: String) async throws -> [Run] {
    try await use { store in
      let id = QualifiedName(name, defaultNamespace: "shop")
      var runs: [Run] = []
      for summary in try await store.runs(RunFilter(checker: id), limit: 1000, before: nil).reversed() {
        if let run = try await store.run(summary.id) { runs.append(run) }
      }
      return runs
    }
  }

  func start(_ arguments: [String] = [], environment: [String: String] = [:]) async throws -> RunningService {
    try await RunningService(data: path, arguments, environment: environment)
  }

  /// Starts a service that is expected to refuse.
  func refusal(_ arguments: [String] = [], environment: [String: String] = [:]) async throws -> SpawnedProgram {
    let program = try SpawnedProgram(
      [try Program.path, "serve", "--port", "0", "--data", path] + arguments, environment: environment)
    _ = try await program.end()
    return program
  }
}
