package import Domain
package import Foundation

extension CheckerService {
  /// How long a claim on a checker lasts, in seconds: longer than any run may take.
  package static let claimSeconds: Double = 2 * 3600

  /// Runs claimed checkers together, so that rules on the same data source share scans, and records each.
  ///
  /// None waits for another's queries: each run is recorded, and told of, as soon as its own are through, whatever it
  /// came to. A checker that was deleted meanwhile is let go.
  package func run(_ claimed: [StoredChecker], trigger: Run.Trigger) async throws(ServiceError) -> [Run] {
    let definitions: Definitions
    let routing: Routing
    do {
      definitions = try await self.definitions()
      routing = try await self.routing(definitions)
    } catch {
      await letGo(claimed)
      throw error
    }
    let groups = Dictionary(grouping: claimed) { stored in
      Company(
        sources: definitions.sources(of: stored.checker),
        isSlow: evaluator.isSlow(stored.checker, with: definitions))
    }.values
    let results = await withTaskGroup(of: Result<[Run], ServiceError>.self) { tasks in
      for group in groups {
        tasks.addTask { await runTogether(group, with: definitions, routing: routing, trigger: trigger) }
      }
      return await tasks.reduce(into: []) { $0.append($1) }
    }
    wake()
    var runs: [Run] = []
    for result in results { runs += try result.get() }
    return runs
  }

  /// Checkers that run together: none waits for another data source, or for rules that took too long lately.
  private struct Company: Hashable {
    var sources: Set<String>
    var isSlow: Bool
  }

  private func runTogether(
    _ claimed: [StoredChecker], with definitions: Definitions, routing: Routing, trigger: Run.Trigger
  ) async -> Result<[Run], ServiceError> {
    let startedAt = now()
    let moments: [Evaluator.Moment]
    do {
      moments = try await self.moments(of: claimed, at: startedAt)
    } catch {
      await letGo(claimed)
      return .failure(error)
    }
    let inbox = EvaluationInbox()
    async let evaluated: Void = evaluate(claimed.map(\.checker), with: definitions, moments: moments, into: inbox)
    var routing = routing
    var left = Set(claimed.indices)
    var runs: [Run] = []
    var failure: ServiceError?
    for await _ in inbox.arrivals where !Task.isCancelled {
      let ready = inbox.takeAll()
      let asked = ready.reduce(into: Set<String>()) { $0.formUnion(definitions.sources(of: claimed[$1.index].checker)) }
      routing = await noteOutages(of: asked, definitions, routing)
      for entry in ready {
        let (stored, evaluation) = (claimed[entry.index], entry.evaluation)
        let run = Run(
          id: moments[entry.index].runID, checker: stored.checker.id, version: stored.version, trigger: trigger,
          scheduledFor: trigger == .schedule ? stored.nextRunAt : nil, startedAt: startedAt, finishedAt: entry.time,
          outcome: evaluation.outcome, reason: evaluation.reason, assertions: evaluation.assertions,
          log: evaluation.log, trouble: evaluation.trouble, cost: evaluation.cost)
        do {
          try await record(run, evaluation, of: stored, routing: routing)
          runs.append(run)
          left.remove(entry.index)
        } catch {
          failure = error
        }
      }
      wake()
    }
    await evaluated
    await letGo(left.sorted().map { claimed[$0] })
    return failure.map { .failure($0) } ?? .success(runs)
  }

  private func evaluate(
    _ checkers: [Checker], with definitions: Definitions, moments: [Evaluator.Moment], into inbox: EvaluationInbox
  ) async {
    await evaluator.evaluate(checkers, with: definitions, moments: moments) { index, evaluation in
      inbox.add(.init(index: index, evaluation: evaluation, time: now()))
    }
    inbox.close()
  }

  /// What each run may know: the rows that have an alarm, too.
  private func moments(
    of claimed: [StoredChecker], at time: Date
  ) async throws(ServiceError) -> [Evaluator.Moment] {
    var moments: [Evaluator.Moment] = []
    for stored in claimed {
      var moment = Evaluator.Moment(runID: RunID.make(at: time), time: time)
      if !stored.checker.alarm.perRow.isEmpty {
        // One that was deleted meanwhile has none; its run will not be recorded.
        moment.rows = try await reading { () async throws(StoreError) in
          do throws(StoreError) { return try await store.rowAlarms(of: stored.checker.id).map(\.key) } catch .notFound {
            return []
          }
        }
      }
      moments.append(moment)
    }
    return moments
  }

  /// Runs one checker now and waits for it. Refused with `conflict` while a run of it is under way.
  package func runNow(_ id: QualifiedName, trigger: Run.Trigger) async throws(ServiceError) -> Run {
    try await runClaimed(try await claim(id), trigger: trigger)
  }

  /// Claims one checker for `runClaimed`. Refused with `conflict` while a run of it is under way.
  package func claim(_ id: QualifiedName) async throws(ServiceError) -> StoredChecker {
    guard let stored = try await reading({ () async throws(StoreError) in try await store.checker(id) }) else {
      throw .notFound("there is no checker '\(id)'")
    }
    if stored.checker.body.isPushed {
      throw .conflict("'\(id)' runs elsewhere: its runs are the pings that come in")
    }
    let isClaimed = try await reading { () async throws(StoreError) in
      try await store.claim(id, at: now(), lease: Self.claimSeconds)
    }
    guard isClaimed else { throw .conflict("a run of '\(id)' is under way; its result will show here") }
    return stored
  }

  /// Runs a checker that `claim` gave, and waits for it.
  package func runClaimed(_ stored: StoredChecker, trigger: Run.Trigger) async throws(ServiceError) -> Run {
    guard let run = try await run([stored], trigger: trigger).first else {
      throw .conflict("the run of '\(stored.checker.id)' was stopped")
    }
    return run
  }

  /// What a checker would come to now. Nothing is saved or sent.
  package func preview(_ checker: Checker) async throws(ServiceError) -> CheckerPreview {
    let definitions = try await definitions()
    let startedAt = now()
    let evaluation = await evaluator.evaluate([checker], with: definitions, at: startedAt)[0]
    return CheckerPreview(
      evaluation: evaluation, milliseconds: now().timeIntervalSince(startedAt) * 1000)
  }

  private func record(
    _ run: Run, _ evaluation: Evaluation, of stored: StoredChecker, routing: Routing
  ) async throws(ServiceError) {
    let isOwn = run.trigger == .schedule || stored.nextRunAt == nil || stored.checker.schedule == nil
    let next = isOwn ? nextRun(of: stored.checker, after: now()) : stored.nextRunAt
    do {
      let seconds = evaluation.seconds ?? run.milliseconds / 1000
      let change = try await store.record(
        run, rows: evaluation.rows,
        nextRun: { current in Self.nextRun(scheduled: next, after: run, ownSeconds: seconds, current) },
        router: routing)
      announce(CheckerNews(checker: run.checker, kind: .run))
      if change != .none { announce(CheckerNews(checker: run.checker, kind: .alarm)) }
    } catch .notFound {
      // Deleted while it ran: there is nothing left to record it under.
    } catch {
      throw ServiceError(error)
    }
  }

  /// Later than scheduled for a query that does not cope, sooner for an alarm that waits for a run to decide.
  private static func nextRun(
    scheduled: Date?, after run: Run, ownSeconds: Double, _ stored: StoredChecker
  ) -> NextRun {
    guard !stored.checker.body.isPushed else { return NextRun(at: scheduled) }
    let delayed = scheduled.map {
      RunDelay.next(
        scheduled: $0, finishedAt: run.finishedAt, seconds: ownSeconds, erroredRuns: stored.alarm.memory.erroredRuns)
    }
    if let confirms = stored.confirmsAt(stored.checker.alarm), confirms > run.finishedAt,
      confirms < delayed?.at ?? .distantFuture
    {
      return NextRun(at: confirms)
    }
    return NextRun(at: delayed?.at, delay: delayed?.reason)
  }

  private func letGo(_ claimed: [StoredChecker]) async {
    for stored in claimed {
      // When the store cannot even do this, the claim runs out by itself.
      try? await store.release(stored.checker.id, nextRunAt: stored.nextRunAt)
    }
  }

  /// When `checker` is due next after `time`; `nil` when it is disabled or has no schedule.
  package func nextRun(of checker: Checker, after time: Date) -> Date? {
    guard checker.isEnabled, let schedule = checker.schedule else { return nil }
    // A schedule is validated before it is saved; one that no longer makes sense is never due.
    return (try? schedule.next(after: time)) ?? nil
  }
}

/// What a checker that is being written would come to.
package struct CheckerPreview: Sendable {
  package var evaluation: Evaluation
  package var milliseconds: Double

  package init(evaluation: Evaluation, milliseconds: Double) {
    self.evaluation = evaluation
    self.milliseconds = milliseconds
  }
}
