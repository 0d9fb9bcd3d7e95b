package import Foundation

/// Which row an alarm is about: the values of the columns that tell rows apart, as the database writes them as text.
///
/// NULL is a value of its own. The order of the columns does not matter.
package struct RowKey: Hashable, Sendable {
  package struct Field: Hashable, Sendable {
    package var column: String
    /// `nil` for NULL.
    package var value: String?

    package init(_ column: String, _ value: String?) {
      self.column = column
      self.value = value
    }
  }

  /// By the columns' names.
  package let fields: [Field]

  package init(_ fields: [Field]) {
    self.fields = fields.sorted { $0.column < $1.column }
  }

  package var columns: [String] { fields.map(\.column) }

  /// `{"country":"PT"}`: the same text for the same row, always.
  package var canonical: String {
    "{" + fields.map { "\(Self.quoted($0.column)):\($0.value.map(Self.quoted) ?? "null")" }.joined(separator: ",") + "}"
  }

  /// Reads what `canonical` wrote.
  package init?(canonical text: String) {
    guard let values = try? JSONDecoder().decode([String: String?].self, from: Data(text.utf8)), !values.isEmpty else {
      return nil
    }
    self.init(values.map { Field($0.key, $0.value) })
  }

  /// For a person: `country=PT, tenant=4`.
  package var text: String {
    fields.map { "\($0.column)=\($0.value.map(Self.shortened) ?? "NULL")" }.joined(separator: ", ")
  }

  /// 16 hexadecimal digits that tell it from others where there is no room for all of it (FNV-1a, 64 bits).
  package var digest: String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in canonical.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  private static func shortened(_ value: String) -> String {
    value.count > 100 ? value.prefix(100) + "…" : value
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

extension RowKey: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    self.init(try container.decode([String: String?].self).map { Field($0.key, $0.value) })
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(Dictionary(fields.map { ($0.column, $0.value) }, uniquingKeysWith: { $1 }))
  }
}

/// What a run found about single rows, of a checker with an alarm for each.
package struct RowFindings: Hashable, Sendable {
  package struct Failing: Hashable, Sendable {
    package var key: RowKey
    /// Only rules of the level `warn` fail for it.
    package var isWarning: Bool
    /// Which assertions of the run fail for it.
    package var assertions: [Int]

    package init(key: RowKey, isWarning: Bool, assertions: [Int]) {
      self.key = key
      self.isWarning = isWarning
      self.assertions = assertions
    }
  }

  /// The columns of the keys, by name.
  package var columns: [String]
  /// Those that fail, as far as they were read: all that were open before among them.
  package var failing: [Failing]
  /// How many fail in all.
  package var total: Int
  /// `total` may be more.
  package var isAtLeast: Bool
  /// Those that were open, do not fail, and are not in any of the datasets any more.
  package var gone: Set<RowKey>
  /// The assertions that the rows tell of; the others move the checker's own alarm.
  package var assertions: Set<Int>
  /// Why the failing rows of some assertion could not be read.
  package var unread: String?

  package init(
    columns: [String], failing: [Failing] = [], total: Int? = nil, isAtLeast: Bool = false, gone: Set<RowKey> = [],
    assertions: Set<Int> = [], unread: String? = nil
  ) {
    self.columns = columns.sorted()
    self.failing = failing
    self.total = total ?? failing.count
    self.isAtLeast = isAtLeast
    self.gone = gone
    self.assertions = assertions
    self.unread = unread
  }
}

/// One row's alarm.
package struct RowAlarm: Hashable, Sendable {
  package var key: RowKey
  package var alarm: Alarm

  package init(key: RowKey, alarm: Alarm) {
    self.key = key
    self.alarm = alarm
  }

  /// Green, and nobody is to hear of it any more: nothing of it need be kept but its history.
  package var isOver: Bool {
    alarm.state == .green && alarm.memory.trouble == nil && alarm.memory.owed == nil
  }

  /// For lists: the worst first, then the oldest.
  package func isWorse(than other: RowAlarm) -> Bool {
    (alarm.rank, alarm.since, key.canonical) < (other.alarm.rank, other.alarm.since, other.key.canonical)
  }
}

/// The alarms of a checker's rows taken together.
package struct RowsSummary: Hashable, Codable, Sendable {
  /// How many are not green.
  package var open: Int
  /// How many of them nobody looks after.
  package var unattended: Int
  /// The worst state among them, and since when the first of them is in it.
  package var state: Alarm.State
  package var since: Date
  package var isWarning: Bool
  /// When a run would decide what is open about one of them.
  package var confirmsAt: Date?
  /// What tells of the rows for which there was no room, as the last run found them.
  package var beyond: Assertion?

  package init(
    open: Int, unattended: Int, state: Alarm.State, since: Date, isWarning: Bool, confirmsAt: Date? = nil
  ) {
    self.open = open
    self.unattended = unattended
    self.state = state
    self.since = since
    self.isWarning = isWarning
    self.confirmsAt = confirmsAt
  }

  /// `nil` when all are green.
  package init?(_ alarms: [Alarm], policy: AlarmPolicy) {
    let open = alarms.filter { $0.state != .green }
    guard let worst = open.min(by: { ($0.rank, $0.since) < ($1.rank, $1.since) }) else { return nil }
    self.init(
      open: open.count, unattended: open.count { $0.memory.trouble != nil && $0.acknowledgement == nil },
      state: worst.state, since: worst.since, isWarning: worst.isWarning,
      confirmsAt: open.compactMap { $0.confirmsAt(policy) }.min())
  }
}

extension Alarm {
  /// What is worse is less.
  var rank: Int {
    switch state {
    case .error: 0
    case .stale: 1
    case .red: isWarning ? 3 : 2
    case .recovering: 4
    case .pending: 5
    case .unknown: 7
    case .green: 6
    }
  }

  /// As lists show it: the worst of it and of its rows' alarms.
  package func shown(with rows: RowsSummary?) -> Alarm {
    guard let rows else { return self }
    var other = self
    (other.state, other.since, other.isWarning) = (rows.state, rows.since, rows.isWarning)
    return other.rank < rank ? other : self
  }
}

extension StoredChecker {
  /// When a run would decide what is open about it, or one of its rows, under `policy`; `nil` when nothing waits for a
  /// time.
  package func confirmsAt(_ policy: AlarmPolicy) -> Date? {
    [alarm.confirmsAt(policy), rows?.confirmsAt].compactMap(\.self).min()
  }
}
