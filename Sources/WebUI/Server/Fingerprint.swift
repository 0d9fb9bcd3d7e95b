import CheckFiles
import Domain
import Foundation
import HTTPTypes

/// What a form was made from, or an answer of the API: another one means that somebody saved meanwhile. Of what is
/// shown, so that it tells nothing of a secret.
enum Fingerprint {
  static func of(_ source: DataSource) -> String { of(JSONValue(source)) }
  static func of(_ dataset: Dataset) -> String { of(JSONValue(dataset)) }
  static func of(_ action: Action, _ kinds: [ChannelKind]) -> String { of(JSONValue(action, kinds)) }

  private static func of(_ value: JSONValue) -> String {
    String(Secrets.digest(String(decoding: value.encoded, as: UTF8.self)).prefix(20))
  }
}

extension FormBanner {
  /// `kind` is what was being edited.
  static func savedMeanwhile(_ kind: String) -> FormBanner {
    FormBanner(
      "The \(kind) was saved by somebody else while you were editing it.",
      [
        "Nothing of yours is lost: the form still holds it. Look at the saved one in another tab.",
        "Save again to put yours over it.",
      ])
  }
}

extension APICall {
  /// Refuses what was made from another state than `fingerprint`, where `If-Match` names one.
  func requireMatch(_ fingerprint: String, of what: String) throws {
    guard let expected = ifMatch, expected != "*" else { return }
    let names = expected.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    if names.contains("\"\(fingerprint)\"") { return }
    throw WebProblem(
      .preconditionFailed, "There is a newer version",
      "\(what) was changed meanwhile. Read it again and make the change there.")
  }
}

extension APIAnswer {
  /// With the `ETag` that a later `If-Match` names.
  func tagged(_ fingerprint: String) -> APIAnswer {
    var answer = self
    answer.headers[.eTag] = "\"\(fingerprint)\""
    return answer
  }
}
