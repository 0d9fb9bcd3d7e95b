import Domain
import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// Opens DuckDB databases, and files of rows, by ADBC.
struct DuckDBConnector: DatabaseConnector {
  let settings: DuckDBSettings
  private let vendorFolders: [String]
  private let opened = Opened()

  init(_ source: DataSource, environment: [String: String], vendorFolders: [String]) throws(QueryError) {
    settings = try DuckDBSettings(source, environment: environment)
    self.vendorFolders = vendorFolders
  }

  var dialect: SQLDialect { .duckdb }
  var secrets: Secrets { settings.secrets }

  /// An open database keeps everybody else from writing to its file.
  var idleTime: Duration { .seconds(1) }

  func connect(_ stop: StopSignal) throws(QueryError) -> DuckDBConnection {
    let files = try DuckDBFiles(at: settings.place)
    let database = try opened.database(for: files) { () throws(QueryError) in try open(files, stop) }
    return try DuckDBConnection(database, files, settings.place)
  }

  func test() async -> [ConnectionTestStep] {
    let limits = settings.limits
    return await ConnectionTest.steps(of: self) { connection, stop in
      [
        ConnectionTest.step("Database") { () throws(QueryError) in
          let row = try connection.run(Query("SELECT version()", limits: limits), stop).row(0)
          return (.passed, "Read by DuckDB \(row[0].text).")
        },
        ConnectionTest.step("Read only") { () throws(QueryError) in
          if case .files = settings.place { return (.passed, "Files are only ever read.") }
          do throws(QueryError) {
            try connection.attemptWrite(limits, stop)
          } catch {
            guard error.message.contains("read-only") else { throw error }
            return (.passed, "The database is open for reading only.")
          }
          return (.failed, "The database could be written.")
        },
        ConnectionTest.tables(connection, limits, stop),
      ]
    }
  }

  // MARK: opening

  private func open(_ files: DuckDBFiles, _ stop: StopSignal) throws(QueryError) -> ADBCDatabase {
    let driver = try loadDriver()
    do throws(QueryError) {
      switch settings.place {
      case .database(let path): return try ADBCDatabase(driver, options: settings.settings + Self.options(path: path))
      case .files: return try openFiles(files, driver, stop)
      }
    } catch {
      throw DuckDBErrors.explained(error)
    }
  }

  private func loadDriver() throws(QueryError) -> ADBCDriver {
    for folder in vendorFolders.flatMap({ [$0 + "/duckdb", $0] }) {
      let library = folder + "/libduckdb.so"
      guard access(library, R_OK) == 0 else { continue }
      let placeholder = folder + "/libpython-placeholder.so"
      return try ADBCDriver.load(
        library, entryPoints: ["duckdb_adbc_init"], companion: access(placeholder, R_OK) == 0 ? placeholder : nil)
    }
    throw QueryError(
      .configuration, "The library of DuckDB was not found in \(vendorFolders.joined(separator: " or ")).",
      hint: "Run Scripts/set-up, which fetches it.")
  }

  /// `temp_directory` is empty because DuckDB would put what does not fit into memory beside the database; it comes
  /// before external access is off, after which it cannot be set.
  private static func options(path: String) -> [(name: String, value: String)] {
    [
      ("path", path), ("access_mode", "READ_ONLY"), ("temp_directory", ""), ("autoinstall_known_extensions", "false"),
      ("autoload_known_extensions", "false"), ("enable_external_access", "false"), ("lock_configuration", "true"),
    ]
  }

  /// A database in memory with a view for each file; then only those files can be read, and nothing be set.
  private func openFiles(
    _ files: DuckDBFiles, _ driver: ADBCDriver, _ stop: StopSignal
  ) throws(QueryError) -> ADBCDatabase {
    let basic = [("path", ":memory:"), ("autoinstall_known_extensions", "false"), ("temp_directory", "")]
    let database = try ADBCDatabase(driver, options: basic + settings.settings)
    let session = try ADBCSession(database)
    try session.execute("SET allowed_paths = \(files.pathList)", settings.limits, stop)
    try session.execute("SET enable_external_access = false", settings.limits, stop)
    for view in try files.views(table: settings.table) {
      do throws(QueryError) {
        let source =
          view.reader == "read_csv"
          ? try DuckDBCSV(view, settings).source(session, stop) : "\(view.reader)(\(view.paths))"
        try session.execute("CREATE VIEW \(view.name) AS SELECT * FROM \(source)", settings.limits, stop)
      } catch {
        if files.files.count == 1 || error.kind == .cancelled { throw error }
        // One file that cannot be read must not hide the others; its table says why.
        let reason = DuckDBErrors.explained(error).message
        let (text, column) = (reason.replacing("'", with: "''"), reason.replacing("\"", with: "\"\""))
        try session.execute(
          "CREATE VIEW \(view.name) AS SELECT NULL AS \"\(column)\" WHERE error('\(text)') IS NULL", settings.limits,
          stop)
      }
    }
    try session.execute("SET lock_configuration = true", settings.limits, stop)
    return database
  }

  /// The database that the connections share, for as long as there is one.
  private final class Opened: Sendable {
    private struct State {
      weak var database: ADBCDatabase?
      var files: DuckDBFiles?
    }

    private let state = Mutex(State())

    func database(
      for files: DuckDBFiles, open: () throws(QueryError) -> ADBCDatabase
    ) throws(QueryError) -> ADBCDatabase {
      try state.withLock { (state) throws(QueryError) in
        if state.files == files, let database = state.database, !database.isDamaged.load(ordering: .relaxed) {
          return database
        }
        let database = try open()
        state.database = database
        state.files = files
        return database
      }
    }
  }
}
