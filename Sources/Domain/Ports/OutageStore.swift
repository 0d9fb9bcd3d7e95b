package import Foundation

/// What does not work now: data sources that cannot be reached, actions that cannot deliver.
package protocol OutageStore: Sendable {
  func outages() async throws(StoreError) -> [Outage]
  /// In one transaction with its deliveries; `false`, and nothing is sent, when it is known already.
  func begin(_ outage: Outage, deliveries: [NewDelivery]) async throws(StoreError) -> Bool
  /// In one transaction with the deliveries that tell of its end; `nil` when there was none.
  func end(
    _ subject: Outage.Subject, at time: Date, deliveries: @escaping @Sendable (Outage) -> [NewDelivery]
  ) async throws(StoreError) -> Outage?
  /// Since when events of `action` wait that were tried in vain, as far as they are written down; `nil`: none does.
  func failingSince(_ action: String) async throws(StoreError) -> Date?
  /// Makes scheduled checkers due now that would be due later. What was withheld of those that do not run by themselves
  /// is looked at now.
  func hasten(_ ids: [QualifiedName], at time: Date) async throws(StoreError)
}
