/// Does something again and again, with a pause between.
package struct Periodic: Sendable {
  private let name: String
  private let seconds: Double
  private let time: TimeSource
  private let work: @Sendable () async throws -> Void
  private let report: @Sendable (String) -> Void

  /// `report` is told of trouble, once until it is over.
  package init(
    _ name: String, every seconds: Double, time: TimeSource = .system,
    report: @escaping @Sendable (String) -> Void, work: @escaping @Sendable () async throws -> Void
  ) {
    self.name = name
    self.seconds = seconds
    self.time = time
    self.work = work
    self.report = report
  }

  /// Works until its task is cancelled.
  package func serve() async {
    var lastTrouble: String?
    while !Task.isCancelled {
      do {
        try await work()
        lastTrouble = nil
      } catch {
        let trouble = "\(error)"
        if trouble != lastTrouble { report("\(name): \(trouble)") }
        lastTrouble = trouble
      }
      do { try await time.sleep(seconds) } catch { return }
    }
  }
}
