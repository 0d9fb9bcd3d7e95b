package import Domain
package import Foundation
import GRDB

/// What people do about alarms.
extension SQLiteStore {
  package func rowAlarms(of id: QualifiedName) async throws(StoreError) -> [RowAlarm] {
    try await read { database in
      try RowAlarmWriter(database).all(try CheckerRecord.id(id, database)).sorted { $0.isWorse(than: $1) }
    }
  }

  package func acknowledge(
    _ id: QualifiedName, row: RowKey?, _ acknowledgement: Acknowledgement, router: any NoticeRouting
  ) async throws(StoreError) {
    try await write { database in
      var record = try Self.require(id, database)
      let deed = Deed(at: acknowledgement.at, router: router, database: database)
      var isAnyOpen = try deed.acknowledgeRows(record, row, acknowledgement)
      if row == nil, let notice = record.stored.alarm.acknowledge(acknowledgement) {
        isAnyOpen = true
        try deed.tell(notice, record, nil, record.stored.alarm)
        try AlarmWriter(database).keep(record)
      }
      guard isAnyOpen else {
        let place = row.map { "\(id), row \($0.text)" } ?? "\(id)"
        throw StoreError.conflict("Nothing is open at \(place): there is nothing to acknowledge.")
      }
      try AlarmWriter(database).insert(
        AlarmEntry(
          at: acknowledgement.at, kind: .acknowledged, author: acknowledgement.author, text: acknowledgement.words,
          row: row), record.id)
      try RowAlarmWriter(database).summarize(record.id)
    }
  }

  package func withdrawAcknowledgement(
    _ id: QualifiedName, row: RowKey?, author: String, at time: Date
  ) async throws(StoreError) {
    try await write { database in
      var record = try Self.require(id, database)
      var isAny = false
      let rows = RowAlarmWriter(database)
      for var alarm in try rows.chosen(row, record.id) where alarm.alarm.acknowledgement != nil {
        isAny = true
        alarm.alarm.withdrawAcknowledgement()
        try rows.keep(alarm, record.id, record.stored)
      }
      if row == nil, record.stored.alarm.acknowledgement != nil {
        isAny = true
        record.stored.alarm.withdrawAcknowledgement()
        try AlarmWriter(database).keep(record)
      }
      guard isAny else {
        throw StoreError.conflict("The alarm of \(row.map { "\(id), row \($0.text)" } ?? "\(id)") is not acknowledged.")
      }
      try AlarmWriter(database).insert(
        AlarmEntry(at: time, kind: .acknowledgementWithdrawn, author: author, text: "", row: row), record.id)
      try RowAlarmWriter(database).summarize(record.id)
    }
  }

  package func comment(
    _ id: QualifiedName, row: RowKey?, _ text: String, author: String, at time: Date
  ) async throws(StoreError) {
    try await write { database in
      let checker = try CheckerRecord.id(id, database)
      if let row, try RowAlarmWriter(database).one(row, checker) == nil {
        throw StoreError.notFound("No alarm is open at \(id) for the row \(row.text).")
      }
      try AlarmWriter(database).insert(
        AlarmEntry(at: time, kind: .comment, author: author, text: text, row: row), checker)
    }
  }
}

extension RowAlarmWriter {
  /// The one that is named, or all.
  func chosen(_ row: RowKey?, _ checker: Int64) throws -> [RowAlarm] {
    guard let row else { return try all(checker) }
    return try one(row, checker).map { [$0] } ?? []
  }
}

/// One thing that somebody does, with what people are told of it.
private struct Deed {
  let at: Date
  let router: any NoticeRouting
  let database: Database

  /// `false` when nothing is open.
  func acknowledgeRows(
    _ record: CheckerRecord, _ row: RowKey?, _ acknowledgement: Acknowledgement
  ) throws -> Bool {
    let rows = RowAlarmWriter(database)
    var isAnyOpen = false
    for var alarm in try rows.chosen(row, record.id) {
      guard let notice = alarm.alarm.acknowledge(acknowledgement) else { continue }
      isAnyOpen = true
      try tell(notice, record, alarm.key, alarm.alarm)
      try rows.keep(alarm, record.id, record.stored)
    }
    return isAnyOpen
  }

  func tell(_ notice: AlarmNotice, _ record: CheckerRecord, _ row: RowKey?, _ alarm: Alarm) throws {
    var own = record
    own.stored.alarm = alarm
    var run = try SQLiteStore.lastRun(of: own, database)
    run =
      row.map { run.narrowed(to: $0, assertions: nil, outcome: run.outcome) }
      ?? run.telling(of: record.stored.rows?.beyond)
    let update = AlarmUpdate(
      stored: own.stored, change: AlarmChange(notice: notice), run: run, isFromRun: false, at: at, row: row)
    for delivery in router.deliveries(for: update) {
      try DeliveryWriter(database).enqueue(delivery, record.id, at: at)
    }
  }
}
