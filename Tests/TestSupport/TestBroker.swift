import CRabbitMQ
import Foundation

/// The RabbitMQ broker that the script around the tests started, or one of the test's own.
package final class TestBroker: Sendable {
  /// As an action names it.
  package let uri: String
  private let ownFolder: TemporaryFolder?
  private let script: String

  /// The one that all tests share. It is never stopped.
  package static func shared() throws -> TestBroker {
    TestBroker(uri: try variable("TEST_RABBITMQ_URI"), ownFolder: nil, script: "")
  }

  /// Starts a broker that the test may stop; it ends with the last reference to it.
  package static func own() throws -> TestBroker {
    let script = try variable("TEST_SERVERS") + "/rabbitmq"
    let folder = try TemporaryFolder()
    try run(script, ["start", folder.path])
    let ports = try String(contentsOfFile: folder.path + "/ports", encoding: .utf8)
    let port = ports.split(separator: " ").first.map(String.init) ?? ""
    return TestBroker(uri: "amqp://guest:guest@127.0.0.1:\(port)/", ownFolder: folder, script: script)
  }

  private init(uri: String, ownFolder: TemporaryFolder?, script: String) {
    self.uri = uri
    self.ownFolder = ownFolder
    self.script = script
  }

  deinit {
    if let ownFolder { try? Self.run(script, ["stop", ownFolder.path]) }
  }

  /// `stop`, `start`, `kill`.
  package func control(_ command: String) throws {
    guard let ownFolder else { throw TestBrokerError("a shared broker is not controlled") }
    try Self.run(script, [command, ownFolder.path])
  }

  /// Waits until the broker has written down which queues and bindings there are: it does so some seconds after it says
  /// that they are there, and one that is killed before has forgotten them, with what is in them.
  package func settleDefinitions() throws {
    guard let ownFolder else { throw TestBrokerError("a shared broker is not controlled") }
    try Self.run(script, ["ctl", ownFolder.path, "eval", "mnesia:sync_log()."])
  }

  /// From the next start on it also takes TLS connections at `port`, with a certificate of its own for `localhost` and
  /// 127.0.0.1. Returns that certificate's file.
  package func offerTLS(port: UInt16) throws -> String {
    guard let ownFolder else { throw TestBrokerError("a shared broker is not controlled") }
    let (key, certificate) = (ownFolder.path + "/key.pem", ownFolder.path + "/certificate.pem")
    try Self.run(
      "/usr/bin/openssl",
      [
        "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2",
        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
      ])
    let file = ownFolder.path + "/rabbitmq.conf"
    let settings = try String(contentsOfFile: file, encoding: .utf8)
    let more = """
      listeners.ssl.default = 127.0.0.1:\(port)
      ssl_options.certfile = \(certificate)
      ssl_options.keyfile = \(key)
      ssl_options.verify = verify_none

      """
    try (settings + more).write(toFile: file, atomically: true, encoding: .utf8)
    return certificate
  }

  package func close(connectionsWith reason: String) throws {
    guard let ownFolder else { throw TestBrokerError("a shared broker is not controlled") }
    try Self.run(script, ["ctl", ownFolder.path, "close_all_connections", reason])
  }

  static func variable(_ name: String) throws -> String {
    if let value = ProcessInfo.processInfo.environment[name] { return value }
    throw TestBrokerError("\(name) is not set. Run the tests by ./test or Scripts/with-servers")
  }

  /// Not by Foundation's `Process`, which waits for whatever the server that stays behind inherits.
  static func run(_ script: String, _ arguments: [String]) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor: Int32 in 0...1 {
      posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
    }
    let folder = try TemporaryFolder()
    let errors = folder.path + "/errors"
    posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT, 0o644)
    // Threads of Swift's concurrency block signals; a server that inherits that cannot be asked to end.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var pid: pid_t = 0
    let words = ([script] + arguments).map { strdup($0) } + [nil]
    let variables = ProcessInfo.processInfo.environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for word in words + variables { free(word) } }
    guard posix_spawn(&pid, script, &actions, &attributes, words, variables) == 0 else {
      throw TestBrokerError("\(script) does not start")
    }
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
    guard status == 0 else {
      let reason = (try? String(contentsOfFile: errors, encoding: .utf8)) ?? ""
      throw TestBrokerError("\(script) \(arguments) ended with status \(status >> 8): \(reason.suffix(4000))")
    }
  }
}

package struct TestBrokerError: Error, CustomStringConvertible {
  package var description: String

  init(_ description: String) { self.description = description }
}

/// A durable queue of the broker, read by a connection of its own. Use it from one task at a time.
package final class TestQueue {
  package struct Message: Sendable {
    package var body: [UInt8]
    package var id: String
    package var contentType: String
    package var isPersistent: Bool
    package var routingKey: String
    package var exchange: String
  }

  private let state: amqp_connection_state_t
  package let name: String

  /// Makes the queue when there is none.
  package init(_ broker: TestBroker, name: String = "q-" + UUID().uuidString) throws {
    guard let state = amqp_new_connection() else { throw TestBrokerError("no memory") }
    self.state = state
    self.name = name
    var info = amqp_connection_info()
    var uri = Array(broker.uri.utf8CString)
    let host = try uri.withUnsafeMutableBufferPointer { uri -> (String, Int32) in
      guard amqp_parse_url(uri.baseAddress, &info) == 0 else { throw TestBrokerError("bad address") }
      return (String(cString: info.host), info.port)
    }
    guard let socket = amqp_tcp_socket_new(state), amqp_socket_open(socket, host.0, host.1) == 0 else {
      throw TestBrokerError("cannot connect to \(broker.uri)")
    }
    try check(checker_amqp_login(state, "/", 131_072, 0, "guest", "guest"))
    amqp_channel_open(state, 1)
    try check(amqp_get_rpc_reply(state))
    lend(name) { _ = amqp_queue_declare(state, 1, $0, 0, 1, 0, 0, amqp_empty_table) }
    try check(amqp_get_rpc_reply(state))
  }

  deinit { amqp_destroy_connection(state) }

  /// Binds it to a durable topic exchange, which is made when there is none.
  package func bind(to exchange: String, key: String) throws {
    lend(exchange) { exchange in
      lend("topic") { _ = amqp_exchange_declare(state, 1, exchange, $0, 0, 1, 0, 0, amqp_empty_table) }
    }
    try check(amqp_get_rpc_reply(state))
    lend(name) { name in
      lend(exchange) { exchange in
        lend(key) { _ = amqp_queue_bind(state, 1, name, exchange, $0, amqp_empty_table) }
      }
    }
    try check(amqp_get_rpc_reply(state))
  }

  /// Deletes it on the broker, with what is in it.
  package func delete() throws {
    lend(name) { _ = amqp_queue_delete(state, 1, $0, 0, 0) }
    try check(amqp_get_rpc_reply(state))
  }

  /// The next message, if there is one.
  package func next() throws -> Message? {
    amqp_maybe_release_buffers(state)
    var reply = amqp_rpc_reply_t()
    lend(name) { reply = amqp_basic_get(state, 1, $0, 1) }
    try check(reply)
    guard reply.reply.id == 0x003C_0047, let decoded = reply.reply.decoded else { return nil }
    let got = decoded.assumingMemoryBound(to: amqp_basic_get_ok_t.self).pointee
    let (key, exchange) = (text(got.routing_key), text(got.exchange))
    var message = amqp_message_t()
    try check(amqp_read_message(state, 1, &message, 0))
    defer { amqp_destroy_message(&message) }
    return Message(
      body: Array(UnsafeRawBufferPointer(start: message.body.bytes, count: message.body.len)),
      id: text(message.properties.message_id), contentType: text(message.properties.content_type),
      isPersistent: message.properties.delivery_mode == 2, routingKey: key, exchange: exchange)
  }

  private func text(_ bytes: amqp_bytes_t) -> String {
    String(decoding: UnsafeRawBufferPointer(start: bytes.bytes, count: bytes.len), as: UTF8.self)
  }

  private func check(_ reply: amqp_rpc_reply_t) throws {
    guard reply.reply_type == AMQP_RESPONSE_NORMAL else { throw TestBrokerError("broker: \(reply.reply_type)") }
  }

  private func lend(_ text: String, _ body: (amqp_bytes_t) -> Void) {
    Array(text.utf8).withUnsafeBytes {
      body(amqp_bytes_t(len: $0.count, bytes: UnsafeMutableRawPointer(mutating: $0.baseAddress)))
    }
  }
}
