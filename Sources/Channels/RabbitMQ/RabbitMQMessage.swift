import Foundation

/// One message on its way to a broker.
struct RabbitMQMessage: Sendable {
  enum Route: Hashable, Sendable {
    case exchange(String, key: String)
    /// A queue by its name, through the default exchange.
    case queue(String)
  }

  var id: String
  var route: Route
  var contentType: String
  var body: [UInt8]
  var time: Date

  var exchange: String {
    switch route {
    case .exchange(let name, _): name
    case .queue: ""
    }
  }

  var routingKey: String {
    switch route {
    case .exchange(_, let key): key
    case .queue(let name): name
    }
  }
}
