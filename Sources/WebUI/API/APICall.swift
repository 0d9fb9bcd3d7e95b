import CheckFiles
import Checking
import Domain
import Foundation
import HTTPTypes
import Hummingbird

/// One request of the API, read as far as its endpoint asks for.
struct APICall: Sendable {
  let site: Site
  let context: WebContext
  /// The names in the path, decoded.
  let path: [String: String]
  /// The query string, decoded; only parameters that the endpoint knows.
  let query: FormData
  /// `null` when the endpoint takes no JSON.
  let json: JSONValue
  /// The text of a check file; empty when the endpoint takes none.
  let text: String
  let ifMatch: String?

  var service: CheckerService { site.service }
  var store: any Store { site.service.store }
  var author: String { context.author }
  var now: Date { site.service.now() }

  /// A part of the path.
  func name(_ key: String = "name") -> String { path[key] ?? "" }

  var id: QualifiedName { QualifiedName(namespace: name("namespace"), name: name()) }

  /// A parameter of the query; `nil` when it is missing or empty.
  func value(_ key: String) -> String? {
    let value = query[key]
    return value.isEmpty ? nil : value
  }

  /// One of the raw values of `type`; 422 for others.
  func choice<Value: RawRepresentable & CaseIterable>(_ key: String, _ type: Value.Type) throws -> Value?
  where Value.RawValue == String {
    guard let text = value(key) else { return nil }
    if let value = Value(rawValue: text) { return value }
    let names = Value.allCases.map(\.rawValue)
    let nearest = Spelling.nearest(to: text, among: names).map { "; did you mean '\($0)'?" } ?? ""
    throw WebProblem.field(key, "must be one of \(names.joined(separator: ", ")), not '\(text)'\(nearest)")
  }

  /// `namespace/name`; 422 for anything else.
  func qualifiedName(_ key: String) throws -> QualifiedName? {
    guard let text = value(key) else { return nil }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else {
      throw WebProblem.field(key, "must be 'namespace/name', not '\(text)'")
    }
    return QualifiedName(namespace: String(parts[0]), name: String(parts[1]))
  }

  /// How many items to answer with.
  func limit() throws -> Int {
    guard let text = value("limit") else { return APIPage.standardLimit }
    guard let limit = Int(text), APIPage.limits.contains(limit) else {
      throw WebProblem.field(
        "limit", "must be from \(APIPage.limits.lowerBound) to \(APIPage.limits.upperBound), not '\(text)'")
    }
    return limit
  }

  /// The JSON of the request as what `read` makes of it; 422 with every problem.
  func document<Value>(_ read: (JSONValue) throws(CheckFileError) -> Value) throws -> Value {
    do {
      return try read(json)
    } catch {
      throw WebProblem(error)
    }
  }

  /// Members of the request's JSON object.
  /// What is only `answered` may be sent back, and is not read.
  func fields(_ known: [String], answered: [String] = []) throws -> JSONFields {
    try document { json throws(CheckFileError) in try JSONFields(json.removing(answered), known: known) }
  }

  /// Throws what `fields` found wrong.
  func finish(_ fields: JSONFields) throws {
    try document { _ throws(CheckFileError) in try fields.finish() }
  }
}

extension WebProblem {
  /// 422 for one field of a request.
  static func field(_ field: String, _ message: String) -> WebProblem {
    .fields([FieldProblem(field: field, message: message)])
  }

  static func fields(_ problems: [FieldProblem]) -> WebProblem {
    let detail = problems.map { $0.field.isEmpty ? $0.message : "\($0.field): \($0.message)" }.joined(separator: "\n")
    return WebProblem(.unprocessableContent, "This cannot be used", detail, fields: problems)
  }

  /// 422 with what is wrong in a document.
  init(_ error: CheckFileError) {
    self = .fields(error.problems.map { FieldProblem(field: $0.key, message: $0.message) })
  }
}
