import Domain

/// Which of the failing rows leave with an event.
struct RowPolicy: Hashable, Sendable {
  var includesRows: Bool
  /// Names of columns in lower case whose values never leave.
  var redactedColumns: Set<String>

  static let mark = "•••"

  static let declared: [ChannelSetting] = [
    ChannelSetting(
      key: "include_rows", label: "Include failing rows", help: "Rows of your data leave with the event.",
      kind: .boolean, defaultValue: "false"),
    ChannelSetting(
      key: "redact_columns", label: "Columns to hide",
      help: "Names with commas between them; in rows that leave, their values become \(mark)."),
  ]

  init(includesRows: Bool, redactedColumns: Set<String> = []) {
    self.includesRows = includesRows
    self.redactedColumns = redactedColumns
  }

  init(_ reader: SettingsReader) throws(ChannelSettingsError) {
    includesRows = try reader.boolean("include_rows")
    let names = try reader.text("redact_columns").split(whereSeparator: { $0 == "," || $0.isNewline })
    redactedColumns = Set(names.map { String($0).trimmingASCIISpace.lowercased() }.filter { !$0.isEmpty })
  }

  /// The event as it may leave; how many rows there were is kept.
  func applied(to event: Event) -> Event {
    var event = event.bounded
    for index in event.run.assertions.indices {
      guard let sample = event.run.assertions[index].sample else { continue }
      event.run.assertions[index].sample?.rows = includesRows ? redacted(sample) : []
    }
    event.row = event.row.map(redacted)
    if var group = event.group {
      group.alarms = group.alarms.map { member in
        var member = member
        member.row = member.row.map(redacted)
        return member
      }
      event.group = group
    }
    return event
  }

  /// The values of a key say which row it is about, and leave unless their columns never do.
  private func redacted(_ key: RowKey) -> RowKey {
    RowKey(
      key.fields.map { redactedColumns.contains($0.column.lowercased()) ? .init($0.column, Self.mark) : $0 })
  }

  private func redacted(_ sample: Sample) -> [[Cell]] {
    let hidden = sample.columns.map { redactedColumns.contains($0.lowercased()) }
    guard hidden.contains(true) else { return sample.rows }
    return sample.rows.map { row in
      row.enumerated().map { $0.offset < hidden.count && hidden[$0.offset] ? .text(Self.mark) : $0.element }
    }
  }
}
