package import Domain
package import Foundation

extension CheckerService {
  /// Withholds the deliveries of a checker's alarm; its runs and its state go on. `until` nil: until taken off.
  package func mute(
    _ id: QualifiedName, reason: String, until: Date?, author: String
  ) async throws(ServiceError) {
    let time = now()
    if let until, until <= time {
      throw .invalid([FieldProblem(field: "until", message: "the end of a mute lies in the future")])
    }
    try await reading { () async throws(StoreError) in
      try await store.mute(id, Mute(reason: reason, author: author, startedAt: time, endsAt: until))
    }
    announce(CheckerNews(checker: id, kind: .edited))
  }

  package func unmute(_ id: QualifiedName) async throws(ServiceError) {
    try await reading { () async throws(StoreError) in try await store.mute(id, nil) }
    announce(CheckerNews(checker: id, kind: .edited))
  }
}
