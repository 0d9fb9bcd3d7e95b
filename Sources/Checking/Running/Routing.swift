import Domain

/// Decides which actions hear of a run.
struct Routing: Sendable {
  var actions: [Action]
  /// The names of the actions that want a message per run.
  var everyRun: Set<String>

  func deliveries(for run: Run, of stored: StoredChecker, transition: AlarmTransition?) -> [NewDelivery] {
    let bound = actions.filter { $0.isEnabled && isBound($0, to: stored.checker) }
    var deliveries: [NewDelivery] = []
    if let transition, let notice = transition.notice {
      let event = Event(
        id: "\(run.id)-\(notice.rawValue)", subject: .alarm(transition), checker: stored.checker,
        checkerVersion: run.version, run: run, time: run.finishedAt)
      let isMuted = stored.mute?.isActive(at: run.finishedAt) ?? false
      deliveries += bound.filter { $0.notices.contains(notice) }.map {
        NewDelivery(event: event, action: $0.name, isWithheld: isMuted)
      }
    }
    let finished = bound.filter { everyRun.contains($0.name) }
    if !finished.isEmpty {
      let event = Event(
        id: "\(run.id)-run", subject: .runFinished, checker: stored.checker, checkerVersion: run.version, run: run,
        time: run.finishedAt)
      deliveries += finished.map { NewDelivery(event: event, action: $0.name, isWithheld: false) }
    }
    return deliveries
  }

  private func isBound(_ action: Action, to checker: Checker) -> Bool {
    checker.actions.isEmpty ? action.isDefault : checker.actions.contains(action.name)
  }
}
