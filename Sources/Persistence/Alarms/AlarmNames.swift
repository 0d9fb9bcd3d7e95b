import Domain
import GRDB

/// The names that receivers know open alarms by, where their checkers have others now.
struct AlarmNames {
  private let database: Database

  init(_ database: Database) { self.database = database }

  /// `record` is about to be renamed: what people were told of keeps the name that they know until its end.
  func keep(_ record: CheckerRecord, to name: QualifiedName) throws {
    let original = record.stored.checker.id
    var own = record.stored.alarm
    own.checkerRenamed(from: original, to: name)
    try database.execute(
      sql: "UPDATE checker SET alarm_memory = ? WHERE id = ?", arguments: [try Document.encode(own.memory), record.id])
    for var row in try RowAlarmWriter(database).all(record.id) {
      row.alarm.checkerRenamed(from: original, to: name)
      try database.execute(
        sql: "UPDATE row_alarm SET alarm = ? WHERE checker_id = ? AND row_key = ?",
        arguments: [try Document.encode(row.alarm), record.id, row.key.canonical])
    }
  }

  /// - Throws: `conflict` where receivers know the open alarm of another checker by this name: the ends of both would be
  ///   one to a pager.
  func requireFree(_ name: QualifiedName, except id: Int64? = nil) throws {
    try Self.requireFree(name, known(except: id))
  }

  static func requireFree(_ name: QualifiedName, _ known: [QualifiedName: QualifiedName]) throws {
    guard let owner = known[name] else { return }
    throw StoreError.conflict(
      "The open alarm of \(owner) was told as \(name), its name before, and keeps that until its end. Choose another "
        + "name, or wait until it is resolved.")
  }

  /// The checkers whose open alarms are known by other names, by those.
  func known(except id: Int64? = nil) throws -> [QualifiedName: QualifiedName] {
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT c.namespace, c.name, json_extract(k.memory, '$.knownAs') FROM (
          SELECT id, alarm_memory AS memory FROM checker WHERE alarm_memory LIKE '%"knownAs"%'
          UNION ALL
          SELECT checker_id, json_extract(alarm, '$.memory') FROM row_alarm WHERE alarm LIKE '%"knownAs"%') k
        JOIN checker c ON c.id = k.id
        WHERE c.id IS NOT ? AND json_extract(k.memory, '$.knownAs') IS NOT NULL
        """, arguments: [id])
    return Dictionary(
      try rows.map {
        (try Document.decode(QualifiedName.self, from: $0[2]), QualifiedName(namespace: $0[0], name: $0[1]))
      }, uniquingKeysWith: { first, _ in first })
  }
}
