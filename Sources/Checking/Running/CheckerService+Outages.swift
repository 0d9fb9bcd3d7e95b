package import Domain
package import Foundation

extension CheckerService {
  /// What does not work now, of data sources and actions.
  package func outages() async throws(ServiceError) -> [Outage] {
    try await reading { () async throws(StoreError) in try await store.outages() }
  }

  /// Looks whether the data sources that runs just asked can be reached; returns `routing` as it is after that.
  ///
  /// A connection that broke while a query ran proves little: whether the data source is down, one more try decides.
  func noteOutages(of names: Set<String>, _ definitions: Definitions, _ routing: Routing) async -> Routing {
    var routing = routing
    do {
      routing.down = try await downSources()
      for name in names.sorted() {
        guard let source = definitions.dataSources[name] else { continue }
        switch engines.reach(of: source) {
        case .failed(let error) where routing.down[name] == nil:
          // One that was waited for in vain is not waited for again.
          if error.code != QueryError.silence, await !isUnreachable(source) { continue }
          let outage = Outage(.dataSource(name), since: now(), error: error.message)
          routing.down[name] = outage
          let deliveries = try await deliveries(about: outage, routing, definitions)
          _ = try await reading { () async throws(StoreError) in try await store.begin(outage, deliveries: deliveries) }
        case .reached where routing.down[name] != nil:
          routing.down[name] = nil
          try await end(.dataSource(name), definitions)
        case .failed, .reached, .unknown: continue
        }
      }
    } catch {
      // The runs are recorded and told as if each stood alone.
      routing.down = [:]
    }
    return routing
  }

  /// Tries the data sources that are down, and tells of those that are reached again. Returns how many are down.
  package func watchOutages() async throws(ServiceError) -> Int {
    let open = try await downSources()
    if open.isEmpty { return 0 }
    let definitions = try await definitions()
    for name in open.keys.sorted() {
      guard let source = definitions.dataSources[name] else {
        try await end(.dataSource(name), definitions, reason: "data source '\(name)' is not there any more")
        continue
      }
      if await !isUnreachable(source) { try await end(.dataSource(name), definitions) }
    }
    return open.count
  }

  /// Data sources that are down, by their names.
  func downSources() async throws(ServiceError) -> [String: Outage] {
    try await outages().reduce(into: [:]) { found, outage in
      if case .dataSource(let name) = outage.subject { found[name] = outage }
    }
  }

  /// How many checkers cannot run while the data source cannot be reached, and how many of them tried.
  package func stoppedCheckers(by source: String) async throws(ServiceError) -> (all: Int, tried: Int) {
    let all = try await dependents(on: source, definitions())
    return (all.count, all.count(where: \.hasErrored))
  }

  private func isUnreachable(_ source: DataSource) async -> Bool {
    guard let engine = try? engines.openAlone(source) else { return false }
    var limits = source.limits
    limits.maxRows = 1
    let answer = await engine.run(together: [Query("SELECT 1", limits: limits)]).first
    await engine.close()
    if case .failure(let error)? = answer { return error.kind == .connection }
    return false
  }

  /// Whoever would have heard of its checkers hears of the data source.
  private func deliveries(
    about outage: Outage, _ routing: Routing, _ definitions: Definitions
  ) async throws(ServiceError) -> [NewDelivery] {
    let checkers = try await dependents(on: outage.subject.name, definitions)
    return routing.deliveries(about: outage, checkers: checkers, at: now())
  }

  private func dependents(
    on source: String, _ definitions: Definitions
  ) async throws(ServiceError) -> [StoredChecker] {
    try await reading { () async throws(StoreError) in try await store.checkers() }
      .filter { $0.checker.isEnabled && definitions.sources(of: $0.checker).contains(source) }
  }

  private func end(
    _ subject: Outage.Subject, _ definitions: Definitions? = nil, reason: String? = nil
  ) async throws(ServiceError) {
    let time = now()
    var dependents: [StoredChecker] = []
    if case .dataSource(let name) = subject, let definitions {
      dependents = try await self.dependents(on: name, definitions)
    }
    let stops = dependents.map(\.checker.id)
    let waiting = dependents.filter(\.hasErrored).map(\.checker.id)
    let actions = try await reading { () async throws(StoreError) in try await store.actions() }
    let listening = Set(actions.filter { $0.isEnabled && $0.notices.contains(.resolved) }.map(\.name))
    let ended = try await reading { () async throws(StoreError) in
      try await store.end(subject, at: time) { outage in
        let event = Event(outage, isOver: true, at: time, reason: reason, stops: stops)
        return outage.told.filter(listening.contains).map {
          NewDelivery(event: event, action: $0, isWithheld: false, reason: "it told of the outage")
        }
      }
    }
    guard ended != nil else { return }
    // Those that paused because of it need not wait any longer.
    if !waiting.isEmpty {
      try await reading { () async throws(StoreError) in try await store.hasten(waiting, at: time) }
    }
    wake()
  }
}

extension CheckerService {
  /// The receiver of an action takes nothing, since `since`: somebody must mend the action. Another action says so.
  package func actionBroke(_ name: String, error: String, since: Date) async throws(ServiceError) {
    let known = try await outages()
    guard !known.contains(where: { $0.subject == .action(name) }) else { return }
    let actions = try await reading { () async throws(StoreError) in try await store.actions() }
    guard let action = actions.first(where: { $0.name == name }) else { return }
    let broken = Set(known.filter { $0.subject.kind == "action" }.map(\.subject.name))
    let others = actions.filter { $0.isEnabled && $0.name != name && !broken.contains($0.name) }
    let chosen = others.filter { $0.name == action.fallback && $0.notices.contains(.error) }
    let outage = Outage(.action(name), since: since, error: error)
    let event = Event(outage, at: now())
    let beside = try await routingTree().actionsBeside(name)
    let listening = others.filter { $0.notices.contains(.error) }
    let choices: [(actions: [Action], reason: String)] = [
      (chosen, "it is the fallback of '\(name)'"),
      (listening.filter { beside.contains($0.name) }, "a route sends to it and to '\(name)'"),
      (listening.filter(\.isDefault), "it takes every checker"),
      (listening, "no action takes every checker"),
    ]
    let tellers = choices.first { !$0.actions.isEmpty }
    let deliveries = (tellers?.actions ?? []).map {
      NewDelivery(event: event, action: $0.name, isWithheld: false, reason: tellers?.reason ?? "")
    }
    _ = try await reading { () async throws(StoreError) in try await store.begin(outage, deliveries: deliveries) }
    wake()
  }

  /// An action delivers, or was edited: what was wrong with it counts no more.
  package func actionWorks(_ name: String, reason: String? = nil) async throws(ServiceError) {
    guard try await outages().contains(where: { $0.subject == .action(name) }) else { return }
    try await end(.action(name), reason: reason)
  }
}

extension StoredChecker {
  /// Its last run came to no verdict.
  fileprivate var hasErrored: Bool { lastRun?.outcome == .errored }
}

extension Routing {
  /// Whoever hears of any of `checkers` hears of what they all depend on, once.
  func deliveries(about outage: Outage, checkers: [StoredChecker], at time: Date) -> [NewDelivery] {
    let severity = checkers.map(\.checker.severity).max { $0.rank < $1.rank } ?? .warning
    let event = Event(outage, at: time, severity: severity, stops: checkers.map(\.checker.id))
    let own = Checker(id: outage.subject.id, severity: severity, body: .rules([]))
    let subject = AlarmSubject(checker: own, dataSources: [outage.subject.name])
    let silence = silences.first { $0.hides(subject, at: time) }
    var seen = Set<String>()
    let bound = checkers.flatMap { destinations(of: $0.checker, self.subject(of: $0)) }
    return bound.filter { seen.insert($0.action.name).inserted && $0.action.notices.contains(.error) }.map {
      NewDelivery(
        event: event, action: $0.action.name, isWithheld: silence != nil,
        reason: silence?.reason ?? "\(checkers.count) checkers depend on it; \($0.reason)")
    }
  }
}
