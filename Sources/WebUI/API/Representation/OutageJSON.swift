import CheckFiles
import Domain

/// How answers tell that something does not work now: `{"since": ..., "error": ...}`, and no member where all is well.
enum OutageJSON {
  static func schema(_ key: String, _ description: String) -> Schema.Member {
    Schema.optional(
      key,
      Schema.object([Schema.required("since", Schema.time()), Schema.required("error", Schema.text())])
        .setting("description", .string(description)))
  }
}

extension [Outage] {
  func of(_ subject: Outage.Subject) -> Outage? { first { $0.subject == subject } }
}

extension JSONValue {
  /// The object as it is where there is no outage.
  func setting(_ key: String, _ outage: Outage?) -> JSONValue {
    guard let outage else { return self }
    return setting(key, ["since": .time(outage.since), "error": .string(outage.error)] as JSONValue)
  }
}
