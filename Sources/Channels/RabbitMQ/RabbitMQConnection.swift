import CRabbitMQ
import Foundation

/// A connection to a broker with one channel that confirms what it keeps. Owns librabbitmq's handle; used from one
/// thread at a time.
final class RabbitMQConnection {
  enum Answer { case kept, refused, unroutable }

  let state: amqp_connection_state_t
  private let socket: OpenSocket
  private var declared: Set<RabbitMQMessage.Route> = []
  private var bound: Set<String> = []
  /// The broker counts what a channel publishes, from 1.
  private var published: UInt64 = 0
  private var isOpen = false

  static let channel: amqp_channel_t = 1
  private static let handshakeSeconds = 10
  private static let callSeconds = 10
  private static let confirmSeconds = 15
  private static let heartbeatSeconds: Int32 = 30
  private static let frameBytes: Int32 = 131_072

  /// Connects, logs in and asks for confirms; seconds are bounded by the constants above.
  init(_ settings: RabbitMQSettings, socket: OpenSocket) throws(RabbitMQError) {
    guard let state = amqp_new_connection() else { throw .connectionLost("out of memory") }
    self.state = state
    self.socket = socket
    // From here on `deinit` gives the handle back, also when something below throws.
    var wait = timeval(tv_sec: Self.handshakeSeconds, tv_usec: 0)
    amqp_set_handshake_timeout(state, &wait)
    wait.tv_sec = Self.callSeconds
    amqp_set_rpc_timeout(state, &wait)
    try connect(settings)
    try check(
      checker_amqp_login(
        state, settings.address.virtualHost, Self.frameBytes, Self.heartbeatSeconds, settings.address.user,
        settings.address.password), doing: "log in")
    isOpen = true
    try openChannel()
  }

  deinit {
    socket.closing { amqp_destroy_connection(state) }
  }

  private func connect(_ settings: RabbitMQSettings) throws(RabbitMQError) {
    let address = settings.address
    let transport = try address.isEncrypted ? encryptedTransport(settings) : amqp_tcp_socket_new(state)
    guard let transport else { throw .connectionLost("out of memory") }
    var wait = timeval(tv_sec: Self.handshakeSeconds, tv_usec: 0)
    let status = amqp_socket_open_noblock(transport, address.host, Int32(address.port), &wait)
    guard status == AMQP_STATUS_OK.rawValue else {
      let isSocket = status == AMQP_STATUS_SOCKET_ERROR.rawValue
      let reason = isSocket ? RefusedConnection.reason(host: address.host, port: address.port) : nil
      throw .connectionLost("cannot connect: \(reason ?? Self.text(of: status))")
    }
    socket.opened(amqp_get_sockfd(state))
  }

  private func encryptedTransport(_ settings: RabbitMQSettings) throws(RabbitMQError) -> OpaquePointer? {
    guard let transport = amqp_ssl_socket_new(state) else { return nil }
    amqp_ssl_socket_set_verify_peer(transport, settings.verifiesPeer ? 1 : 0)
    amqp_ssl_socket_set_verify_hostname(transport, settings.verifiesPeer ? 1 : 0)
    let file = settings.caFile.isEmpty ? "/etc/ssl/certs/ca-certificates.crt" : settings.caFile
    if settings.verifiesPeer, amqp_ssl_socket_set_cacert(transport, file) != AMQP_STATUS_OK.rawValue {
      throw .connectionLost("the certificates in '\(file)' cannot be read. Set 'ca_file' to a PEM file")
    }
    return transport
  }

  private func openChannel() throws(RabbitMQError) {
    amqp_channel_open(state, Self.channel)
    try check(amqp_get_rpc_reply(state), doing: "open a channel")
    amqp_confirm_select(state, Self.channel)
    try check(amqp_get_rpc_reply(state), doing: "ask for confirms")
    published = 0
  }

  var hasDeclared: Bool { !declared.isEmpty }

  /// What was declared and bound so far is declared and bound anew.
  func forgetDeclared() {
    declared = []
    bound = []
  }

  /// Makes sure that the exchange or queue is there. One that exists with other properties, or that we may not
  /// declare, is taken as it is.
  func declare(_ route: RabbitMQMessage.Route) throws(RabbitMQError) {
    let target: RabbitMQMessage.Route =
      switch route {
      case .exchange(let name, _): .exchange(name, key: "")
      case .queue: route
      }
    if declared.contains(target) { return }
    do {
      try declare(target, passively: false)
    } catch .refused(let code, _) where code == 403 || code == 406 {
      try openChannel()
      try declare(target, passively: true)
    }
    declared.insert(target)
  }

  /// Makes sure that the queue is there and takes every event of the exchange. Where we may not bind it, somebody else
  /// may have.
  func bind(_ queue: String, to exchange: String) throws(RabbitMQError) {
    if bound.contains(queue) { return }
    try declare(.queue(queue))
    withBytes(of: queue) { name in
      withBytes(of: exchange) { exchange in
        withBytes(of: "#") { key in
          _ = amqp_queue_bind(state, Self.channel, name, exchange, key, amqp_empty_table)
        }
      }
    }
    do {
      try check(amqp_get_rpc_reply(state), doing: "bind the queue '\(queue)' to the exchange '\(exchange)'")
    } catch .refused(let code, _) where code == 403 {
      try openChannel()
    }
    amqp_maybe_release_buffers(state)
    bound.insert(queue)
  }

  private func declare(_ target: RabbitMQMessage.Route, passively: Bool) throws(RabbitMQError) {
    let passive: amqp_boolean_t = passively ? 1 : 0
    switch target {
    case .exchange(let name, _):
      withBytes(of: name) { name in
        withBytes(of: "topic") { type in
          _ = amqp_exchange_declare(state, Self.channel, name, type, passive, 1, 0, 0, amqp_empty_table)
        }
      }
      try check(amqp_get_rpc_reply(state), doing: "declare the exchange '\(name)'")
    case .queue(let name):
      withBytes(of: name) { name in
        _ = amqp_queue_declare(state, Self.channel, name, passive, 1, 0, 0, amqp_empty_table)
      }
      try check(amqp_get_rpc_reply(state), doing: "declare the queue '\(name)'")
    }
    amqp_maybe_release_buffers(state)
  }

  /// Persistent and mandatory; returns what the broker made of it.
  func publish(_ message: RabbitMQMessage) throws(RabbitMQError) -> Answer {
    try drain()
    published += 1
    let status = withBytes(of: message.exchange) { exchange in
      withBytes(of: message.routingKey) { key in
        withBytes(of: message.contentType) { contentType in
          withBytes(of: String(message.id.prefix(63))) { id in
            var properties = Self.properties(contentType, id, message.time)
            return message.body.withUnsafeBytes { body in
              amqp_basic_publish(
                state, Self.channel, exchange, key, 1, 0, &properties,
                amqp_bytes_t(len: body.count, bytes: UnsafeMutableRawPointer(mutating: body.baseAddress)))
            }
          }
        }
      }
    }
    guard status == AMQP_STATUS_OK.rawValue else { throw .connectionLost(Self.text(of: status)) }
    return try answer(to: published)
  }

  private static func properties(
    _ contentType: amqp_bytes_t, _ id: amqp_bytes_t, _ time: Date
  ) -> amqp_basic_properties_t {
    var properties = amqp_basic_properties_t()
    properties._flags = amqp_flags_t(
      AMQP_BASIC_CONTENT_TYPE_FLAG | AMQP_BASIC_DELIVERY_MODE_FLAG | AMQP_BASIC_MESSAGE_ID_FLAG
        | AMQP_BASIC_TIMESTAMP_FLAG)
    properties.content_type = contentType
    properties.delivery_mode = 2
    properties.message_id = id
    properties.timestamp = UInt64(max(0, time.timeIntervalSince1970))
    return properties
  }

  /// Waits for the confirm of the message numbered `tag`. A message that no queue took comes back before it.
  private func answer(to tag: UInt64) throws(RabbitMQError) -> Answer {
    let deadline = ContinuousClock.now + .seconds(Self.confirmSeconds)
    var isReturned = false
    while true {
      guard let frame = try frame(before: deadline) else {
        throw .connectionLost("no confirm within \(Self.confirmSeconds) s. Is the broker short of memory or disk?")
      }
      switch frame {
      case .returned: isReturned = true
      case .confirmed(let number, let multiple) where number == tag || (multiple && number >= tag):
        return isReturned ? .unroutable : .kept
      case .refused(let number, let multiple) where number == tag || (multiple && number >= tag): return .refused
      case .confirmed, .refused, .other: continue
      }
    }
  }

  /// Takes in what the broker sent meanwhile, and sends a heartbeat when one is due.
  func drain() throws(RabbitMQError) {
    while try frame(before: nil) != nil {}
  }

  func closePolitely() {
    guard isOpen else { return }
    var wait = timeval(tv_sec: 2, tv_usec: 0)
    amqp_set_rpc_timeout(state, &wait)
    amqp_connection_close(state, AMQP_REPLY_SUCCESS)
  }
}
