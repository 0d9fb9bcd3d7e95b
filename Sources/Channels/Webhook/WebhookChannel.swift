package import Domain
import Foundation

/// Posts events to an HTTP receiver, signed.
package struct WebhookChannel: Channel {
  package static let key = "webhook"
  package static let title = "Webhook"
  package static let settings = WebhookSettings.declared

  private let settings: WebhookSettings
  private let session: WebhookSession

  package init(settings: [String: String], environment: [String: String]) throws(ChannelSettingsError) {
    self.settings = try WebhookSettings(settings, environment: environment)
    session = WebhookSession()
  }

  package var wantsEveryRun: Bool { settings.everyRun }

  package func send(_ event: Event) async throws(DeliveryError) {
    let body = CloudEvent(event: event, includesRows: settings.includesRows).encoded
    let receiver = settings.receiver
    let request = HTTPRequest(
      url: settings.url, headers: headers(event, body), body: body, caFile: settings.caFile)
    let response: HTTPResponse
    do {
      response = try await session.post(request)
    } catch .transient(let text, let seconds) {
      throw .transient(settings.redaction.apply(to: "\(receiver): \(text)"), retryAfterSeconds: seconds)
    } catch .permanent(let text) {
      throw .permanent(settings.redaction.apply(to: "\(receiver): \(text)"))
    }
    try judge(response)
  }

  package func close() async { await session.close() }

  private func headers(_ event: Event, _ body: [UInt8]) -> [(name: String, value: String)] {
    let timestamp = "\(Int(Date().timeIntervalSince1970))"
    var headers = [
      (name: "Content-Type", value: CloudEvent.contentType),
      (name: "X-Malleable-Event-Id", value: String(event.id.filter { $0.isASCII && !$0.isNewline })),
      (name: "X-Malleable-Timestamp", value: timestamp),
    ]
    if !settings.secret.isEmpty {
      let signature = Signature.header(secret: settings.secret, timestamp: timestamp, body: body)
      headers.append((name: "X-Malleable-Signature", value: signature))
    }
    return headers
  }

  private func judge(_ response: HTTPResponse) throws(DeliveryError) {
    let text = "\(settings.receiver) answered \(response.status)\(excerpt(of: response.body))"
    switch response.status {
    case 200...299: return
    case 408, 425, 429, 500...599:
      let wait = response.retryAfter.flatMap { RetryAfter.seconds($0, now: Date()) }
      throw .transient(text, retryAfterSeconds: wait)
    case 300...399: throw .permanent("\(text). Redirects are not followed: set the action's address to the new one")
    default: throw .permanent(text)
    }
  }

  /// The beginning of an answer, on one line, without secrets.
  private func excerpt(of body: [UInt8]) -> String {
    let words = String(decoding: body, as: UTF8.self).split {
      $0.isWhitespace || $0.unicodeScalars.contains { $0.value < 0x20 }
    }
    let text = settings.redaction.apply(to: words.joined(separator: " "))
    return text.isEmpty ? "" : ": " + EventData.shortened(text, to: 200)
  }
}

/// Keeps one HTTP client for the requests of one action.
///
/// `@unchecked Sendable`: `client` is touched on `blocking.queue` only, which is serial.
final class WebhookSession: @unchecked Sendable {
  private let blocking = BlockingQueue("malleable.channels.webhook")
  private var client: HTTPClient?

  /// Seconds for one request, waiting for the one before included.
  private static let limit: Double = 29

  func post(_ request: HTTPRequest) async throws(DeliveryError) -> HTTPResponse {
    try await blocking.run(seconds: Self.limit, giveUp: {}, body: { self.postNow(request) })
  }

  private func postNow(_ request: HTTPRequest) -> Result<HTTPResponse, DeliveryError> {
    do throws(HTTPFailure) {
      return .success(try openClient().post(request))
    } catch {
      return .failure(.transient(error.message, retryAfterSeconds: nil))
    }
  }

  private func openClient() throws(HTTPFailure) -> HTTPClient {
    if let client { return client }
    let client = try HTTPClient()
    self.client = client
    return client
  }

  func close() async {
    await blocking.run { self.client = nil }
  }
}
