import Domain
import Foundation

/// An event in the words of `TemplateVariable.all`, bounded in length.
struct TemplateContext {
  let event: Event
  let links: Links
  let situation: Situation

  private static let rowLimit = 10
  private static let columnLimit = 20
  private static let listLimit = 50

  /// `event` has only those rows that may leave.
  init(_ event: Event, links: Links) {
    self.event = event
    self.links = links
    situation = Situation(event)
  }

  /// What `templates` may use. Writing the event as JSON is work, and few templates want it.
  func value(for templates: Templates) -> TemplateValue {
    let json = templates.wantsJSON ? json : ""
    let parts = [state, checker, findings, rows, group, ["json": .text(json)]]
    return .fields(parts.reduce(into: [:]) { $0.merge($1) { $1 } })
  }

  /// The signed links, of an alarm that is told of alone: they are of one alarm, and of several nobody could tell which.
  private var signed: EventLinks? {
    situation.isFiring && (event.group?.alarms.count ?? 1) <= 1 ? event.links : nil
  }

  var acknowledge: String { signed?.acknowledge ?? "" }
  var snooze: String { signed?.snooze ?? "" }

  private var state: [String: TemplateValue] {
    let kind = situation.kind
    return [
      "state": .text(situation.word), "heading": .text(situation.heading), "icon": .text(situation.icon),
      "is_red": .flag(kind == .problem), "is_warning": .flag(situation.isWarning),
      "is_error": .flag(kind == .trouble), "is_firing": .flag(situation.isFiring),
      "is_resolved": .flag(kind == .resolved), "is_acknowledged": .flag(kind == .acknowledged),
      "is_reminder": .flag(situation.isReminder), "is_run": .flag(kind == .finished), "is_test": .flag(kind == .test),
      "previous": .text(situation.previous),
      "since": .text(TimeWords.moment(situation.since)),
      "previous_since": .text(situation.previousSince.map(TimeWords.moment) ?? ""),
      "duration": .text(situation.duration.map(TimeWords.duration) ?? ""),
      "time": .text(TimeWords.moment(event.time)),
    ]
  }

  private var checker: [String: TemplateValue] {
    let tags = event.tags.prefix(Self.listLimit).map { Self.short($0, 100) }
    return [
      "row": .text(TextLimit.oneLine(Self.short(event.row?.text ?? "", 500))),
      "row_values": .list((event.row?.fields ?? []).map(Self.fields(of:))),
      "checker": .text("\(event.checker)"), "namespace": .text(event.checker.namespace),
      "name": .text(event.checker.name), "description": .text(Self.long(event.description)),
      "severity": .text(event.severity.rawValue), "owner": .text(Self.short(event.owner, 200)),
      "tags": .list(tags.map { .text($0) }), "tag_list": .text(tags.joined(separator: ", ")),
      "runbook": .text(Self.long(event.runbook)),
      "runbook_text": .text(Self.long(RunbookText(Self.long(event.runbook)).plain)),
      "runbook_html": .text(RunbookText(Self.long(event.runbook)).html), "run_id": .text(event.run.id),
      "event_id": .text(event.id),
      "version": .text("\(event.checkerVersion)"),
      "links": .fields([
        "checker": .text(links.page(of: event) ?? ""), "opens": .text(event.pageTitle),
        "run": .text(links.run(of: event) ?? ""),
        "runbook": .text(event.runbook.isEmpty ? "" : links.runbook(event.checker) ?? ""),
        "acknowledge": .text(acknowledge), "snooze": .text(snooze),
      ]),
    ]
  }

  private var json: String {
    var data = EventData(event, includesRows: event.run.assertions.contains { $0.sample?.rows.isEmpty == false })
    var bytes = data.json.encoded
    while bytes.count > CloudEvent.maximumBytes, data.cut() { bytes = data.json.encoded }
    return String(decoding: bytes, as: UTF8.self)
  }

  private var findings: [String: TemplateValue] {
    let run = event.run
    let notable = run.assertions.filter { $0.outcome != .passed }
    let worst = notable.first { $0.outcome == run.outcome }
    let place = event.row.map { "\($0.text): " } ?? ""
    let message = situation.kind == .test ? "This is a test: the action works." : place + event.summary
    return [
      "message": .text(TextLimit.oneLine(Self.long(message))),
      "messages": .list(notable.prefix(20).map { .text(TextLimit.oneLine(Self.short($0.news, 1000))) }),
      "observed": .text(Self.short(worst?.observed?.text ?? "", 500)),
      "value": .text(Self.short(worst?.observed?.value.text ?? "", 500)),
      "unit": .text(worst?.observed?.unit ?? ""), "expected": .text(Self.short(worst?.expected ?? "", 1000)),
      "dataset": .text(worst?.dataset ?? ""), "check": .text(worst?.check ?? ""),
      "assertions": .list(run.assertions.prefix(Self.listLimit).map(Self.fields(of:))),
    ]
  }

  private static func fields(of field: RowKey.Field) -> TemplateValue {
    .fields([
      "column": .text(short(field.column, 100)), "cell": .text(TextLimit.oneLine(short(field.value ?? "NULL", 200))),
    ])
  }

  private static func fields(of assertion: Assertion) -> TemplateValue {
    .fields([
      "assertion": .text(short(assertion.name, 500)), "outcome": .text(assertion.outcome.rawValue),
      "is_passed": .flag(assertion.outcome == .passed),
      "message": .text(TextLimit.oneLine(short(assertion.message, 1000))),
      "observed": .text(short(assertion.observed?.text ?? "", 500)), "expected": .text(short(assertion.expected, 1000)),
      "dataset": .text(assertion.dataset),
    ])
  }

  private var group: [String: TemplateValue] {
    let alarms = event.group?.alarms ?? []
    return [
      "group": .text(Self.short(event.group?.key ?? "", 300)),
      "others": .text(alarms.count > 1 ? "\(alarms.count - 1)" : ""),
      "alarms": .list(alarms.prefix(Self.listLimit).map(Self.fields(of:))),
    ]
  }

  private static func fields(of member: EventGroup.Member) -> TemplateValue {
    .fields([
      "icon": .text(Situation.icon(of: member)), "heading": .text(Situation.heading(of: member)),
      "checker": .text("\(member.checker)"),
      "message": .text(TextLimit.oneLine(short(member.place + member.summary, 500))),
      "severity": .text(member.severity.rawValue),
    ])
  }

  private var rows: [String: TemplateValue] {
    let notable = event.run.assertions.filter { $0.outcome != .passed }
    let sample = (notable.first { $0.outcome == event.run.outcome && $0.sample != nil } ?? notable.first)?.sample
    let shown = sample?.rows.prefix(Self.rowLimit) ?? []
    let columns = (sample?.columns ?? []).prefix(Self.columnLimit).map { Self.short($0, 100) }
    let more = (sample?.total ?? 0) - shown.count
    return [
      "row_count": .text(sample.map { "\($0.total)" } ?? ""), "has_rows": .flag(!shown.isEmpty),
      "columns": .list(shown.isEmpty ? [] : columns.map { .text($0) }),
      "rows": .list(shown.map { Self.row($0, columns) }),
      "more_rows": .text(more > 0 && !shown.isEmpty ? "\(more)" : ""),
    ]
  }

  private static func row(_ row: [Cell], _ columns: [String]) -> TemplateValue {
    let cells = zip(columns, row).map { ($0, TextLimit.oneLine(short($1.text, 200))) }
    return .fields([
      "row": .text(cells.map { "\($0.0)=\($0.1)" }.joined(separator: ", ")),
      "cells": .list(cells.map { .fields(["column": .text($0.0), "cell": .text($0.1)]) }),
    ])
  }

  private static func short(_ text: String, _ limit: Int) -> String {
    TextLimit.clean(TextLimit.cut(text, utf16: limit))
  }

  private static func long(_ text: String) -> String { short(text, 4000) }
}
