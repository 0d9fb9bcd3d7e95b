import Foundation

/// A mail in plain text and HTML, as RFC 5322 and MIME write it.
struct MailMessage: Sendable {
  var from: MailAddress
  var to: [MailAddress]
  var cc: [MailAddress]
  var subject: String
  var text: String
  var html: String
  var date: Date
  /// Without angle brackets; the same when the event comes again.
  var id: String
  /// The id that all mails of one alarm refer to, though no mail has it: that makes them one conversation.
  var thread: String

  var recipients: [String] {
    var seen: Set<String> = []
    return (to + cc).map(\.address).filter { seen.insert($0.lowercased()).inserted }
  }

  /// Lines end in CR LF, and no line is longer than 998 bytes.
  var encoded: [UInt8] {
    let boundary = "=_" + StableName.digest(id)
    var lines = [
      "Date: \(Self.moment(date))", "From: \(from.encoded)", "To: \(Self.list(to))",
    ]
    if !cc.isEmpty { lines.append("Cc: \(Self.list(cc))") }
    lines += [
      "Subject: \(HeaderText.unstructured(subject, after: "Subject"))", "Message-ID: <\(id)>",
      "In-Reply-To: <\(thread)>", "References: <\(thread)>", "Auto-Submitted: auto-generated",
      "X-Auto-Response-Suppress: All", "MIME-Version: 1.0",
      "Content-Type: multipart/alternative; boundary=\"\(boundary)\"", "",
    ]
    for (type, content) in [("plain", text), ("html", html)] {
      lines += [
        "--\(boundary)", "Content-Type: text/\(type); charset=utf-8", "Content-Transfer-Encoding: base64", "",
        Self.base64(content),
      ]
    }
    lines += ["--\(boundary)--", ""]
    return Array(lines.joined(separator: "\r\n").utf8)
  }

  private static func list(_ addresses: [MailAddress]) -> String {
    addresses.map(\.encoded).joined(separator: ",\r\n ")
  }

  /// Text whose line breaks are CR LF, as mail wants it, in lines of 76.
  private static func base64(_ text: String) -> String {
    let text = TextLimit.clean(text).replacing("\n", with: "\r\n") + "\r\n"
    return Data(text.utf8).base64EncodedString(options: [.lineLength76Characters])
  }

  /// `Mon, 02 Mar 2026 12:00:00 +0000`
  private static func moment(_ date: Date) -> String {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = .gmt
    formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss '+0000'"
    return formatter.string(from: date)
  }
}
