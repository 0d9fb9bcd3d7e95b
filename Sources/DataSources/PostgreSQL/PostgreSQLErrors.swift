import CPostgreSQL
import Domain

extension QueryError {
  /// What the server said in a failed result.
  init(postgreSQL result: OpaquePointer?) {
    func field(_ code: Character) -> String? {
      guard let ascii = code.asciiValue, let text = PQresultErrorField(result, Int32(ascii)) else { return nil }
      return String(cString: text)
    }
    let state = field("C")
    var message = field("M") ?? sentences(PQresultErrorMessage(result).map { String(cString: $0) } ?? "")
    if let detail = field("D"), !detail.isEmpty { message += ". \(detail)" }
    let kind = Self.kind(ofState: state ?? "", raisedBy: field("R") ?? "")
    if kind == .notReadOnly, state == "42601" { message = "The text holds more than one statement." }
    // A name of three parts, as of a table whose own name has a dot in it.
    let isTooLong = state == "0A000" && field("R") == "RangeVarGetRelidExtended"
    if kind == .other, state == "08P01" { message = "A query takes no parameters, such as $1." }
    self.init(
      state == nil ? .connection : isTooLong ? .unknownTable : kind, message, code: state,
      position: field("P").flatMap(Int.init),
      hint: field("H"))
  }

  private static func kind(ofState state: String, raisedBy function: String) -> Kind {
    switch state {
    // Several statements are a syntax error by code; only the place in the server tells them apart in any language.
    case "42601": return function == "exec_parse_message" ? .notReadOnly : .syntax
    case "42P01", "3F000": return .unknownTable
    case "42703": return .unknownColumn
    case "42501": return .permission
    case "57014": return .timeout
    case "25006", "25001", "2D000": return .notReadOnly
    case "54011", "53200": return .tooLarge
    case "08P01": return .other
    case _ where state.hasPrefix("08") || state.hasPrefix("57P") || state.hasPrefix("28"): return .connection
    case "3D000", "53300": return .connection
    default: return .other
    }
  }

  static let noColumns = QueryError(
    .notReadOnly, "The statement returns no columns, so it is not a query.", hint: "Write one SELECT.")
  static let takesParameters = QueryError(.other, "A query takes no parameters, such as $1.")
  static let cancelled = QueryError(.cancelled, "The query was cancelled.")

  static func timedOut(_ limits: QueryLimits) -> QueryError {
    let seconds = limits.timeoutSeconds
    let text = seconds == seconds.rounded() ? "\(Int(seconds))" : "\(seconds)"
    return QueryError(
      .timeout, "The query took longer than \(text) s and was stopped.",
      hint: "Make it faster, or raise the data source's time limit.")
  }
}
