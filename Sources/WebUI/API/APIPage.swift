import CheckFiles
import Domain
import Foundation

/// One page of a list: `{"items": [...], "next": cursor or null}`.
struct APIPage: Sendable {
  static let limits = 1...500
  static let standardLimit = 100
  /// Lists whose place is a count go back no further than this.
  static let furthest = 10_000

  var items: [JSONValue]
  var next: String?

  var answer: APIAnswer { .json(["items": .array(items), "next": .optional(next)]) }

  /// A page of values that are all there, ordered by `key`, which no two share.
  static func of<Value>(
    _ values: [Value], _ call: APICall, key: (Value) -> String, json: (Value) -> JSONValue
  ) throws -> APIPage {
    let limit = try call.limit()
    let after = try call.cursor()
    let rest = values.filter { value in after.map { key(value) > $0 } ?? true }.sorted { key($0) < key($1) }
    let page = rest.prefix(limit)
    return APIPage(items: page.map(json), next: rest.count > limit ? page.last.map { Cursor.text(key($0)) } : nil)
  }

  /// A page of values that `read` has the first so many of.
  static func newest<Value>(
    _ call: APICall, json: (Value) -> JSONValue, read: (_ count: Int) async throws -> [Value]
  ) async throws -> APIPage {
    let limit = try call.limit()
    let start = try call.cursor().map { text in
      guard let count = Int(text), (0...furthest).contains(count) else { throw Cursor.problem }
      return count
    }
    let first = start ?? 0
    let values = try await read(first + limit + 1).dropFirst(first)
    let end = first + limit
    return APIPage(
      items: values.prefix(limit).map(json),
      next: values.count > limit && end <= furthest ? Cursor.text("\(end)") : nil)
  }
}

/// Where a page of a list ends: base 64 of a key, so that nobody builds one by hand.
enum Cursor {
  static let problem = WebProblem.field("cursor", "is not the 'next' of an answer; leave it out to start anew")

  static func text(_ key: String) -> String {
    Data(key.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }

  static func key(_ text: String) throws -> String {
    let standard = text.replacing("-", with: "+").replacing("_", with: "/")
    let padded = standard + String(repeating: "=", count: (4 - standard.count % 4) % 4)
    guard let data = Data(base64Encoded: padded), let key = String(data: data, encoding: .utf8) else { throw problem }
    return key
  }
}

extension APICall {
  /// The key after which the page begins.
  func cursor() throws -> String? { try value("cursor").map(Cursor.key) }
}
