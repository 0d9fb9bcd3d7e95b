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
    #expect(catalogue.kinds.map(\.key) == ["rabbitmq", "webhook"])
    #expect(catalogue.kinds.allSatisfy { $0.settings.contains { $0.key == "url" && $0.isRequired } })
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
    #expect(settings.includesRows == false)
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
