import Domain
import Foundation

/// A service that takes requests, and what its answers mean.
struct HTTPReceiver: Sendable {
  typealias Headers = [(name: String, value: String)]

  /// For messages, without secrets.
  var name: String
  var redaction: Redaction
  /// Certificates to trust, a PEM file; empty takes the system's.
  var caFile: String
  /// How to mend what an answer complains of: a sentence, or `nil` when the answer speaks for itself.
  var advice: @Sendable (_ status: Int, _ body: String) -> String? = { _, _ in nil }
  /// Seconds to wait where the body says so and not the header.
  var waitInBody: @Sendable (_ body: [UInt8]) -> Double? = { _ in nil }
  let session = HTTPSession()

  static let json = (name: "Content-Type", value: "application/json; charset=utf-8")

  init(_ address: HTTPAddress, secrets: [String], caFile: String) {
    name = address.receiver
    redaction = Redaction(address.secrets + secrets)
    self.caFile = caFile
  }

  /// Returns at a 2xx answer. 408, 425, 429 and 5xx are worth another try; other answers want somebody to mend the
  /// action.
  @discardableResult
  func post(_ body: [UInt8], to url: String, headers: Headers = [json]) async throws(DeliveryError) -> HTTPResponse {
    let response: HTTPResponse
    do {
      response = try await session.post(HTTPRequest(url: url, headers: headers, body: body, caFile: caFile))
    } catch .transient(let text, let seconds) {
      throw .transient(redaction.apply(to: "\(name): \(text)"), retryAfterSeconds: seconds)
    } catch .permanent(let text) {
      throw .permanent(redaction.apply(to: "\(name): \(text)"))
    } catch .broken(let text) {
      throw .broken(redaction.apply(to: "\(name): \(text)"))
    }
    try judge(response)
    return response
  }

  func close() async { await session.close() }

  private func judge(_ response: HTTPResponse) throws(DeliveryError) {
    let text = "\(name) answered \(response.status)\(excerpt(of: response.body))"
    switch response.status {
    case 200...299: return
    case 408, 425, 429, 500...599:
      let header = response.retryAfter.flatMap { RetryAfter.seconds($0, now: Date()) }
      let wait = header ?? waitInBody(response.body).map { min(max(0, $0), RetryAfter.limit) }
      throw .transient(text, retryAfterSeconds: wait)
    case 300...399: throw .permanent("\(text). Redirects are not followed: set the action's address to the new one")
    default:
      let advice = advice(response.status, String(decoding: response.body, as: UTF8.self))
      let whole = text + (advice.map { ". \($0)" } ?? "")
      // Whatever is sent there, the answer stays the same until somebody mends the action.
      if [401, 403, 404, 410].contains(response.status) { throw .broken(whole) }
      throw .permanent(whole)
    }
  }

  /// The beginning of an answer, on one line, without secrets.
  private func excerpt(of body: [UInt8]) -> String {
    let words = String(decoding: body, as: UTF8.self).split {
      $0.isWhitespace || $0.unicodeScalars.contains { $0.value < 0x20 }
    }
    let text = redaction.apply(to: words.joined(separator: " "))
    return text.isEmpty ? "" : ": " + EventData.shortened(text, to: 200)
  }
}
