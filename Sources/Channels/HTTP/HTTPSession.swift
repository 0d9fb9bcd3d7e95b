import Domain

/// Keeps one HTTP client for the requests of one action.
///
/// `@unchecked Sendable`: `client` is touched on `blocking.queue` only, which is serial.
final class HTTPSession: @unchecked Sendable {
  private let blocking = BlockingQueue("malleable.channels.http")
  private var client: HTTPClient?

  /// Seconds for one request, waiting for the one before included.
  private static let limit: Double = 24

  func post(_ request: HTTPRequest) async throws(DeliveryError) -> HTTPResponse {
    try await blocking.run(seconds: Self.limit, giveUp: {}, body: { self.postNow(request) })
  }

  private func postNow(_ request: HTTPRequest) -> Result<HTTPResponse, DeliveryError> {
    do throws(HTTPFailure) {
      return .success(try openClient().send(request))
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
