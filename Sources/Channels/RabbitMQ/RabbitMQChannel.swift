package import Domain

/// Publishes events to a topic exchange of a RabbitMQ broker, and runs to queues where that is asked for.
package struct RabbitMQChannel: Channel {
  package static let key = "rabbitmq"
  package static let title = "RabbitMQ queue"
  package static let settings = RabbitMQSettings.declared

  private let settings: RabbitMQSettings
  private let session: RabbitMQSession
  private let links: Links

  /// Seconds for one event, connecting included.
  private static let limit: Double = 28

  package init(settings: [String: String], environment: [String: String]) throws(ChannelSettingsError) {
    try self.init(settings: settings, environment: environment, links: Links())
  }

  package init(
    settings: [String: String], environment: [String: String], links: Links
  ) throws(ChannelSettingsError) {
    self.links = links
    self.settings = try RabbitMQSettings(settings, environment: environment)
    session = RabbitMQSession(self.settings)
  }

  package var wantsEveryRun: Bool { settings.everyRun }

  package func send(_ event: Event) async throws(DeliveryError) {
    try await session.publish(message(for: settings.rows.applied(to: event)), seconds: Self.limit)
  }

  package func close() async { await session.close() }

  private func message(for event: Event) -> RabbitMQMessage {
    if case .runFinished = event.subject, settings.everyRun {
      let message = RunMessage(event: event, includesRows: settings.rows.includesRows)
      return RabbitMQMessage(
        id: event.id, route: .queue(message.hasSucceeded ? settings.succeededQueue : settings.failedQueue),
        contentType: RunMessage.contentType, body: message.encoded, time: event.time)
    }
    return RabbitMQMessage(
      id: event.id, route: .exchange(settings.exchange, key: RoutingKey.of(event)),
      contentType: CloudEvent.contentType,
      body: CloudEvent(event: event, includesRows: settings.rows.includesRows, links: links).encoded, time: event.time)
  }
}
