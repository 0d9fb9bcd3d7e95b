import Domain
import TestSupport
import Testing

@testable import Channels

@Suite struct ChannelSettingsTests {
  private let catalogue = ChannelCatalogue(environment: ["PASSWORD": "p@ss/word:1", "EMPTY": "", "TOKEN": "tok-12345"])

  private func error(_ channel: String, _ settings: [String: String]) -> ChannelSettingsError? {
    #expect(throws: ChannelSettingsError.self) {
      try catalogue.make(Action(name: "a", channel: channel, settings: settings))
    }
  }

  @Test func theCatalogueListsItsKinds() {
    #expect(
      catalogue.kinds.map(\.key) == [
        "rabbitmq", "webhook", "email", "slack", "pagerduty", "alertmanager", "teams", "discord", "telegram", "ntfy",
        "opsgenie",
      ])
    for kind in catalogue.kinds {
      let keys = kind.settings.map(\.key)
      #expect(Set(keys).count == keys.count, "\(kind.key)")
      #expect(kind.settings.contains { $0.isRequired }, "\(kind.key)")
      #expect(Set(kind.defaultTemplates.keys).isSubset(of: keys), "\(kind.key)")
    }
  }

  @Test(
    arguments: [
      ("rabbitmqq", [:], "channel", "Is rabbitmq meant?"), ("rabbitmq", [:], "url", "is needed"),
      ("rabbitmq", ["url": "http://localhost"], "url", "amqp://"),
      ("rabbitmq", ["url": "localhost:5672"], "url", "amqp://"),
      ("rabbitmq", ["url": "amqp://"], "url", "host"),
      ("rabbitmq", ["url": "amqp://host:port"], "url", "host and port"),
      ("rabbitmq", ["url": "amqp://host:70000"], "url", "host and port"),
      ("rabbitmq", ["url": "amqp://u:%zz@host"], "url", "'%'"),
      ("rabbitmq", ["url": "amqp://u:${NOPE}@host"], "url", "no variable 'NOPE'"),
      ("rabbitmq", ["url": "amqp://u:${PASSWORD@host"], "url", "without '}'"),
      ("rabbitmq", ["url": "amqp://host", "exchnge": "x"], "exchnge", "Is exchange meant?"),
      ("rabbitmq", ["url": "amqp://host", "unroutable": "explode"], "unroutable", "retry, drop"),
      ("rabbitmq", ["url": "amqp://host", "every_run": "maybe"], "every_run", "true or false"),
      ("rabbitmq", ["url": "amqp://host", "exchange": String(repeating: "x", count: 256)], "exchange", "255"),
      ("webhook", [:], "url", "is needed"), ("webhook", ["url": "ftp://host/"], "url", "http"),
      ("webhook", ["url": "http:///path"], "url", "http"), ("webhook", ["url": "http://ho st/"], "url", "http"),
      ("webhook", ["url": "https://host/\r\nX: y"], "url", "http"),
      ("webhook", ["url": "file:///etc/passwd"], "url", "http"),
      ("webhook", ["url": "https://host/${NOPE}"], "url", "no variable 'NOPE'"),
      ("webhook", ["url": "https://host/", "headers": "X-A"], "headers", "a colon"),
      ("webhook", ["url": "https://host/", "headers": "Authorization: Bearer abc"], "headers", "${NAME}"),
      ("webhook", ["url": "https://host/", "headers": "Content-Length: 3"], "headers", "set already"),
      ("webhook", ["url": "https://host/", "headers": "X-A: a\u{1}b"], "headers", "control"),
      ("webhook", ["url": "https://host/", "template": "{{state}"], "template", "line 1"),
      ("slack", [:], "url", "is needed"), ("slack", ["url": "hooks.slack.com"], "url", "http"),
      ("slack", ["url": "https://host/", "max_per_minute": "many"], "max_per_minute", "whole number"),
      ("slack", ["url": "https://host/", "template": "a\n{{obseved}}"], "template", "line 2"),
      ("pagerduty", [:], "routing_key", "is needed"), ("pagerduty", ["routing_key": "a b"], "routing_key", "no spaces"),
      ("telegram", ["token": "1:a/../b", "chat_id": "1"], "token", "@BotFather"),
      ("telegram", ["token": "1:a", "chat_id": "1", "thread_id": "x"], "thread_id", "number"),
      ("ntfy", ["topic": "a/b"], "topic", "letters"), ("opsgenie", ["api_key": "a\nb"], "api_key", "no spaces"),
      ("alertmanager", ["urls": " , "], "urls", "1 to 20"), ("alertmanager", ["urls": "nowhere"], "urls", "http"),
      ("alertmanager", ["urls": "http://a", "labels": "team payments"], "labels", "'='"),
      ("alertmanager", ["urls": "http://a", "labels": "severity = page"], "labels", "set already"),
      ("alertmanager", ["urls": "http://a", "resend_seconds": "1"], "resend_seconds", "10 to 3600"),
      ("email", ["url": "smtp://host"], "from", "is needed"),
      ("email", ["url": "http://host", "from": "a@b.c", "to": "a@b.c"], "url", "smtp://"),
      ("email", ["url": "smtp://u:p@host", "from": "a@b.c", "to": "a@b.c"], "url", "smtp://"),
      ("email", ["url": "smtp://host", "from": "a", "to": "a@b.c"], "from", "address"),
      ("email", ["url": "smtp://host", "from": "a@b.c", "to": "a@b.c>\r\nBcc: <x@y.z"], "to", "no address"),
      ("email", ["url": "smtp://host", "from": "a@b.c", "to": "a@b.c", "password": "p"], "user", "is needed"),
      (
        "email",
        ["url": "smtp://host", "from": "a@b.c", "to": "a@b.c", "user": "u", "password": "p", "starttls": "optional"],
        "starttls", "required"
      ),
    ] as [(String, [String: String], String, String)])
  func badSettingsAreNamed(_ channel: String, _ settings: [String: String], _ key: String, _ part: String) {
    let error = error(channel, settings)
    #expect(error?.key == key)
    #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
    #expect(error?.message.contains("p@ss") == false)
  }

  @Test func variablesWithinAnAddressNeedNoEncoding() throws {
    let settings = try RabbitMQSettings(
      ["url": "amqps://me%40home:${PASSWORD}@broker.example/my%2Fhost"], environment: ["PASSWORD": "p@ss/w:ord%41"])
    #expect(settings.address.user == "me@home")
    #expect(settings.address.password == "p@ss/w:ord%41")
    #expect(settings.address.host == "broker.example")
    #expect(settings.address.port == 5671)
    #expect(settings.address.virtualHost == "my/host")
    #expect(settings.address.isEncrypted)
  }

  @Test func aVariableMayHoldTheWholeAddress() throws {
    let settings = try RabbitMQSettings(
      ["url": "${URL}"], environment: ["URL": "amqp://u:p%40ss@[::1]:1234"])
    #expect(settings.address.password == "p@ss")
    #expect(settings.address.host == "::1")
    #expect(settings.address.port == 1234)
    #expect(settings.address.virtualHost == "/")
    #expect(settings.address.name.contains("p@ss") == false)
  }

  @Test func defaultsAreThoseOfTheForm() throws {
    let settings = try RabbitMQSettings(["url": "amqp://host"], environment: [:])
    #expect(settings.exchange == "malleable.alarms")
    #expect(settings.succeededQueue == "succeeded")
    #expect(settings.failedQueue == "failed")
    #expect(settings.everyRun == false)
    #expect(settings.rows.includesRows == false)
    #expect(settings.verifiesPeer)
    #expect(settings.unroutable == .retry)
    #expect(settings.address.user == "guest")
    let legacy = try RabbitMQChannel(settings: ["url": "amqp://host", "every_run": "true"], environment: [:])
    #expect(legacy.wantsEveryRun)
  }

  @Test func redactionHidesSecretsWithinSecrets() {
    let redaction = Redaction(["secret", "secret/path", "abc", ""])
    #expect(redaction.apply(to: "see secret/path and secret, abc") == "see ••• and •••, abc")
  }
}
