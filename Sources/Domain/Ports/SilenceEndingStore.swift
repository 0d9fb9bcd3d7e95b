package import Foundation

/// Which silences told that they are about to end.
package protocol SilenceEndingStore: Sendable {
  /// Those that end after `time` and by `end`, and have not told of that end; the next to end first.
  func untoldEndings(after time: Date, by end: Date) async throws(StoreError) -> [Silence]
  /// In one transaction with its deliveries; `false`, and nothing is sent, when that end was told or is another now.
  func tellEnding(of silence: Silence, deliveries: [NewDelivery], at time: Date) async throws(StoreError) -> Bool
}
