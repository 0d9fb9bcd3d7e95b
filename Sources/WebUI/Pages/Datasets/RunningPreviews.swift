import Checking
import Foundation

/// Queries that people wait for in the editor, so that they can stop them.
actor RunningPreviews {
  private var running: [String: @Sendable () -> Void] = [:]

  /// Names are the browser's own; those of others cannot be guessed.
  private static let longestName = 100

  /// Runs `work`, which `cancel` stops, as does the end of the task that asks.
  func run<Value: Sendable>(
    _ name: String, _ work: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    guard (1...Self.longestName).contains(name.utf8.count), running[name] == nil else { return try await work() }
    let task = Task { try await work() }
    running[name] = { task.cancel() }
    defer { running[name] = nil }
    return try await withTaskCancellationHandler {
      try await task.value
    } onCancel: {
      task.cancel()
    }
  }

  func cancel(_ name: String) { running[name]?() }
}
