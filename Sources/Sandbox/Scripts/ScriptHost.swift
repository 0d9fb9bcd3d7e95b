import Domain
import Foundation

/// What a script's guest may ask the host; the same for every language. Guests/README.md tells what the texts hold.
extension HostCalls {
  /// The script that this run is for.
  var scriptSource: (source: String, fileName: String) {
    if case .script(_, let source, let fileName) = task.program { (source, fileName) } else { ("", "") }
  }

  func scriptContext() throws(GuestTrouble) -> [UInt8] {
    try count()
    let context = task.context
    let zone = TimeZone(identifier: context.timeZone) ?? .gmt
    var json = JSONObject()
    json["namespace"] = .text(context.namespace)
    json["checker"] = .text(context.checker)
    json["runID"] = .text(context.runID)
    json["seed"] = .number("\(context.seed)")
    json["seedParts"] = .list((0..<4).map { _ in .number("\(UInt32(truncatingIfNeeded: random.next()))") })
    json["now"] = .number("\(context.now.timeIntervalSince1970)")
    json["timeZone"] = .text(context.timeZone)
    json["utcOffset"] = .number("\(zone.secondsFromGMT(for: context.now))")
    json["parameters"] = .object(context.parameters.sorted { $0.key < $1.key }.map { ($0.key, .text($0.value)) })
    json["libraries"] = .list(task.libraries.keys.sorted().map { .text($0) })
    return json.bytes
  }

  func scriptHistory() throws(GuestTrouble) -> [UInt8] {
    try count()
    return JSONObject.list(
      task.context.previous.map { run in
        var json = JSONObject()
        json["startedAt"] = .number("\(run.startedAt.timeIntervalSince1970)")
        json["outcome"] = .text(run.outcome.rawValue)
        let observed = run.observed.filter { $0.value.isFinite }.sorted { $0.key < $1.key }
        json["observed"] = .object(observed.map { ($0.key, .number("\($0.value)")) })
        return json
      })
  }

  /// `+` and the library's source, or `-`.
  func scriptLibrary(_ name: String) throws(GuestTrouble) -> [UInt8] {
    try count()
    guard let source = task.libraries[name] else { return Array("-".utf8) }
    return Array("+".utf8) + source.utf8
  }

  /// The shape of a dataset. Why it cannot be had is for the script to deal with.
  func scriptDataset(_ name: String) throws(GuestTrouble) -> [UInt8] {
    try answer { () throws(GuestTrouble) in
      let dataset = try shownDataset(name)
      let rows = dataset.rows
      var json = JSONObject()
      json["rows"] = .number("\(rows.totalRows ?? rows.rowCount)")
      json["truncated"] = .number(rows.isTruncated ? "true" : "false")
      if let missing = dataset.missingRows { json["missing"] = .text(missing) }
      json["columns"] = .list(
        rows.columns.map {
          .object([("name", .text($0.name)), ("type", .text($0.description.type.rawValue))])
        })
      return json.bytes
    }
  }

  /// One column, as `ScriptColumn` lays it out. Too much data ends the run.
  func scriptColumn(_ name: String, _ index: Int) throws(GuestTrouble) -> ScriptColumn {
    let rows = try dataset(name).rows
    guard rows.columns.indices.contains(index) else {
      throw GuestTrouble(.exception, "The script asked for column \(index) of dataset '\(name)', which does not exist.")
    }
    let column = ScriptColumn(rows.columns[index], rowCount: rows.rowCount)
    guard let byteCount = column.byteCount else { throw tooMuchData(name) }
    try copying(byteCount, of: name)
    return column
  }

  func scriptMeasure(_ dataset: String, _ expression: String, _ filter: String) throws(GuestTrouble) -> [UInt8] {
    try answer { () throws(GuestTrouble) in
      var json = JSONObject()
      let measured = try measure(dataset, expression, filter: filter.isEmpty ? nil : filter)
      json["value"] = .cell(measured.cell)
      json["type"] = .text(measured.type.rawValue)
      return json.bytes
    }
  }

  func scriptReport(_ json: String) throws(GuestTrouble) {
    try report(try ScriptVerdict.read(json) { (name) throws(GuestTrouble) in try shownDataset(name).rows })
  }

  /// False once the log is full, so that a guest can stop asking.
  func scriptLog(_ text: String) throws(GuestTrouble) -> Bool {
    try print(text)
    script.loggedBytes += text.utf8.count
    return script.loggedBytes <= limits.logBytes
  }

  private func answer(_ body: () throws(GuestTrouble) -> [UInt8]) throws(GuestTrouble) -> [UInt8] {
    do throws(GuestTrouble) {
      return try body()
    } catch {
      let kinds: [GuestTrouble.Reason: String] = [
        .unknownDataset: "unknown", .dataset: "query", .tooMuchData: "tooLarge",
      ]
      guard let kind = kinds[error.reason] else { throw error }
      var json = JSONObject()
      json["error"] = .object([("kind", .text(kind)), ("message", .text(error.message))])
      return json.bytes
    }
  }
}
