import Domain
import Foundation
import TestSupport
import Testing

@testable import Channels

/// Mails go through a real server and are read by its parser, which is not ours.
@Suite struct EmailChannelTests {
  private func channel(_ server: TestMailServer, _ more: [String: String] = [:], host: String = "localhost") throws
    -> EmailChannel
  {
    let settings = [
      "url": "smtp://\(host):\(server.port)", "from": "Checker <checker@example.com>", "to": "ana@example.com",
      "ca_file": server.certificate,
    ]
    return try EmailChannel(
      settings: settings.merging(more) { $1 }, environment: ["PASSWORD": "wonder land"],
      links: Links(base: "https://checker.example.com"))
  }

  private func failure(_ channel: EmailChannel, _ event: Event = .sample()) async -> DeliveryError? {
    await #expect(throws: DeliveryError.self) { try await channel.send(event) }
  }

  @Test func anAlarmIsAMailInTwoParts() async throws {
    let server = try TestMailServer()
    let channel = try channel(
      server,
      [
        "to": "Ana Äö <ana@example.com>, bo@example.com", "cc": "\"Team, of shop\" <shop@example.com>",
        "user": "ana", "password": "${PASSWORD}", "include_rows": "true",
      ])
    var checker = Checker.sample(owner: "sign-up <team>", tags: ["users"])
    checker.runbook = "Ask <b>Ana</b>.\n.\nA line of one dot came before."
    try await channel.send(.sample(checker: checker))
    let mail = try #require(try server.mails().first)
    #expect(mail.isEncrypted && mail.user == "ana")
    #expect(mail.sender == "checker@example.com")
    #expect(mail.recipients == ["ana@example.com", "bo@example.com", "shop@example.com"])
    #expect(mail.defects.isEmpty, "\(mail.defects)")
    #expect(mail.header("From") == "Checker <checker@example.com>")
    #expect(mail.header("To") == "Ana Äö <ana@example.com>, bo@example.com")
    #expect(mail.header("Cc") == "\"Team, of shop\" <shop@example.com>")
    #expect(mail.header("Subject")?.hasPrefix("[Red] shop/emails: There should be less than 42 users") == true)
    #expect(mail.header("Date")?.hasPrefix("Mon, 02 Mar 2026 12:00:00 +0000") == true)
    #expect(mail.header("Auto-Submitted") == "auto-generated")
    #expect(mail.contentType == "multipart/alternative")
    #expect(mail.parts.map { $0[0] } == ["text/plain", "text/html"])
    let text = try #require(mail.text("text/plain"))
    #expect(text.contains("Found 7 rows, expected less than 42 rows"))
    #expect(text.contains("- id=1, name=null") && text.contains("and 2 more rows"))
    #expect(text.contains("\n.\n") && text.contains("Owner: sign-up <team>"))
    #expect(text.contains("https://checker.example.com/checkers/shop/emails"))
    let html = try #require(mail.text("text/html"))
    #expect(html.contains("<p>Ask ") && !html.contains("<b>Ana") && html.contains("sign-up &lt;team&gt;"))
    #expect(html.contains("<td>null</td>"))
    #expect(mail.lines.allSatisfy { $0.utf8.count <= 998 && !$0.contains("\n") && !$0.contains("\r") })
  }

  @Test func aMailSaysWhatItsLinkOpens() async throws {
    let server = try TestMailServer()
    let channel = try channel(server)
    var test = Event.sample(subject: .test, id: "test")
    test.testedAction = "mail"
    var outage = Event.sample(id: "down")
    outage.about = .dataSource("shop")
    for event in [.sample(), test, outage] { try await channel.send(event) }
    let html = try server.mails().compactMap { $0.text("text/html") }.joined()
    for words in [
      "/checkers/shop/emails\">Open the checker</a>", "/actions/mail\">Open the action</a>",
      "/data-sources/shop\">Open the data source</a>",
    ] { #expect(html.contains(words), "\(words)") }
  }

  @Test func oneAlarmIsOneConversationAndARepeatIsTheSameMail() async throws {
    let server = try TestMailServer()
    let channel = try channel(server)
    try await channel.send(.sample(id: "1"))
    await channel.close()
    try await channel.send(.sample(.passed, id: "2"))
    try await self.channel(server).send(.sample(id: "1"))
    try await channel.send(.sample(checker: .sample("shop/other"), id: "3"))
    let mails = try server.mails()
    #expect(mails.count == 4)
    let ids = mails.map { $0.header("Message-ID") ?? "" }
    #expect(ids[0] == ids[2] && Set(ids).count == 3)
    #expect(ids.allSatisfy { $0.hasSuffix("@example.com>") })
    let threads = mails.map { $0.header("References") ?? "" }
    #expect(threads[0] == threads[1] && threads[0] != threads[3] && !threads[0].isEmpty)
    #expect(mails.allSatisfy { $0.header("In-Reply-To") == $0.header("References") })
    #expect(mails[1].header("Subject")?.hasPrefix("[Resolved]") == true)
  }

  @Test func nothingInAnEventMakesAHeader() async throws {
    let server = try TestMailServer()
    let evil =
      "x\r\nBcc: eve@example.com\r\n\r\n<h1>\u{2028}\u{0}\n.\r\nQUIT\r\nüñ🔥" + String(repeating: "é", count: 500)
    var assertion = Assertion.sample(.failed)
    assertion.message = evil
    let event = Event.sample(
      checker: .sample(description: evil, owner: evil, tags: [evil]), assertions: [assertion], id: evil)
    try await channel(server, ["title_template": "{{{message}}} {{owner}}"]).send(event)
    for event in Event.monstrous.prefix(3) { try await channel(server).send(event) }
    for mail in try server.mails() {
      #expect(mail.recipients == ["ana@example.com"])
      #expect(mail.header("Bcc") == nil)
      #expect(mail.defects.isEmpty, "\(mail.defects)")
      let names = mail.headers.map { $0[0] }
      #expect(
        names == [
          "Date", "From", "To", "Subject", "Message-ID", "In-Reply-To", "References", "Auto-Submitted",
          "X-Auto-Response-Suppress", "MIME-Version", "Content-Type",
        ])
      #expect(mail.lines.allSatisfy { $0.utf8.count <= 998 })
    }
    let subject = try #require(try server.mails().first?.header("Subject"))
    #expect(subject.contains("Bcc: eve@example.com") && subject.contains("üñ🔥"))
  }

  @Test func whatIsRefusedForGoodIsToldApartFromWhatIsNot() async throws {
    let server = try TestMailServer()
    for (settings, isPermanent, part) in [
      (["to": "never@example.com"], true, "550 5.1.1 nobody of that name"),
      (["to": "later@example.com"], false, "451 4.7.1 greylisted"),
      (["from": "full@example.com"], true, "552 5.2.2"), (["from": "busy@example.com"], false, "452 4.3.1"),
      (["user": "ana", "password": "wrong-horse"], true, "535"),
    ] {
      let error = await failure(try channel(server, settings))
      switch error {
      case .permanent(let text): #expect(isPermanent && text.contains(part), "\(part): \(text)")
      case .transient(let text, nil): #expect(!isPermanent && text.contains(part), "\(part): \(text)")
      default: Issue.record("\(String(describing: error))")
      }
      #expect(!"\(String(describing: error))".contains("wrong-horse"))
    }
    #expect(try server.mails().isEmpty)
    server.stop()
    guard case .transient(let text, nil) = await failure(try channel(server)) else {
      Issue.record("not tried again")
      return
    }
    #expect(text == "localhost:\(server.port): cannot connect: connection refused")
  }

  @Test func oneBadAddressKeepsTheAlarmFromNobodyElse() async throws {
    let server = try TestMailServer()
    let permanent = await failure(try channel(server, ["to": "ana@example.com, never@example.com, bo@example.com"]))
    #expect(
      permanent
        == .permanent(
          "localhost:\(server.port): 1 of 3 recipients were refused: never@example.com: 550 5.1.1 nobody of that name"))
    let later = try channel(server, ["to": "later@example.com, ana@example.com"])
    for _ in 0..<2 {
      guard case .transient = await failure(later) else {
        Issue.record("not tried again")
        return
      }
    }
    #expect(try server.mails().map(\.recipients) == [["ana@example.com", "bo@example.com"], ["ana@example.com"]])
  }

  @Test func encryptionIsAsAskedFor() async throws {
    let plain = try TestMailServer("plain")
    guard case .permanent(let text) = await failure(try channel(plain)) else {
      Issue.record("sent without encryption")
      return
    }
    #expect(text.contains("no encryption") && text.contains("'starttls'"))
    try await channel(plain, ["starttls": "optional"]).send(.sample(id: "1"))
    try await channel(plain, ["starttls": "none"]).send(.sample(id: "2"))
    #expect(try plain.mails().map(\.isEncrypted) == [false, false])
    let tls = try TestMailServer("tls", "login")
    let login = ["url": "smtps://localhost:\(tls.port)", "user": "ana", "password": "${PASSWORD}"]
    try await channel(tls, login).send(.sample())
    #expect(try tls.mails().map(\.isEncrypted) == [true])
    guard case .transient(let reason, nil) = await failure(try channel(tls, login.merging(["ca_file": ""]) { $1 }))
    else {
      Issue.record("a certificate of nobody was taken")
      return
    }
    #expect(reason.contains("certificate cannot be verified"))
  }
}
