package import Domain

extension CheckerService {
  /// Adds an action, or replaces the one that was called `original`.
  /// - Parameter expected: What the edit began with, as it is stored; anything else there is somebody else's edit.
  package func save(
    _ action: Action, replacing original: String?, expected: Action? = nil
  ) async throws(ServiceError) {
    let others = try await reading { () async throws(StoreError) in try await store.actions() }.map(\.name)
      .filter { $0 != original && $0 != action.name }
    let problems = problems(with: action, among: others)
    if !problems.isEmpty { throw .invalid(problems) }
    try await reading { () async throws(StoreError) in
      try await store.save(action, replacing: original, expected: expected)
    }
    if let original, original != action.name {
      let tree = try await routingTree()
      if tree.actions.contains(original) {
        try await save(tree.renaming(original, to: action.name), author: "renamed action \(original)")
      }
    }
    try await actionWorks(original ?? action.name, reason: "action '\(action.name)' was edited")
    wake()
  }

  /// What is wrong with an action beside which there are the `others`.
  func problems(with action: Action, among others: [String]) -> [FieldProblem] {
    var problems = NameRule.problem(with: action.name).map { [FieldProblem(field: "name", message: $0)] } ?? []
    problems += settingProblems(of: action)
    if let grouping = action.grouping {
      problems += grouping.by.compactMap(RoutingTree.Grouping.problem(with:)).map {
        FieldProblem(field: "group_by", message: $0)
      }
      let kind = channels.kinds.first { $0.key == action.channel }
      if let kind, !kind.tellsOfGroups {
        problems.append(
          FieldProblem(field: "group_by", message: "\(kind.title) gets one event for each alarm: leave it out"))
      }
    }
    if let fallback = action.fallback, !others.contains(fallback) {
      let nearest = Spelling.nearest(to: fallback, among: others).map { "; did you mean '\($0)'?" } ?? ""
      problems.append(FieldProblem(field: "fallback", message: "there is no other action '\(fallback)'\(nearest)"))
    }
    return problems
  }

  /// All settings that are missing, and the first that cannot be used.
  private func settingProblems(of action: Action) -> [FieldProblem] {
    let kind = channels.kinds.first { $0.key == action.channel }
    let missing = (kind?.settings ?? []).filter {
      $0.isRequired && $0.defaultValue.isEmpty && (action.settings[$0.key] ?? "").allSatisfy(\.isWhitespace)
    }
    var problems = missing.map { Self.problem(with: $0.missing) }
    do {
      _ = try channels.make(action)
    } catch {
      if !missing.contains(where: { $0.key == error.key }) { problems.append(Self.problem(with: error)) }
    }
    return problems
  }

  package func deleteAction(_ name: String) async throws(ServiceError) {
    if try await routingTree().actions.contains(name) {
      throw .inUse("The routing tree sends alarms to the action '\(name)'", by: ["routing"])
    }
    try await reading { () async throws(StoreError) in try await store.deleteAction(name) }
    try await actionWorks(name, reason: "action '\(name)' was deleted")
  }

  /// Sends a test event and waits for the receiver's answer. Returns what was wrong with its words, if anything was.
  package func sendTest(_ action: Action) async throws(ServiceError) -> String? {
    let channel: any Channel
    do {
      channel = try channels.make(action)
    } catch {
      throw .invalid([Self.problem(with: error)])
    }
    var event = testEvent()
    if try await reading({ () async throws(StoreError) in try await store.action(action.name) }) != nil {
      event.testedAction = action.name
    }
    let result = await Self.deliver(event, through: channel)
    await channel.close()
    if let problem = result { throw .delivery(problem) }
    return channel.problem(with: event)
  }

  private static func problem(with error: ChannelSettingsError) -> FieldProblem {
    FieldProblem(field: error.key == "channel" ? "channel" : "settings.\(error.key)", message: error.message)
  }

  /// Puts a delivery that failed, or was withheld, back in line.
  package func resend(_ id: Int64) async throws(ServiceError) {
    try await reading { () async throws(StoreError) in try await store.resend(id, at: now()) }
    wake()
  }

  /// Puts the deliveries of an action that failed back in line, those aside that newer news has overtaken.
  package func resendFailed(action: String) async throws(ServiceError) -> ResentDeliveries {
    let resent = try await reading { () async throws(StoreError) in
      try await store.resendFailed(action: action, at: now())
    }
    wake()
    return resent
  }

  private static func deliver(_ event: Event, through channel: any Channel) async -> String? {
    do {
      try await channel.send(event)
      return nil
    } catch {
      switch error {
      case .transient(let message, _), .permanent(let message), .broken(let message): return message
      }
    }
  }

  private func testEvent() -> Event {
    let time = now()
    let checker = Checker(
      id: QualifiedName(namespace: "test", name: "test"), description: "A test of this action", severity: .info,
      body: .rules([]))
    let assertion = Assertion(
      name: "test", check: "row_count", dataset: "test", outcome: .failed, message: "This is a test: nothing is wrong",
      observed: Observation(.integer(1), unit: "rows"), expected: "0 rows")
    let id = RunID.make(at: time)
    let run = Run(
      id: id, checker: checker.id, version: 1, trigger: .manual, startedAt: time, finishedAt: time, outcome: .failed,
      assertions: [assertion])
    return Event(id: "\(id)-test", subject: .test, checker: checker, checkerVersion: 1, run: run, time: time)
  }
}
