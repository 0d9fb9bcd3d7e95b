import Domain

/// A RabbitMQ action's settings, checked.
struct RabbitMQSettings: Sendable {
  enum Unroutable: String, CaseIterable { case retry, drop }

  var address: BrokerAddress
  var exchange: String
  /// Bound to the exchange for every event; empty: queues are somebody else's business.
  var queue: String
  /// What to do with an event that no queue is bound for.
  var unroutable: Unroutable
  /// One message per run on the two queues.
  var everyRun: Bool
  var succeededQueue: String
  var failedQueue: String
  var rows: RowPolicy
  /// Certificates to trust, a PEM file; empty takes the system's.
  var caFile: String
  var verifiesPeer: Bool
  var redaction: Redaction

  static let declared: [ChannelSetting] = [
    ChannelSetting(
      key: "url", label: "Address", help: "As in amqp://user:${RABBITMQ_PASSWORD}@host:5672/vhost; amqps for TLS.",
      kind: .url, isRequired: true),
    ChannelSetting(
      key: "exchange", label: "Exchange",
      help: "A durable topic exchange, made when there is none. The routing key is namespace.checker.state.",
      defaultValue: "malleable.alarms"),
    ChannelSetting(
      key: "queue", label: "Queue",
      help: "Durable, made when there is none, and bound to every event of the exchange. Empty: bind queues yourself."),
    ChannelSetting(
      key: "unroutable", label: "When no queue is bound", help: "Try again until one is, or drop the event.",
      kind: .choice(Unroutable.allCases.map(\.rawValue)), defaultValue: Unroutable.retry.rawValue),
    ChannelSetting(
      key: "every_run", label: "A message per run", help: "Also one message per run, on the two queues below.",
      kind: .boolean, defaultValue: "false"),
    ChannelSetting(
      key: "succeeded_queue", label: "Queue for runs that succeed", help: "Durable, made when there is none.",
      defaultValue: "succeeded"),
    ChannelSetting(
      key: "failed_queue", label: "Queue for runs that fail", help: "Durable, made when there is none.",
      defaultValue: "failed"),
    RowPolicy.declared[0], RowPolicy.declared[1],
    ChannelSetting(
      key: "ca_file", label: "Certificate authority", help: "A PEM file to trust in place of the system's."),
    ChannelSetting(
      key: "verify", label: "Check the broker's certificate", help: "Only ever off for a trial.", kind: .boolean,
      defaultValue: "true"),
  ]

  init(_ settings: [String: String], environment: [String: String]) throws(ChannelSettingsError) {
    let reader = try SettingsReader(settings, declared: Self.declared, environment: environment)
    address = try BrokerAddress(
      reader.raw("url"), fill: { (text) throws(ChannelSettingsError) in try reader.filled(text, key: "url") })
    exchange = try Self.name("exchange", reader)
    queue = try reader.text("queue").isEmpty ? "" : Self.name("queue", reader)
    succeededQueue = try Self.name("succeeded_queue", reader)
    failedQueue = try Self.name("failed_queue", reader)
    let choice = try reader.choice("unroutable", of: Unroutable.allCases.map(\.rawValue))
    unroutable = Unroutable(rawValue: choice) ?? .retry
    everyRun = try reader.boolean("every_run")
    rows = try RowPolicy(reader)
    caFile = try reader.text("ca_file")
    verifiesPeer = try reader.boolean("verify")
    redaction = Redaction([address.password] + reader.variables(in: "url"))
    try checkLogin()
  }

  /// AMQP's names are short strings.
  private static func name(_ key: String, _ reader: SettingsReader) throws(ChannelSettingsError) -> String {
    let name = try reader.text(key)
    if (1...255).contains(name.utf8.count), !name.utf8.contains(0) { return name }
    throw ChannelSettingsError(key: key, message: "'\(key)' is 1 to 255 bytes long")
  }

  private func checkLogin() throws(ChannelSettingsError) {
    for part in [address.host, address.user, address.password, address.virtualHost] where part.utf8.contains(0) {
      throw ChannelSettingsError(key: "url", message: "the address holds a zero byte")
    }
  }
}
