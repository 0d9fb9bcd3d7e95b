import Domain
import Synchronization

/// Keeps one connection to a mail server for the mails of one action.
///
/// `@unchecked Sendable`: `client` and `taken` are touched on `blocking.queue` only, which is serial.
final class MailSession: @unchecked Sendable {
  private let server: MailServer
  private let blocking = BlockingQueue("malleable.channels.email")
  private var client: MailClient?
  /// Who has the mail of the last event already: a repeat goes to the others only.
  private var taken: (id: String, recipients: Set<String>) = ("", [])

  /// Seconds for one mail, connecting included.
  private static let limit: Double = 24

  init(_ server: MailServer) {
    self.server = server
  }

  func send(_ message: MailMessage) async throws(DeliveryError) {
    try await blocking.run(seconds: Self.limit, giveUp: {}, body: { self.sendNow(message) })
  }

  func close() async {
    await blocking.run { self.client = nil }
  }

  private func sendNow(_ message: MailMessage) -> Result<Void, DeliveryError> {
    if taken.id != message.id { taken = (message.id, []) }
    let recipients = message.recipients.filter { !taken.recipients.contains($0) }
    if recipients.isEmpty { return .success(()) }
    do throws(MailFailure) {
      let answer = try open().send(
        message.encoded, from: message.from.address, to: recipients, server: server)
      taken.recipients.formUnion(recipients.filter { answer.refused[$0] == nil })
      return Self.judge(answer, of: recipients.count)
    } catch {
      return .failure(
        error.isPermanent ? .permanent(error.message) : .transient(error.message, retryAfterSeconds: nil))
    }
  }

  /// Some have it and some were refused: those that may take it later get it again, the others want somebody to look.
  private static func judge(_ answer: MailAnswer, of count: Int) -> Result<Void, DeliveryError> {
    guard !answer.refused.isEmpty else { return .success(()) }
    let refused = answer.refused.sorted { $0.key < $1.key }
    let names = refused.prefix(5).map { "\($0.key): \($0.value.text)" }.joined(separator: "; ")
    let text = "\(refused.count) of \(count) recipients were refused: \(names)"
    let isLater = refused.contains { (400...499).contains($0.value.code) }
    return .failure(isLater ? .transient(text, retryAfterSeconds: nil) : .permanent(text))
  }

  private func open() throws(MailFailure) -> MailClient {
    if let client { return client }
    let client = try MailClient()
    self.client = client
    return client
  }
}
