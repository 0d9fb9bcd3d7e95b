import Dispatch
import Domain

/// Runs the steps of a connection test, each with its time, on a connection of their own.
enum ConnectionTest {
  typealias Finding = (verdict: ConnectionTestStep.Verdict, detail: String)

  /// Connects; when that works, `further` makes the other steps.
  static func steps<Connector: DatabaseConnector>(
    of connector: Connector,
    _ further: @escaping @Sendable (Connector.Connection, StopSignal) -> [ConnectionTestStep]
  ) async -> [ConnectionTestStep] {
    let stop = StopSignal()
    let steps = try? await blocking(on: DispatchQueue(label: "connection test"), stop) { () throws(QueryError) in
      var connection: Connector.Connection?
      let first = step("Connect") { () throws(QueryError) in
        connection = try connector.connect(stop)
        return (.passed, "Connected and signed in.")
      }
      guard let connection else { return [first] }
      defer { connection.close() }
      return [first] + further(connection, stop)
    }
    return steps ?? []
  }

  static func step(_ title: String, _ body: () throws(QueryError) -> Finding) -> ConnectionTestStep {
    let clock = ContinuousClock()
    let started = clock.now
    var finding: Finding
    do throws(QueryError) {
      finding = try body()
    } catch {
      finding = (.failed, [error.message, error.hint].compactMap(\.self).joined(separator: " "))
    }
    let took = started.duration(to: clock.now).components
    let milliseconds = Double(took.seconds) * 1000 + Double(took.attoseconds / 1_000_000_000_000) / 1000
    return ConnectionTestStep(
      title: title, verdict: finding.verdict, detail: finding.detail, milliseconds: milliseconds)
  }

  static func tables(
    _ connection: some DatabaseConnection, _ limits: QueryLimits, _ stop: StopSignal
  ) -> ConnectionTestStep {
    step("Tables") { () throws(QueryError) in
      let count = try connection.tables(limits, stop).count
      if count == 0 { return (.warned, "No table or view can be read. Give the role the right to SELECT.") }
      return (.passed, count == 1 ? "1 table or view can be read." : "\(count) tables and views can be read.")
    }
  }
}
