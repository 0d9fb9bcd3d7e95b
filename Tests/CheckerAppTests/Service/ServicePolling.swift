import Foundation

/// Waits, on a machine as slow as it may be, until something is so.
///
/// - Throws: `ProgramError` that names `what` when it does not come about in time.
func wait<Value>(for what: String, seconds: Double = 60, _ look: () async throws -> Value?) async throws -> Value {
  let clock = ContinuousClock()
  let deadline = clock.now + .seconds(seconds)
  var last: (any Error)?
  while clock.now < deadline {
    do {
      if let value = try await look() { return value }
      last = nil
    } catch { last = error }
    try await Task.sleep(for: .milliseconds(50))
  }
  throw ProgramError("\(what) did not come about within \(seconds) s\(last.map { ": \($0)" } ?? "")")
}

/// As `wait(for:)`, for a condition.
func wait(until what: String, seconds: Double = 60, _ isSo: () async throws -> Bool) async throws {
  _ = try await wait(for: what, seconds: seconds) { try await isSo() ? true : nil }
}

/// Runs blocking work away from the cooperative threads, of which a small machine has two.
func blocking<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
  try await withCheckedThrowingContinuation { continuation in
    DispatchQueue.global().async { continuation.resume(with: Result { try body() }) }
  }
}
