import CPostgreSQL
import Domain

#if canImport(Glibc)
  import Glibc
#endif

extension PostgreSQLWire {
  /// Connects within the settings' time, or until the stop.
  static func connect(
    _ settings: PostgreSQLSettings, _ wakeUp: WakeUp, _ stop: StopSignal
  ) throws(QueryError) -> OpaquePointer {
    guard let connection = start(settings.keywords) else {
      throw QueryError(.connection, "There is not enough memory for a connection.")
    }
    do throws(QueryError) {
      try finish(connection, until: .now + .seconds(settings.connectTimeout), settings, wakeUp, stop)
      return connection
    } catch {
      PQfinish(connection)
      throw error
    }
  }

  private static func start(_ keywords: [(keyword: String, value: String)]) -> OpaquePointer? {
    let names = keywords.map { strdup($0.keyword) }
    let values = keywords.map { strdup($0.value) }
    defer { for text in names + values { free(text) } }
    let constantNames = names.map { UnsafePointer<CChar>($0) } + [nil]
    let constantValues = values.map { UnsafePointer<CChar>($0) } + [nil]
    return PQconnectStartParams(constantNames, constantValues, 0)
  }

  private static func finish(
    _ connection: OpaquePointer, until deadline: ContinuousClock.Instant, _ settings: PostgreSQLSettings,
    _ wakeUp: WakeUp, _ stop: StopSignal
  ) throws(QueryError) {
    var wanted = PGRES_POLLING_WRITING
    while PQstatus(connection) != CONNECTION_BAD {
      let events = wanted == PGRES_POLLING_READING ? Int16(POLLIN) : Int16(POLLOUT)
      var descriptors = [
        pollfd(fd: PQsocket(connection), events: events, revents: 0),
        pollfd(fd: wakeUp.descriptor, events: Int16(POLLIN), revents: 0),
      ]
      let count = poll(&descriptors, 2, milliseconds(until: deadline))
      if stop.isStopped { throw .cancelled }
      if count == 0 {
        throw QueryError(
          .connection, "\(settings.place) did not answer within \(Int(settings.connectTimeout)) s.",
          code: QueryError.silence,
          hint: "Check host, port and firewall.")
      }
      wanted = PQconnectPoll(connection)
      if wanted == PGRES_POLLING_OK { return }
      if wanted == PGRES_POLLING_FAILED { break }
    }
    throw QueryError(.connection, "Cannot connect: \(sentences(String(cString: PQerrorMessage(connection))))")
  }
}
