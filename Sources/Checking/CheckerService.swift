package import Domain
package import Foundation

/// What people and the scheduler can do: the use cases, over the ports. One file of extensions per topic.
///
/// Reading that needs no more than the store goes straight to `store`.
package struct CheckerService: Sendable {
  package let store: any Store
  package let engines: EnginePool
  package let channels: any ChannelMaking
  /// Where scripts and modules run; `nil` where there is none.
  package let sandbox: (any Sandbox)?
  /// The service's clock.
  package let now: @Sendable () -> Date
  /// Wakes the scheduler and the outbox after something changed for them.
  package let wake: @Sendable () -> Void
  /// Hears what happened to a checker, so that open pages can follow.
  package let announce: @Sendable (CheckerNews) -> Void
  /// Addresses of a checker's pages, for messages; `nil` where the service does not know its own address.
  package let links: @Sendable (StoredChecker, RowKey?) -> EventLinks?
  /// Whether the environment sets a variable that `${NAME}` stands for; its value is for those who connect alone.
  package let hasVariable: @Sendable (_ name: String) -> Bool
  /// When this service began to look after alarms: nothing was overdue before.
  package let aliveSince: Date
  /// Imports come one after the other.
  let imports = Turnstile()

  package init(
    store: any Store, engines: EnginePool, channels: any ChannelMaking, sandbox: (any Sandbox)? = nil,
    now: @escaping @Sendable () -> Date, wake: @escaping @Sendable () -> Void,
    announce: @escaping @Sendable (CheckerNews) -> Void = { _ in },
    links: @escaping @Sendable (StoredChecker, RowKey?) -> EventLinks? = { _, _ in nil },
    hasVariable: @escaping @Sendable (String) -> Bool = { _ in true }
  ) {
    self.store = store
    self.engines = engines
    self.channels = channels
    self.sandbox = sandbox
    self.now = now
    self.wake = wake
    self.announce = announce
    self.links = links
    self.hasVariable = hasVariable
    aliveSince = now()
  }

  func reading<Value>(_ body: () async throws(StoreError) -> Value) async throws(ServiceError) -> Value {
    do {
      return try await body()
    } catch {
      throw ServiceError(error)
    }
  }

  /// Everything that a rule may name.
  package func definitions() async throws(ServiceError) -> Definitions {
    let sources = try await reading { () async throws(StoreError) in try await store.dataSources() }
    let datasets = try await reading { () async throws(StoreError) in try await store.datasets() }
    return Definitions(dataSources: sources, datasets: datasets)
  }
}

/// Something that happened to a checker.
package struct CheckerNews: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// A run was recorded.
    case run
    /// The alarm changed its state, or people are told of it.
    case alarm
    /// It was saved, muted, disabled or deleted; its alarm was acknowledged or commented.
    case edited
  }

  package var checker: QualifiedName
  package var kind: Kind
}

/// Why a use case did not do what was asked.
package enum ServiceError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What the user wrote cannot be used; every problem at once.
  case invalid([FieldProblem])
  case notFound(String)
  case conflict(String)
  case inUse(String, by: [String])
  case query(QueryError)
  case delivery(String)
  /// The store does not work now.
  case unavailable(String)

  package init(_ error: StoreError) {
    switch error {
    case .notFound(let message): self = .notFound(message)
    case .conflict(let message): self = .conflict(message)
    case .inUse(let message, let names): self = .inUse(message, by: names)
    case .unavailable(let message): self = .unavailable(message)
    }
  }

  package var description: String { message }

  /// One or more sentences for a person.
  package var message: String {
    switch self {
    case .invalid(let problems): problems.map { "\($0.field): \($0.message)" }.joined(separator: "\n")
    case .notFound(let message), .conflict(let message), .delivery(let message), .unavailable(let message): message
    case .inUse(let message, let names): "\(message): \(names.joined(separator: ", "))"
    case .query(let error): error.message
    }
  }
}

/// What is wrong with one field of a form, a file or a request.
package struct FieldProblem: Hashable, Codable, Sendable {
  /// A path: `name`, `schedule`, `rules[2].column`.
  package var field: String
  package var message: String

  package init(field: String, message: String) {
    self.field = field
    self.message = message
  }
}
