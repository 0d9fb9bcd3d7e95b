import Domain
import GRDB

/// Which actions heard of what is open, by their names.
struct ToldActions {
  private let database: Database

  init(_ database: Database) { self.database = database }

  /// Whoever was told under the old name hears of the end under the new one.
  func rename(_ original: String, to name: String) throws {
    try change { $0.map { $0 == original ? name : $0 } }
  }

  /// It is deleted: one that has its name later is another and heard of nothing.
  func forget(_ name: String) throws {
    try change { $0.filter { $0 != name } }
  }

  private func change(_ changed: ([String]) -> [String]) throws {
    func change(_ memory: inout Alarm.Memory) {
      let (open, owed) = (memory.trouble?.told.map(changed), memory.owed?.told.map(changed))
      memory.trouble?.told = open
      memory.owed?.told = owed
    }
    for row in try Row.fetchAll(database, sql: "SELECT id, alarm_memory FROM checker WHERE alarm_memory LIKE '%told%'")
    {
      var memory = try Document.decode(Alarm.Memory.self, from: row[1])
      change(&memory)
      try database.execute(
        sql: "UPDATE checker SET alarm_memory = ? WHERE id = ?", arguments: [try Document.encode(memory), row[0]])
    }
    for row in try Row.fetchAll(database, sql: "SELECT checker_id, row_key, alarm FROM row_alarm") {
      var alarm = try Document.decode(Alarm.self, from: row[2])
      change(&alarm.memory)
      try database.execute(
        sql: "UPDATE row_alarm SET alarm = ? WHERE checker_id = ? AND row_key = ?",
        arguments: [try Document.encode(alarm), row[0], row[1]])
    }
    for row in try Row.fetchAll(database, sql: "SELECT subject, document FROM outage") {
      var outage = try Document.decode(Outage.self, from: row[1])
      outage.told = changed(outage.told)
      try database.execute(
        sql: "UPDATE outage SET document = ? WHERE subject = ?", arguments: [try Document.encode(outage), row[0]])
    }
  }
}
