import CheckFiles
import Checking
import Domain
import Foundation
import HTTPTypes

/// What people do about an open alarm, and all that happened to it.
enum AttentionAPI: APIResource {
  private static let path = "/checkers/{namespace}/{name}"

  static let endpoints: [Endpoint] = [
    Endpoint(
      .post, path + "/acknowledge", "acknowledgeAlarm", "alarms",
      "Look after an open alarm: nobody is reminded until it is resolved, or until the time is over",
      body: .json("AcknowledgeRequest"), content: .json(Schema.ref("Checker")), problems: [.conflict]
    ) { call in
      let fields = try call.fields(["comment", "until", "for", "row"])
      let comment = fields.text("comment") ?? ""
      let end = fields.end(after: call.now)
      try call.finish(fields)
      let row = try RowKey(json: call.json["row"])
      try await call.service.acknowledge(
        call.id, row: row, comment: comment, until: end, author: call.author)
      return try await CheckerControlAPI.changed(call)
    },
    Endpoint(
      .post, path + "/unacknowledge", "unacknowledgeAlarm", "alarms", "Take an acknowledgement back",
      query: [QueryParameter("row", "Of this row only: its values as a JSON object, `{\"country\":\"PT\"}`.")],
      content: .json(Schema.ref("Checker")), problems: [.conflict]
    ) { call in
      let row = try call.value("row").map { text in
        guard let key = RowKey(canonical: text) else { throw RowKey.problem }
        return key
      }
      try await call.service.withdrawAcknowledgement(call.id, row: row, author: call.author)
      return try await CheckerControlAPI.changed(call)
    },
    Endpoint(
      .post, path + "/comments", "commentAlarm", "alarms", "Write a comment into the history of an alarm",
      body: .json("CommentRequest"), status: .created, content: .json(Schema.ref("HistoryItem"))
    ) { call in
      let fields = try call.fields(["text", "row"])
      let row = try RowKey(json: call.json["row"])
      let text = fields.requiredText("text") ?? ""
      try call.finish(fields)
      try await call.service.comment(call.id, row: row, text, author: call.author)
      let items = try await call.service.history(of: call.id, limit: APIPage.standardLimit)
      let comment = items.first { if case .entry(let entry) = $0.content { entry.kind == .comment } else { false } }
      return .created(comment.map { JSONValue($0) } ?? .null, at: call.id.path + ["history"])
    },
    Endpoint(
      .get, path + "/history", "listHistory", "alarms",
      "All that happened to an alarm, the newest first: changes, what was sent or withheld and why, what people did",
      query: QueryParameter.paging, content: .json(Schema.page(Schema.ref("HistoryItem"))), problems: [.notFound]
    ) { call in
      let page = try await APIPage.newest(call, json: { JSONValue($0) }) { count in
        try await call.service.history(of: call.id, limit: count)
      }
      return page.answer
    },
    Endpoint(
      .post, path + "/runbook/{number}", "runRunbookQuery", "alarms",
      "Run a query of the runbook, counted from 1, with the values of the last run; it stands in the history",
      content: .json(Schema.ref("RunbookResult")), problems: [.notFound, .unprocessableContent]
    ) { call in
      let cell = try await RunbookPages.cell(call.id, call.name("number"), call.service)
      let result = try await call.service.run(cell, of: call.id, author: call.author)
      return .json(
        JSONValue(result.preview).setting("data_source", .string(result.dataSource))
          .setting("sql", .string(result.sql)))
    },
  ]

  static let length = Schema.text("How long, in place of an end: `90m`, `4h`, `2d`")

  static let schemas: [(name: String, schema: JSONValue)] = [
    (
      "AcknowledgeRequest",
      Schema.object([
        Schema.optional("comment", Schema.text("Shown to others")),
        Schema.optional("until", Schema.time("The end; without one, until the alarm is resolved")),
        Schema.optional("for", length), Schema.optional("row", RowAlarmsAPI.row),
      ])
    ),
    (
      "RunbookResult",
      Schema.object([
        Schema.required("data_source", Schema.text()),
        Schema.required("sql", Schema.text("The query, with its values in place")),
        Schema.required("columns", Schema.list(Schema.ref("Column"))),
        Schema.required("rows", Schema.list(Schema.list([:]), "A value per column")),
        Schema.required("total", Schema.orNull(Schema.integer())),
        Schema.required("is_truncated", Schema.boolean()), Schema.required("milliseconds", Schema.number()),
      ])
    ),
    (
      "CommentRequest",
      Schema.object([
        Schema.required(
          "text", ["type": "string", "minLength": 1, "maxLength": .integer(CheckerService.longestComment)]),
        Schema.optional("row", RowAlarmsAPI.row),
      ])
    ),
    (
      "HistoryItem",
      Schema.object([
        Schema.required("at", Schema.time()),
        Schema.required(
          "kind",
          Schema.choice(
            ["transition", "delivery", "saved"] + AlarmEntry.Kind.allCases.map(\.rawValue),
            "`unheard`: nobody was told, as no action hears of it")),
        Schema.required("author", Schema.orNull(Schema.text("Who did it"))),
        Schema.required("text", Schema.text("The comment; why it was sent or withheld; what a run came to")),
        Schema.required("transition", Schema.orNull(Schema.ref("Transition"))),
        Schema.required("delivery", Schema.orNull(Schema.ref("Delivery"))),
        Schema.required("version", Schema.orNull(Schema.integer("The version that was saved"))),
        Schema.required("row", Schema.orNull(RowAlarmsAPI.row)),
      ])
    ),
  ]
}

extension JSONFields {
  /// The moment that `until` or `for` names; `nil` when neither is there. Problems are noted.
  func end(after time: Date) -> Date? {
    let (until, length) = (text("until"), text("for"))
    if until != nil, length != nil { problem("for", "say either until when or for how long") }
    if let until {
      guard let end = MomentText.read(until, isWhole: true) else {
        problem("until", "must be a time in ISO 8601, as in 2026-03-02T12:00:00Z, not '\(until)'")
        return nil
      }
      return end
    }
    guard let length else { return nil }
    guard let seconds = DurationText.seconds(length), seconds > 0, seconds <= AlarmPolicy.longestSeconds else {
      problem("for", "must be a time from 1s to 366d, such as 90m, 4h or 2d, not '\(length)'")
      return nil
    }
    return time + seconds
  }
}

extension JSONValue {
  init(_ item: HistoryItem) {
    var (kind, author, text) = ("", JSONValue.null, "")
    var row: RowKey?
    var (transition, delivery, version) = (JSONValue.null, JSONValue.null, JSONValue.null)
    switch item.content {
    case .transition(let recorded):
      (kind, text, transition) = ("transition", recorded.summary, JSONValue(recorded))
      row = recorded.row
    case .delivery(let sent):
      (kind, text, delivery) = ("delivery", sent.reason, JSONValue(sent))
      row = sent.event.row
    case .entry(let entry):
      (kind, text, row) = (entry.kind.rawValue, entry.text, entry.row)
      if !entry.author.isEmpty { author = .string(entry.author) }
    case .edit(let edit): (kind, author, version) = ("saved", .string(edit.author), .integer(edit.version))
    }
    self = [
      "at": .time(item.at), "kind": .string(kind), "author": author, "text": .string(text), "transition": transition,
      "delivery": delivery, "version": version, "row": row.map { JSONValue($0) } ?? .null,
    ]
  }
}
