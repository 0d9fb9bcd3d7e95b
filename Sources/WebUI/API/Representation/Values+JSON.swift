import CheckFiles
import Domain
import Foundation
import Rules

extension JSONValue {
  /// ISO 8601 in UTC, with milliseconds.
  static func time(_ time: Date) -> JSONValue {
    .string(time.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
  }

  static func time(_ time: Date?) -> JSONValue { time.map { JSONValue.time($0) } ?? .null }

  /// Finite numbers only, as every measured time is.
  static func milliseconds(_ value: Double) -> JSONValue { .number("\((value * 1000).rounded() / 1000)") }

  /// A measured value: numbers as numbers with all their digits; NaN and infinities, which JSON lacks, as text.
  init(_ cell: Cell) {
    switch cell {
    case .null: self = .null
    case .boolean(let value): self = .boolean(value)
    case .integer, .double, .decimal: self = cell.exactDecimal.map { .number("\($0)") } ?? .string(cell.text)
    case .text, .binary: self = .string(cell.text)
    }
  }

  init(_ scalar: Scalar) {
    switch scalar {
    case .null: self = .null
    case .boolean(let value): self = .boolean(value)
    case .number(let value): self = .number("\(value)")
    case .text(let value): self = .string(value)
    }
  }

  init(_ texts: [String: String]) {
    self = .object(texts.sorted { $0.key < $1.key }.map { Member($0.key, .string($0.value)) })
  }

  /// How many checkers are in each state; every state is there.
  init(_ counts: [DisplayState: Int]) {
    self = .object(DisplayState.allCases.map { Member($0.rawValue, .integer(counts[$0] ?? 0)) })
  }
}

// MARK: What users own: the keys are those of check files

extension JSONValue {
  /// Without its secrets.
  init(_ source: DataSource) {
    self = [
      "name": .string(source.name), "driver": .string(source.driver.rawValue),
      "uri": .string(SecretMask.hide(uri: source.uri)), "description": .string(source.description),
      "timeout": .number("\(source.limits.timeoutSeconds)"), "max_rows": .integer(source.limits.maxRows),
      "max_bytes": .integer(source.limits.maxBytes), "max_connections": .integer(source.maxConnections),
      "options": JSONValue(SecretMask.hide(options: source.options)),
    ]
  }

  init(_ dataset: Dataset) {
    self = [
      "namespace": .string(dataset.id.namespace), "name": .string(dataset.id.name),
      "data_source": .string(dataset.dataSource), "sql": .string(dataset.sql),
      "description": .string(dataset.description),
    ]
  }

  init(_ checker: Checker) {
    let common: JSONValue = [
      "namespace": .string(checker.id.namespace), "name": .string(checker.id.name),
      "description": .string(checker.description), "severity": .string(checker.severity.rawValue),
      "schedule": .optional(checker.schedule?.text), "timezone": .optional(checker.schedule?.timeZone),
      "owner": .string(checker.owner), "tags": .strings(checker.tags), "enabled": .boolean(checker.isEnabled),
      "actions": .strings(checker.actions), "runbook": .string(checker.runbook),
      "alarm_policy": JSONValue(checker.alarm), "data_source": .optional(checker.dataSource),
    ]
    self = Self.members(of: checker.body).reduce(common) { $0.setting($1.key, $1.value) }
  }

  private static func members(of body: CheckerBody) -> [Member] {
    var members: [Member]
    switch body {
    case .rules(let rules): return [Member("rules", .array(rules.map { JSONValue($0) }))]
    case .script(let script):
      members = [
        Member("script", ["language": .string(script.language.rawValue), "source": .string(script.source)])
      ]
    case .heartbeat: return [Member("heartbeat", [:])]
    case .module(let module):
      members = [
        Member("module", JSONValue(module)), Member("datasets", .strings(module.datasets)),
      ]
    }
    if !body.limits.isStandard { members.append(Member("limits", JSONValue(body.limits))) }
    if !body.parameters.isEmpty {
      let parameters = body.parameters.sorted { $0.key < $1.key }
      members.append(Member("parameters", .object(parameters.map { Member($0.key, .string($0.value)) })))
    }
    if !body.fixtures.isEmpty { members.append(Member("fixtures", .array(body.fixtures.map { JSONValue($0) }))) }
    return members
  }

  private init(_ limits: CodeLimits) {
    let members: [(String, JSONValue?)] = [
      ("seconds", limits.seconds.map { .number(CodeLimits.text($0)) }),
      ("memory_mib", limits.memoryMiB.map { .integer($0) }),
      ("data_mib", limits.dataMiB.map { .integer($0) }),
    ]
    self = .object(members.compactMap { name, value in value.map { Member(name, $0) } })
  }

  init(_ module: Module) {
    self = [
      "file_name": .string(module.fileName), "sha256": .string(module.digest), "size": .integer(module.byteCount),
    ]
  }

  private init(_ fixture: Fixture) {
    let datasets = fixture.datasets.map { rows in
      Member(
        rows.dataset,
        [
          "columns": .strings(rows.columns),
          "rows": .array(rows.rows.map { .array($0.map { JSONValue($0) }) }),
        ])
    }
    var members = [
      Member("name", .string(fixture.name)), Member("expect", .string(fixture.expected.rawValue)),
      Member("datasets", .object(datasets)),
    ]
    if let now = fixture.now { members.append(Member("now", .string(MomentText.write(now)))) }
    self = .object(members)
  }

  init(_ stored: StoredLibrary) {
    self = [
      "namespace": .string(stored.library.namespace), "name": .string(stored.library.fileName),
      "source": .string(stored.library.source), "version": .integer(stored.version), "author": .string(stored.author),
      "saved_at": .time(stored.savedAt),
    ]
  }

  /// Only what differs from the defaults, as a check file has it.
  init(_ policy: AlarmPolicy) {
    self = .object(
      AlarmPolicyText.fields(policy).map { key, value in
        switch value {
        case .text(let text): Member(key, .string(text))
        case .number(let number): Member(key, .integer(number))
        case .list(let texts): Member(key, .strings(texts))
        }
      })
  }

  /// Only what differs from the defaults, as a check file has it.
  init(_ rule: Rule) {
    var members = [Member("check", .string(rule.check)), Member("dataset", .string(rule.dataset))]
    if let name = rule.name { members.append(Member("name", .string(name))) }
    for parameter in RuleCatalogue.kind(rule.check)?.parameters ?? [] {
      switch rule.parameters[parameter.key] {
      case .scalar(let value): members.append(Member(parameter.key, JSONValue(value)))
      case .list(let values): members.append(Member(parameter.key, .array(values.map { JSONValue($0) })))
      case nil: break
      }
    }
    if let filter = rule.filter { members.append(Member("where", .string(filter))) }
    if rule.percent { members.append(Member("percent", true)) }
    if let threshold = rule.threshold { members.append(Member(threshold)) }
    if let recovery = rule.recovery { members.append(Member("recovery", .object([Member(recovery)]))) }
    if rule.level != .fail { members.append(Member("level", .string(rule.level.rawValue))) }
    if let onEmpty = rule.onEmpty { members.append(Member("on_empty", .string(onEmpty.rawValue))) }
    if !rule.keys.isEmpty { members.append(Member("keys", .strings(rule.keys))) }
    if rule.sampleSize != Rule.defaultSampleSize { members.append(Member("sample_size", .integer(rule.sampleSize))) }
    if let message = rule.message { members.append(Member("message", .string(message))) }
    self = .object(members)
  }

  /// Without its secrets.
  init(_ action: Action, _ kinds: [ChannelKind]) {
    var members: [Member] = [
      Member("name", .string(action.name)), Member("channel", .string(action.channel)),
      Member("settings", JSONValue(ActionSecrets(kinds).hidden(in: action))),
      Member("notices", .strings(action.notices.map(\.rawValue).sorted())),
      Member("default", .boolean(action.isDefault)), Member("enabled", .boolean(action.isEnabled)),
    ]
    if let grouping = action.grouping {
      members.append(Member("group_by", .strings(grouping.by)))
      members.append(Member("group_wait", .string(DurationText.write(grouping.waitSeconds))))
      members.append(Member("group_interval", .string(DurationText.write(grouping.intervalSeconds))))
    }
    if let fallback = action.fallback { members.append(Member("fallback", .string(fallback))) }
    self = .object(members)
  }
}

extension JSONValue.Member {
  init(_ threshold: Threshold) {
    let bounds = threshold.bounds.map { JSONValue.number("\($0)") }
    self.init(threshold.key, bounds.count == 2 ? .array(bounds) : bounds[0])
  }
}
