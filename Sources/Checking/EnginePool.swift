package import Domain

/// Keeps one connected engine per data source, and opens it anew when its settings change.
package actor EnginePool {
  private let opener: any QueryEngineOpening
  private let log = ReachLog()
  /// What was stopped at a data source's time limit lately.
  nonisolated let slow = SlowRules()
  private var open: [String: (source: DataSource, engine: any QueryEngine)] = [:]

  package init(opener: any QueryEngineOpening) { self.opener = opener }

  package func engine(for source: DataSource) throws(QueryError) -> any QueryEngine {
    if let known = open[source.name], known.source == source { return known.engine }
    let engine = WatchedEngine(engine: try opener.open(source), source: source, log: log)
    if let old = open.updateValue((source, engine), forKey: source.name) {
      Task { await old.engine.close() }
    }
    return engine
  }

  /// An engine of its own, for settings that are only being tried; the caller closes it.
  package nonisolated func openAlone(_ source: DataSource) throws(QueryError) -> any QueryEngine {
    try opener.open(source)
  }

  /// How the last query of a data source went.
  nonisolated func reach(of source: DataSource) -> Reach { log.reach(of: source) }

  package func forget(_ name: String) {
    guard let old = open.removeValue(forKey: name) else { return }
    Task { await old.engine.close() }
  }

  package func closeAll() async {
    let engines = open.values.map(\.engine)
    open = [:]
    for engine in engines { await engine.close() }
  }
}
