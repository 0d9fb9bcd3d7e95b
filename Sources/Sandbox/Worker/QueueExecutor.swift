import Dispatch

/// Runs an actor on a queue of its own, where it may block, and which also takes work from outside of any task, in order.
final class QueueExecutor: SerialExecutor {
  private let queue: DispatchQueue

  init(label: String) { queue = DispatchQueue(label: label) }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }

  func checkIsolated() { dispatchPrecondition(condition: .onQueue(queue)) }

  func async(_ work: @escaping @Sendable () -> Void) { queue.async(execute: work) }

  /// - Parameter seconds: How long the work waits at least.
  func async(after seconds: Double, _ work: @escaping @Sendable () -> Void) {
    queue.asyncAfter(deadline: .now() + seconds, execute: work)
  }
}
