import Foundation

/// A real SMTP server on a free loopback port; ends with the last reference to it.
package final class TestMailServer: Sendable {
  /// A mail as the server's own parser understands it.
  package struct Mail: Decodable, Sendable {
    package var sender: String
    package var recipients: [String]
    package var isEncrypted: Bool
    package var user: String
    /// In base64.
    package var raw: String
    /// Names and decoded values, in their order.
    package var headers: [[String]]
    package var contentType: String
    /// Type and text of each.
    package var parts: [[String]]
    /// What the parser found wrong.
    package var defects: [String]

    package func header(_ name: String) -> String? { headers.first { $0[0].lowercased() == name.lowercased() }?[1] }

    package func text(_ type: String) -> String? { parts.first { $0[0] == type }?[1].replacing("\r\n", with: "\n") }

    /// Line by line, as it came.
    package var lines: [String] {
      let text = String(decoding: Data(base64Encoded: raw) ?? Data(), as: UTF8.self)
      return text.components(separatedBy: "\r\n")
    }
  }

  package let port: Int
  private let folder: TemporaryFolder
  private let script: String

  /// `plain`: without STARTTLS; `login`: only after a login; `tls`: TLS from the start.
  package init(_ options: String...) throws {
    script = try TestBroker.variable("TEST_SERVERS") + "/smtp"
    folder = try TemporaryFolder()
    try TestBroker.run(script, ["start", folder.path] + options)
    let text = try String(contentsOfFile: folder.path + "/port", encoding: .utf8)
    port = Int(text.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
  }

  deinit { stop() }

  package func stop() { try? TestBroker.run(script, ["stop", folder.path]) }

  /// A PEM file.
  package var certificate: String { folder.path + "/certificate.pem" }

  /// All that it took, oldest first.
  package func mails() throws -> [Mail] {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/mail")
    let numbers = names.filter { $0.hasSuffix(".json") }.compactMap { Int($0.dropLast(5)) }
    return try numbers.sorted().map {
      try decoder.decode(Mail.self, from: Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/mail/\($0).json")))
    }
  }
}
