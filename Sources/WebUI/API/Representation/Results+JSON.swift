import CheckFiles
import Checking
import Domain
import Foundation

extension JSONValue {
  /// A checker and what is known about it.
  init(_ stored: StoredChecker, at time: Date) {
    self = JSONValue(stored.checker)
      .setting("version", .integer(stored.version))
      .setting("saved_at", .time(stored.savedAt))
      .setting("state", .string(stored.displayState(at: time).rawValue))
      .setting("alarm", JSONValue(stored.alarm, of: stored.checker))
      .setting("rows", stored.rows.map { JSONValue($0) } ?? .null)
      .setting("mute", stored.mute.map { JSONValue($0) } ?? .null)
      .setting("next_run_at", .time(stored.nextRunAt))
      .setting("run_delay", .optional(stored.runDelay))
      .setting("last_run", stored.lastRun.map { JSONValue($0) } ?? .null)
  }

  init(_ alarm: Alarm, of checker: Checker?) {
    let waits = [.red, .recovering].contains(alarm.state) ? checker?.recoveryWords : nil
    self = [
      "state": .string(alarm.state.rawValue), "since": .time(alarm.since), "is_warning": .boolean(alarm.isWarning),
      "run": .optional(alarm.runID), "sequence": .integer(alarm.sequence),
      "opened_at": .time(alarm.memory.trouble?.openedAt), "recovery": .optional(waits),
      "acknowledgement": alarm.acknowledgement.map { JSONValue($0) } ?? .null,
    ]
  }

  init(_ acknowledgement: Acknowledgement) {
    self = [
      "author": .string(acknowledgement.author), "comment": .string(acknowledgement.comment),
      "at": .time(acknowledgement.at), "expires_at": .time(acknowledgement.expiresAt),
    ]
  }

  init(_ mute: Mute) {
    self = [
      "reason": .string(mute.reason), "author": .string(mute.author), "started_at": .time(mute.startedAt),
      "ends_at": .time(mute.endsAt),
    ]
  }

  init(_ version: CheckerVersion) {
    self = [
      "version": .integer(version.version), "author": .string(version.author), "saved_at": .time(version.savedAt),
      "checker": JSONValue(version.checker),
    ]
  }

  init(_ run: RunSummary) {
    self = [
      "id": .string(run.id), "checker": .string(run.checker.description), "trigger": .string(run.trigger.key),
      "started_at": .time(run.startedAt), "milliseconds": .milliseconds(run.milliseconds),
      "outcome": .string(run.outcome.rawValue), "summary": .string(run.summary),
      "assertion_count": .integer(run.assertions), "failed_count": .integer(run.failedAssertions),
    ]
  }

  init(_ run: Run) {
    self = [
      "id": .string(run.id), "checker": .string(run.checker.description), "version": .integer(run.version),
      "trigger": .string(run.trigger.key), "scheduled_for": .time(run.scheduledFor),
      "started_at": .time(run.startedAt), "finished_at": .time(run.finishedAt),
      "milliseconds": .milliseconds(run.milliseconds), "outcome": .string(run.outcome.rawValue),
      "reason": .optional(run.reason), "summary": .string(run.summary), "log": .string(run.log),
      "assertions": .array(run.assertions.map { JSONValue($0) }),
      "trouble": run.trouble.map { JSONValue($0) } ?? .null, "cost": run.cost.map { JSONValue($0) } ?? .null,
    ]
  }

  init(_ assertion: Assertion) {
    self = [
      "name": .string(assertion.name), "check": .string(assertion.check), "dataset": .string(assertion.dataset),
      "outcome": .string(assertion.outcome.rawValue), "message": .string(assertion.message),
      "observed": assertion.observed.map { JSONValue($0.value) } ?? .null,
      "unit": .optional(assertion.observed?.unit), "expected": .string(assertion.expected),
      "sample": assertion.sample.map { JSONValue($0) } ?? .null,
      "line": assertion.line.map { .integer($0) } ?? .null,
    ]
  }

  init(_ sample: Sample) {
    self = [
      "columns": .strings(sample.columns),
      "rows": .array(sample.rows.map { .array($0.map { JSONValue($0) }) }), "total": .integer(sample.total),
    ]
  }

  init(_ preview: CheckerPreview) {
    self = [
      "outcome": .string(preview.evaluation.outcome.rawValue), "reason": .optional(preview.evaluation.reason),
      "milliseconds": .milliseconds(preview.milliseconds),
      "assertions": .array(preview.evaluation.assertions.map { JSONValue($0) }),
      "log": .string(preview.evaluation.log),
      "trouble": preview.evaluation.trouble.map { JSONValue($0) } ?? .null,
      "cost": preview.evaluation.cost.map { JSONValue($0) } ?? .null,
    ]
  }

  init(_ replay: Replay) {
    self = [
      "run": .string(replay.run.id), "same_verdicts": .boolean(replay.hasSameVerdicts),
      "same_fuel": replay.hasSameFuel.map { .boolean($0) } ?? .null, "now": JSONValue(replay.preview),
    ]
  }

  init(_ preview: DatasetPreview) {
    let rows = preview.rows
    self = [
      "columns": .array(rows.columns.map { JSONValue($0.description) }),
      "rows": .array((0..<rows.rowCount).map { .array(rows.row($0).map { JSONValue($0) }) }),
      "total": preview.totalRows.map { .integer($0) } ?? .null, "is_truncated": .boolean(rows.isTruncated),
      "milliseconds": .milliseconds(preview.milliseconds),
    ]
  }

  init(_ column: ColumnDescription) {
    self = [
      "name": .string(column.name), "type": .string(column.type.rawValue),
      "database_type": .string(column.databaseType),
    ]
  }

  init(_ table: TableDescription) {
    self = ["name": .string(table.name), "columns": .array(table.columns.map { JSONValue($0) })]
  }

  init(_ steps: [ConnectionTestStep]) {
    self = [
      "passed": .boolean(!steps.contains { $0.verdict == .failed }),
      "steps": .array(
        steps.map { step in
          [
            "title": .string(step.title), "verdict": .string(step.verdict.rawValue), "detail": .string(step.detail),
            "milliseconds": .milliseconds(step.milliseconds),
          ]
        }),
    ]
  }

  init(_ recorded: RecordedTransition) {
    let transition = recorded.transition
    self = [
      "checker": .string(recorded.checker.description), "sequence": .integer(transition.sequence),
      "from": .string(transition.from.rawValue), "to": .string(transition.to.rawValue),
      "is_warning": .boolean(transition.isWarning), "was_warning": .boolean(transition.wasWarning),
      "at": .time(transition.at), "previous_since": .time(transition.previousSince),
      "run": .string(transition.runID), "summary": .string(recorded.summary),
      "row": recorded.row.map { JSONValue($0) } ?? .null,
    ]
  }

  init(_ delivery: Delivery) {
    self = [
      "id": .integer(delivery.id), "action": .string(delivery.action), "event": .string(delivery.event.id),
      "kind": .string(delivery.event.subject.key), "checker": .string(delivery.event.checker.description),
      "about": .optional(delivery.event.about?.kind),
      "row": delivery.event.row.map { JSONValue($0) } ?? .null, "run": .string(delivery.event.run.id),
      "state": .string(delivery.state.rawValue),
      "reason": .string(delivery.reason), "attempts": .integer(delivery.attempts),
      "last_error": .optional(delivery.lastError),
      "created_at": .time(delivery.createdAt),
      "next_attempt_at": delivery.state == .waiting ? .time(delivery.nextAttemptAt) : .null,
      "finished_at": .time(delivery.finishedAt),
    ]
  }
}

extension Run.Trigger {
  static let keys = ["schedule", "manual", "api", "command_line", "ping"]

  var key: String {
    switch self {
    case .schedule: "schedule"
    case .manual: "manual"
    case .api: "api"
    case .commandLine: "command_line"
    case .ping: "ping"
    }
  }
}

extension Event.Subject {
  static let keys = AlarmTransition.Notice.allCases.map(\.rawValue) + ["alarm", "run", "test"]

  /// What the event tells.
  var key: String {
    switch self {
    case .alarm(let transition): transition.notice?.rawValue ?? "alarm"
    case .runFinished: "run"
    case .test: "test"
    }
  }
}
