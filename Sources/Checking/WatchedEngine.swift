import Domain
import Synchronization

/// Whether a data source was reached by the last query that asked it.
enum Reach: Sendable {
  case unknown, reached
  case failed(QueryError)
}

/// Remembers how the last query of each data source went.
final class ReachLog: Sendable {
  private let state = Mutex<[String: (source: DataSource, reach: Reach)]>([:])

  func note(_ source: DataSource, _ reach: Reach) { state.withLock { $0[source.name] = (source, reach) } }

  func reach(of source: DataSource) -> Reach {
    state.withLock { $0[source.name].map { $0.source == source ? $0.reach : .unknown } ?? .unknown }
  }
}

/// An engine that tells whether its data source is reached.
struct WatchedEngine: QueryEngine {
  let engine: any QueryEngine
  let source: DataSource
  let log: ReachLog

  var dialect: SQLDialect { engine.dialect }

  func run(_ query: Query) async throws(QueryError) -> ResultSet {
    do {
      let rows = try await engine.run(query)
      log.note(source, .reached)
      return rows
    } catch {
      throw noted(error)
    }
  }

  func describe(_ sql: String) async throws(QueryError) -> [ColumnDescription] {
    do { return try await engine.describe(sql) } catch { throw noted(error) }
  }

  func run(_ batch: QueryBatch) async -> [QueryBatch.Answer] {
    let heard = Mutex(Set<Int>())
    var watched = batch
    watched.onAnswer = { index, answer in
      if heard.withLock({ $0.insert(index).inserted }) { note(answer) }
      batch.onAnswer(index, answer)
    }
    let answers = await engine.run(watched)
    // What was heard while it ran may be old by now.
    let known = heard.withLock { $0 }
    for (index, answer) in answers.enumerated() where !known.contains(index) { note(answer) }
    return answers
  }

  private func note(_ answer: QueryBatch.Answer) {
    switch answer.result {
    case .success: log.note(source, .reached)
    case .failure(let error): _ = noted(error)
    }
  }

  func tables() async throws(QueryError) -> [TableDescription] {
    do { return try await engine.tables() } catch { throw noted(error) }
  }

  func test() async -> [ConnectionTestStep] { await engine.test() }
  func close() async { await engine.close() }

  /// What the database itself said proves that it is there.
  private func noted(_ error: QueryError) -> QueryError {
    switch error.kind {
    case .connection: log.note(source, .failed(error))
    case .syntax, .unknownTable, .unknownColumn, .permission, .other: log.note(source, .reached)
    case .configuration, .notReadOnly, .timeout, .cancelled, .tooLarge: break
    }
    return error
  }
}
