import CheckFiles
import Checking
import Domain
import Foundation
import HTTPTypes
import TestSupport
import Testing

@testable import WebUI

@Suite("API: secrets")
struct APISecretTests {
  @Test(
    "Secrets are hidden, references to the environment stay",
    arguments: [
      ("postgresql://ro:s3cret@db:5432/shop", "postgresql://ro:***@db:5432/shop"),
      ("postgresql://ro:p@ss:w@db/shop", "postgresql://ro:***@db/shop"),
      ("postgresql://ro:pa/ss#w@db/shop", "postgresql://ro:***@db/shop"),
      ("postgresql://ro:${SHOP_PASSWORD}@db/shop", "postgresql://ro:${SHOP_PASSWORD}@db/shop"),
      (
        "postgresql://db/shop?user=ro&password=s3cret&sslmode=require",
        "postgresql://db/shop?user=ro&password=***&sslmode=require"
      ),
      ("host=db user=ro password='s3 \\' cret' dbname=shop", "host=db user=ro password=*** dbname=shop"),
      ("postgresql://db:5432/shop", "postgresql://db:5432/shop"),
      ("./shop.db", "./shop.db"),
      ("https://hooks.example/x?token=abc", "https://hooks.example/x?token=***"),
    ])
  func hiding(_ uri: String, _ shown: String) {
    #expect(SecretMask.hide(uri: uri) == shown)
    #expect(SecretMask.restore(uri: shown, from: uri) == uri)
  }

  @Test("A masked password comes back for the same server only")
  func restoring() {
    let stored = "postgresql://ro:s3cret@db:5432/shop"
    #expect(
      SecretMask.restore(uri: "postgresql://ro:***@db:5432/other", from: stored)
        == "postgresql://ro:s3cret@db:5432/other")
    #expect(SecretMask.restore(uri: "postgresql://ro:***@evil:5432/shop", from: stored) == nil)
    #expect(SecretMask.restore(uri: "postgresql://ro:***@db/shop", from: nil) == nil)
    #expect(
      SecretMask.restore(uri: "postgresql://ro:new@db:5432/shop", from: stored) == "postgresql://ro:new@db:5432/shop")
  }

  @Test("A data source's password is never answered, and kept when the mask is sent back")
  func dataSource() async throws {
    let fixture = try await APIFixture()
    let body = #"{"name": "pg", "driver": "postgresql", "uri": "postgresql://ro:s3cret@127.0.0.1:1/shop"}"#
    let made = try await fixture.call(.post, "/data-sources", body)
    #expect(made.json["uri"] == "postgresql://ro:***@127.0.0.1:1/shop")
    let sent = String(decoding: made.json.setting("description", "shop").encoded, as: UTF8.self)
    let changed = try await fixture.call(.put, "/data-sources/pg", sent)
    #expect(changed.status == 200)
    #expect(!changed.text.contains("s3cret"))
    #expect(try await fixture.service.store.dataSource("pg")?.uri == "postgresql://ro:s3cret@127.0.0.1:1/shop")
    let moved = try await fixture.call(.put, "/data-sources/pg", sent.replacing("127.0.0.1:1", with: "10.0.0.1:1"))
    #expect(moved.status == 422)
    #expect(moved.errors.first?.hasPrefix("uri: has *** for a secret") == true)
    #expect(try await !fixture.call(.get, "/data-sources").text.contains("s3cret"))
  }

  @Test("A test of an action says when a template failed and the default words were sent")
  func testedAction() async throws {
    let fixture = try await APIFixture()
    let receiver = try TestReceiver([.status(204)])
    func body(_ template: String) -> String {
      """
      {"name": "hook", "channel": "webhook",
       "settings": {"url": "\(receiver.url)/", "template": "\(template)", "content_type": "text/plain"}}
      """
    }
    #expect(try await fixture.call(.post, "/actions", body("{{owner}}")).status == 201)
    for (path, sent) in [("/actions/hook/test", nil), ("/actions/test", body("{{owner}}"))] {
      let answer = try await fixture.call(.post, path, sent)
      #expect(answer.status == 200 && answer.json["note"]?.text?.contains("it makes an empty text") == true, "\(path)")
    }
    let fine = try await fixture.call(.post, "/actions/test", body("{{checker}}"))
    #expect(fine.status == 200 && fine.json["note"] == .null, "\(fine.text)")
  }

  @Test("An action's secret is never answered, and kept when the mask is sent back")
  func action() async throws {
    let fixture = try await APIFixture()
    let body = """
      {"name": "hook", "channel": "webhook",
       "settings": {"url": "http://me:s3cret@127.0.0.1:1/x", "secret": "hush", "include_rows": true}}
      """
    let made = try await fixture.call(.post, "/actions", body)
    #expect(made.status == 201)
    #expect(made.json["settings"]?["secret"] == "***")
    #expect(made.json["settings"]?["url"] == "http://me:***@127.0.0.1:1/x")
    #expect(made.json["settings"]?["include_rows"] == "true")
    let sent = String(decoding: made.json.setting("enabled", false).encoded, as: UTF8.self)
    #expect(try await fixture.call(.put, "/actions/hook", sent).json["enabled"] == false)
    let stored = try await fixture.service.store.action("hook")
    #expect(stored?.settings["secret"] == "hush")
    #expect(stored?.settings["url"] == "http://me:s3cret@127.0.0.1:1/x")
    #expect(try await fixture.call(.post, "/actions/hook/test").status == 502)
    #expect(try await fixture.call(.get, "/actions/hook/deliveries").items.isEmpty)
    let wrong = try await fixture.call(.post, "/actions", body.replacing("webhook", with: "webhok"))
    #expect(wrong.status == 422)
    #expect(wrong.errors.first?.contains("webhook") == true)
  }
}
