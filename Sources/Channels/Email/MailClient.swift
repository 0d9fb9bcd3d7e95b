import CCurl
import Foundation

/// A mail was not taken: why, and whether trying again is of use.
struct MailFailure: Error {
  var message: String
  var isPermanent: Bool
}

/// What a server said to the recipients of one mail.
struct MailAnswer: Sendable {
  /// Those who do not get it.
  var refused: [String: MailReply]
}

/// The last line of a server's reply: a code and a text, RFC 5321, 4.2.
struct MailReply: Hashable, Sendable {
  /// 4xx: not now. 5xx: never.
  var code: Int
  /// Code and text, shortened.
  var text: String

  /// `nil` for a line in the middle of a reply.
  init?(line: String) {
    let line = line.trimmingASCIISpace
    guard let code = Int(line.prefix(3)), (200...599).contains(code), line.dropFirst(3).first != "-" else { return nil }
    self.code = code
    text = TextLimit.cut(TextLimit.oneLine(line), utf16: 200)
  }
}

/// Sends one mail at a time and keeps the connection for the next. Owns libcurl's handle; used from one thread at a
/// time.
final class MailClient {
  private static let connectSeconds = 10
  private static let totalSeconds = 22

  private let handle: UnsafeMutableRawPointer

  init() throws(MailFailure) {
    guard HTTPClient.isReady, let handle = curl_easy_init() else {
      throw MailFailure(message: "libcurl does not start", isPermanent: false)
    }
    self.handle = handle
  }

  deinit {
    curl_easy_cleanup(handle)
  }

  /// Returns when the server has taken the mail for some of the recipients at least.
  func send(
    _ mail: [UInt8], from sender: String, to recipients: [String], server: MailServer
  ) throws(MailFailure) -> MailAnswer {
    curl_easy_reset(handle)
    setServer(server)
    checker_curl_set_text(handle, CURLOPT_MAIL_FROM, "<\(sender)>")
    var list: UnsafeMutablePointer<curl_slist>?
    for recipient in recipients { list = curl_slist_append(list, "<\(recipient)>") ?? list }
    defer { curl_slist_free_all(list) }
    checker_curl_set_recipients(handle, list)
    // One address that is wrong must not keep an alarm from all others. (curl's own spelling until version 8.2)
    checker_curl_set_long(handle, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1)
    checker_curl_set_long(handle, CURLOPT_UPLOAD, 1)
    let transfer = MailTransfer(mail)
    let code = withExtendedLifetime(transfer) {
      let context = Unmanaged.passUnretained(transfer).toOpaque()
      checker_curl_set_source(handle, readMail, context)
      checker_curl_set_reply_sink(handle, collectReply, context)
      return curl_easy_perform(handle)
    }
    let refused = Self.refused(recipients, transfer.replies)
    guard code == CURLE_OK else { throw failure(code, transfer, server) }
    return MailAnswer(refused: refused)
  }

  private func setServer(_ server: MailServer) {
    checker_curl_set_text(handle, CURLOPT_URL, server.url)
    checker_curl_set_text(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps")
    // Signals would interrupt other threads; the resolver keeps to the limits by itself.
    checker_curl_set_long(handle, CURLOPT_NOSIGNAL, 1)
    checker_curl_set_long(handle, CURLOPT_CONNECTTIMEOUT, Self.connectSeconds)
    checker_curl_set_long(handle, CURLOPT_TIMEOUT, Self.totalSeconds)
    checker_curl_set_long(handle, CURLOPT_SSL_VERIFYPEER, 1)
    checker_curl_set_long(handle, CURLOPT_SSL_VERIFYHOST, 2)
    let security =
      switch server.startTLS {
      case .required: CURLUSESSL_ALL
      case .optional: CURLUSESSL_TRY
      case .none: CURLUSESSL_NONE
      }
    checker_curl_set_long(handle, CURLOPT_USE_SSL, Int(security.rawValue))
    if !server.caFile.isEmpty { checker_curl_set_text(handle, CURLOPT_CAINFO, server.caFile) }
    if !server.user.isEmpty {
      checker_curl_set_text(handle, CURLOPT_USERNAME, server.user)
      checker_curl_set_text(handle, CURLOPT_PASSWORD, server.password)
    }
  }

  /// curl names the recipients one by one and reads a reply to each, right before the one that asks for the mail.
  private static func refused(_ recipients: [String], _ replies: [MailReply]) -> [String: MailReply] {
    guard let start = replies.lastIndex(where: { $0.code == 354 }), start >= recipients.count else { return [:] }
    let pairs = zip(recipients, replies[(start - recipients.count)..<start])
    return Dictionary(pairs.filter { $0.1.code >= 400 }) { first, _ in first }
  }

  private func failure(_ code: CURLcode, _ transfer: MailTransfer, _ server: MailServer) -> MailFailure {
    // 221 answers the farewell that curl sends when it has given up.
    let refusals = transfer.replies.reversed().drop { $0.code == 221 }.prefix { $0.code >= 400 }
    let reply = refusals.first
    let isNever = !refusals.isEmpty && refusals.allSatisfy { $0.code >= 500 }
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST: return MailFailure(message: "its name cannot be resolved", isPermanent: false)
    case CURLE_COULDNT_CONNECT:
      return MailFailure(message: HTTPClient.noConnection(handle), isPermanent: false)
    case CURLE_OPERATION_TIMEDOUT: return MailFailure(message: "no answer in time", isPermanent: false)
    case CURLE_PEER_FAILED_VERIFICATION:
      return MailFailure(
        message: "its certificate cannot be verified. Set 'ca_file' for one of your own", isPermanent: false)
    case CURLE_USE_SSL_FAILED:
      let text = reply.map { ": \($0.text)" } ?? ""
      return MailFailure(
        message: "it offers no encryption\(text). Use another server, or set 'starttls' to none for one you trust",
        isPermanent: true)
    case CURLE_LOGIN_DENIED:
      // A server that cannot look passwords up says 454.
      let text = reply?.text ?? "it takes no login"
      return MailFailure(
        message: "the login was refused: \(text). Are 'user' and 'password' right?",
        isPermanent: reply == nil || isNever)
    default:
      let text = reply?.text ?? String(cString: curl_easy_strerror(code))
      return MailFailure(message: "the mail was refused: \(text)", isPermanent: isNever)
    }
  }
}

/// What goes to the server and comes from it.
private final class MailTransfer {
  private let mail: [UInt8]
  private var sent = 0
  private(set) var replies: [MailReply] = []

  init(_ mail: [UInt8]) {
    self.mail = mail
  }

  func next(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(buffer.count, mail.count - sent)
    buffer.copyBytes(from: mail[sent..<sent + count])
    sent += count
    return count
  }

  /// The last thousand: a mail has at most a hundred recipients.
  func take(_ line: String) {
    guard let reply = MailReply(line: line) else { return }
    replies.append(reply)
    if replies.count > 1000 { replies.removeFirst(500) }
  }
}

/// Called by curl for a piece of the mail; 0 ends it.
private func readMail(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let bytes, let context else { return 0 }
  let transfer = Unmanaged<MailTransfer>.fromOpaque(context).takeUnretainedValue()
  return transfer.next(into: UnsafeMutableRawBufferPointer(start: bytes, count: size * count))
}

/// Called by curl with a line of a reply.
private func collectReply(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let bytes, let context else { return 0 }
  let transfer = Unmanaged<MailTransfer>.fromOpaque(context).takeUnretainedValue()
  transfer.take(String(decoding: UnsafeRawBufferPointer(start: bytes, count: size * count), as: UTF8.self))
  return size * count
}
