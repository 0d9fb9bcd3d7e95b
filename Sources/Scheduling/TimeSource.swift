package import Foundation

/// Where time comes from, so that tests can hold it still.
package struct TimeSource: Sendable {
  package var now: @Sendable () -> Date
  /// Returns after so many seconds; throws when the task is cancelled.
  package var sleep: @Sendable (_ seconds: Double) async throws -> Void

  package init(now: @escaping @Sendable () -> Date, sleep: @escaping @Sendable (Double) async throws -> Void) {
    self.now = now
    self.sleep = sleep
  }

  /// The machine's clock.
  package static let system = TimeSource(now: { Date() }, sleep: { try await Task.sleep(for: .seconds($0)) })
}
