package import Domain
import Foundation

extension CheckerService {
  /// Everything that decides who hears of an alarm, as it stands now.
  func routing(_ definitions: Definitions? = nil) async throws(ServiceError) -> Routing {
    let known: Definitions
    if let definitions { known = definitions } else { known = try await self.definitions() }
    let actions = try await reading { () async throws(StoreError) in try await store.actions() }
    let silences = try await reading { () async throws(StoreError) in try await store.silences(notEndedAt: now()) }
    // An action whose settings cannot be used now gets its notices, which then say so; not a message per run.
    let every = actions.filter { (try? channels.make($0))?.wantsEveryRun ?? false }
    return Routing(
      actions: actions, everyRun: Set(every.map(\.name)),
      grouping: Set(channels.kinds.filter(\.tellsOfGroups).map(\.key)), tree: try await routingTree(),
      silences: silences,
      sources: { known.sources(of: $0) }, down: try await downSources(), links: links)
  }

  package func routingTree() async throws(ServiceError) -> RoutingTree {
    try await reading { () async throws(StoreError) in try await store.routingTree() }
  }

  /// Refused when it names actions that do not exist, or sends to nobody.
  /// - Parameter expectedVersion: The version that the edit began with, 0 for none; any other is somebody else's edit.
  package func save(
    _ tree: RoutingTree, expectedVersion: Int? = nil, author: String
  ) async throws(ServiceError) {
    let problems = try await problems(of: tree)
    if !problems.isEmpty { throw .invalid(problems) }
    try await reading { () async throws(StoreError) in
      try await store.save(tree, expectedVersion: expectedVersion, author: author, at: now())
    }
  }

  /// What the tree was and who saved it, the newest first.
  package func routingVersions() async throws(ServiceError) -> [RoutingVersion] {
    try await reading { () async throws(StoreError) in try await store.routingVersions() }
  }

  /// Writes an old version again, as the newest. Refused when it names actions that are not there any more.
  package func restoreRouting(version: Int, author: String) async throws(ServiceError) -> RoutingTree {
    guard let old = try await routingVersions().first(where: { $0.version == version }) else {
      throw .notFound("the routing has no version \(version)")
    }
    try await save(old.tree, author: author)
    return old.tree
  }

  /// What keeps a tree from being used.
  package func problems(of tree: RoutingTree) async throws(ServiceError) -> [FieldProblem] {
    let known = try await reading { () async throws(StoreError) in try await store.actions() }.map(\.name)
    return tree.problems(knownActions: known).map { FieldProblem(field: $0.path, message: $0.message) }
  }

  /// Where the alarm of a checker would go now, and why; by `tree` in place of the stored one.
  package func explainRouting(
    _ id: QualifiedName, by tree: RoutingTree? = nil
  ) async throws(ServiceError) -> RoutingExplanation {
    guard let stored = try await reading({ () async throws(StoreError) in try await store.checker(id) }) else {
      throw .notFound("there is no checker '\(id)'")
    }
    var routing = try await routing()
    if let tree { routing.tree = tree }
    let subject = routing.subject(of: stored)
    let bound = routing.destinations(of: stored.checker, subject)
    return RoutingExplanation(
      subject: subject, steps: stored.checker.actions.isEmpty ? routing.tree.explain(subject).steps : [],
      destinations: bound.map {
        RoutingExplanation.Destination(
          action: $0.action.name, channel: $0.action.channel, reason: $0.reason, notices: $0.action.notices,
          grouping: $0.destination.grouping, groupKey: $0.destination.groupKey)
      }, withheld: routing.withholding(stored, at: now()))
  }

  /// The names of the data sources that each of these checkers is seen to ask.
  package func dataSources(of checkers: [StoredChecker]) async throws(ServiceError) -> [QualifiedName: [String]] {
    let known = try await definitions()
    return Dictionary(
      checkers.map { ($0.checker.id, known.sources(of: $0.checker).sorted()) }, uniquingKeysWith: { first, _ in first })
  }
}

/// Where an alarm goes, and why.
package struct RoutingExplanation: Sendable {
  package struct Destination: Sendable {
    package var action: String
    package var channel: String
    /// `route 2.1`, `the checker names it`, `it takes every checker`.
    package var reason: String
    package var notices: Set<AlarmTransition.Notice>
    package var grouping: RoutingTree.Grouping?
    package var groupKey: String?
  }

  package var subject: AlarmSubject
  /// The routes that were looked at; none when the checker names its actions itself.
  package var steps: [RoutingTree.Step]
  package var destinations: [Destination]
  /// Why nobody is told now, in words.
  package var withheld: String?
}
