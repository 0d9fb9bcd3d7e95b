/// What an event is about when it is no checker's alarm.
package enum EventTopic: Hashable, Codable, Sendable {
  case dataSource(String)
  case action(String)
  /// By its id.
  case silence(Int64)
}

extension EventTopic {
  /// `data_source`, `action` or `silence`.
  package var kind: String {
    switch self {
    case .dataSource: "data_source"
    case .action: "action"
    case .silence: "silence"
    }
  }

  package var name: String {
    switch self {
    case .dataSource(let name), .action(let name): name
    case .silence(let id): "\(id)"
    }
  }

  /// Where an event names a checker.
  package var id: QualifiedName { QualifiedName(namespace: kind, name: name) }

  package var words: String {
    switch self {
    case .dataSource: "data source '\(name)'"
    case .action: "action '\(name)'"
    case .silence: "silence \(name)"
    }
  }
}
