import Domain
import Yams

struct DataSourceReader {
  let log: ProblemLog
  let resolvePath: (String) -> String

  private static let known = [
    "name", "driver", "uri", "description", "timeout", "max_rows", "max_bytes", "max_connections", "options",
  ]

  func read(_ node: Node, path: String) -> DataSource? {
    guard let reader = MappingReader(node, path: path, known: Self.known, log: log) else { return nil }
    let name = reader.name()
    if !reader.has("driver") { _ = reader.requiredText("driver") }
    let driver = reader.choice("driver", Driver.self)
    let options = reader.textMapping("options")
    if let driver { judge(options, of: driver, reader) }
    let uri = driver == .adbc ? reader.text("uri") ?? "" : reader.requiredText("uri")
    let limits = limits(reader)
    let connections = reader.integer("max_connections") ?? 4
    if !(1...64).contains(connections) { reader.problem("max_connections", "must be from 1 to 64, not \(connections)") }
    guard let name, let driver, let uri else { return nil }
    return DataSource(
      name: name, driver: driver, uri: driver == .sqlite || driver == .duckdb ? resolvePath(uri) : uri,
      description: reader.text("description") ?? "", limits: limits,
      maxConnections: connections, options: options)
  }

  private func judge(_ options: [String: String], of driver: Driver, _ reader: MappingReader) {
    for problem in DataSourceOptions.problems(with: options, of: driver) {
      let entry = reader.valueNode("options")?.mapping?.first { $0.key.scalar?.string == problem.option }
      log.add(
        entry?.value ?? reader.node, MappingReader.join(reader.keyPath("options"), problem.option), problem.message)
    }
  }

  private func limits(_ reader: MappingReader) -> QueryLimits {
    var limits = QueryLimits()
    if let seconds = reader.number("timeout") { limits.timeoutSeconds = seconds.double }
    if let rows = reader.integer("max_rows") { limits.maxRows = rows }
    if let bytes = reader.integer("max_bytes") { limits.maxBytes = bytes }
    if !(0.1...3600).contains(limits.timeoutSeconds) { reader.problem("timeout", "must be from 0.1 to 3600 seconds") }
    if !(1...10_000_000).contains(limits.maxRows) { reader.problem("max_rows", "must be from 1 to 10000000") }
    if limits.maxBytes < 1 { reader.problem("max_bytes", "must be at least 1") }
    return limits
  }
}
