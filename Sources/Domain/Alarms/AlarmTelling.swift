package import Foundation

/// What people know of an alarm, and what they are still to hear.
extension Alarm {
  /// What became of a notice: the actions that it is sent `to`, and whether it was withheld from somebody.
  package mutating func noteFate(
    of notice: AlarmNotice, wasSent: Bool, wasWithheld: Bool, to actions: [String] = [], severity: Severity? = nil
  ) {
    let isWithheld = wasWithheld && !wasSent
    if wasSent { memory.trouble?.wasTold = true }
    if notice.kind == .acknowledged { return }
    if wasSent, AlarmTransition.Notice.ofState.contains(notice.kind) { memory.trouble?.toldKind = notice.kind }
    if let severity { memory.trouble?.toldSeverity = severity }
    memory.trouble?.isWithheld = isWithheld
    if notice.kind != .resolved {
      if wasSent {
        // Who waits for the end of the trouble before hears that of this one.
        for name in (notice.told ?? []) + actions where memory.trouble?.told?.contains(name) == false {
          memory.trouble?.told?.append(name)
        }
        memory.owed = nil
      }
    } else if !isWithheld {
      (memory.owed, memory.knownAs) = (nil, nil)
    } else if notice.wasTold {
      let opened = memory.owed?.openedAt ?? notice.openedAt
      memory.owed = OwedResolution(
        openedAt: opened, resolvedAt: notice.transition.at, told: notice.told, wasWarning: notice.isWarning,
        from: notice.transition.from, fromSince: notice.transition.previousSince)
    }
  }

  /// A notice that was on its way to `action` is withheld after all. Without one `heardBefore` it heard of nothing.
  package mutating func newsWithheld(from action: String, heardBefore: Bool) {
    guard var trouble = memory.trouble else { return }
    trouble.isWithheld = true
    if !heardBefore { trouble.told?.removeAll { $0 == action } }
    if let told = trouble.told, told.isEmpty {
      (trouble.wasTold, trouble.toldKind, trouble.toldAsWarning, trouble.toldSeverity) = (false, nil, nil, nil)
    }
    memory.trouble = trouble
  }

  /// Nothing withholds its notices any more; what people should have been told, if they were not.
  package mutating func silenceEnded(at time: Date) -> AlarmNotice? {
    if let owed = memory.owed, memory.trouble == nil {
      let lasted = owed.resolvedAt.timeIntervalSince(owed.openedAt)
      var transition = standing(.resolved, at: time)
      transition.from = owed.from ?? .red
      transition.previousSince = owed.fromSince ?? owed.openedAt
      return AlarmNotice(
        transition: transition, kind: .resolved, reason: .resolved(afterSeconds: lasted),
        openedAt: owed.openedAt, wasTold: true, told: owed.told, isWarning: owed.wasWarning ?? false,
        knownAs: memory.knownAs)
    }
    guard memory.trouble?.isWithheld == true else { return nil }
    let kinds: [State: AlarmTransition.Notice] = [.red: .red, .error: .error, .stale: .stale]
    guard let kind = kinds[state] else { return nil }
    if state == .red { memory.trouble?.toldAsWarning = isWarning }
    return remark(kind, .silenceEnded, at: time)
  }
  /// Its checker is deleted: the end of what people heard of; `nil` when they heard of nothing.
  package mutating func checkerDeleted(at time: Date) -> AlarmNotice? {
    if memory.trouble == nil, memory.owed != nil { return silenceEnded(at: time) }
    guard var notice = close(at: time).notice, notice.wasTold else { return nil }
    if let seconds = notice.lastedSeconds { notice.reason = .checkerGone(afterSeconds: seconds) }
    return notice
  }

  /// Its checker has another name from now on. What people were told of keeps the one that they know until its end, so
  /// that a pager closes what it opened.
  package mutating func checkerRenamed(from original: QualifiedName, to name: QualifiedName) {
    let isKnown = memory.trouble?.wasTold ?? false || memory.owed != nil
    let known = memory.knownAs ?? original
    memory.knownAs = isKnown && known != name ? known : nil
  }

  /// It counts for more than what people were told: somebody raised its checker's severity.
  package func isWorse(thanToldBy checker: Checker) -> Bool {
    guard let trouble = memory.trouble, !trouble.isWithheld, let known = trouble.toldSeverity,
      [.red, .error, .stale].contains(state)
    else { return false }
    return AlarmSubject(checker: checker, alarm: self).severity.rank > known.rank
  }

  /// What is to be told when `isWorse` says so: others may answer for it.
  package mutating func severityRose(with checker: Checker, at time: Date) -> AlarmNotice? {
    let kinds: [State: AlarmTransition.Notice] = [.red: .red, .error: .error, .stale: .stale]
    guard isWorse(thanToldBy: checker), let kind = kinds[state] else { return nil }
    let severity = AlarmSubject(checker: checker, alarm: self).severity
    memory.trouble?.toldSeverity = severity
    return remark(kind, .moreSevere, at: time)
  }
}

extension AlarmNotice {
  /// The names of the actions that hear of it. `routed` are those that its alarm goes to as it stands now.
  ///
  /// News of how things stand goes there, and to whoever heard of this trouble before. Its end, and that somebody looks
  /// after it, goes to those who heard of it and to no other, wherever its alarm would go now; beside them to actions
  /// that want to hear of no beginning.
  package func audience(routed: [Action]) -> [String] {
    let names = routed.map(\.name)
    guard let told else { return names }
    switch kind {
    case .reminder, .silenceEnding: return names
    case .red, .error, .stale: return names + told.filter { !names.contains($0) }
    case .resolved, .acknowledged:
      let others = routed.filter { $0.notices.isDisjoint(with: AlarmTransition.Notice.ofState) }.map(\.name)
      return told + others.filter { !told.contains($0) }
    }
  }
}
