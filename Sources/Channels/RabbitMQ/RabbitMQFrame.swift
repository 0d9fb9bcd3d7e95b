import CRabbitMQ
import Foundation

/// What a broker sends beside the answers to calls.
enum RabbitMQFrame {
  case returned
  case confirmed(UInt64, multiple: Bool)
  case refused(UInt64, multiple: Bool)
  case other
}

extension RabbitMQConnection {
  /// The next frame; `nil` when none came before `deadline` (none: only what is there already).
  ///
  /// Throws when the broker closes the channel or the connection.
  func frame(before deadline: ContinuousClock.Instant?) throws(RabbitMQError) -> RabbitMQFrame? {
    amqp_maybe_release_buffers(state)
    var wait = timeval(deadline.map { max(.zero, $0 - .now) } ?? .zero)
    var frame = amqp_frame_t()
    let status = amqp_simple_wait_frame_noblock(state, &frame, &wait)
    if status == AMQP_STATUS_TIMEOUT.rawValue { return nil }
    guard status == AMQP_STATUS_OK.rawValue else { throw .connectionLost(Self.text(of: status)) }
    guard frame.frame_type == UInt8(AMQP_FRAME_METHOD) else { return .other }
    return try read(frame.payload.method)
  }

  private func read(_ method: amqp_method_t) throws(RabbitMQError) -> RabbitMQFrame {
    guard let decoded = method.decoded else { return .other }
    switch method.id {
    case Method.basicAck:
      let ack = decoded.assumingMemoryBound(to: amqp_basic_ack_t.self).pointee
      return .confirmed(ack.delivery_tag, multiple: ack.multiple != 0)
    case Method.basicNack:
      let nack = decoded.assumingMemoryBound(to: amqp_basic_nack_t.self).pointee
      return .refused(nack.delivery_tag, multiple: nack.multiple != 0)
    case Method.basicReturn:
      var message = amqp_message_t()
      try check(amqp_read_message(state, Self.channel, &message, 0), doing: "read a returned message")
      amqp_destroy_message(&message)
      return .returned
    case Method.channelClose, Method.connectionClose: throw Self.closed(method)
    default: return .other
    }
  }

  /// Throws unless `reply` is a normal one.
  func check(_ reply: amqp_rpc_reply_t, doing action: String) throws(RabbitMQError) {
    switch reply.reply_type {
    case AMQP_RESPONSE_NORMAL: return
    case AMQP_RESPONSE_SERVER_EXCEPTION: throw serverError(reply.reply, doing: action)
    case AMQP_RESPONSE_LIBRARY_EXCEPTION:
      throw .connectionLost("cannot \(action): \(Self.text(of: reply.library_error))")
    default: throw .connectionLost("cannot \(action): no reply")
    }
  }

  private func serverError(_ method: amqp_method_t, doing action: String) -> RabbitMQError {
    if method.id == Method.channelClose {
      // The channel may be opened again only when the broker knows that we saw it close.
      var done = amqp_channel_close_ok_t()
      _ = amqp_send_method(state, Self.channel, Method.channelCloseOK, &done)
    }
    guard case .refused(let code, let text) = Self.closed(method) else { return .connectionLost("cannot \(action)") }
    return .refused(code: code, "cannot \(action): \(text)")
  }

  private static func closed(_ method: amqp_method_t) -> RabbitMQError {
    guard let decoded = method.decoded else { return .connectionLost("closed by the broker") }
    if method.id == Method.channelClose {
      let close = decoded.assumingMemoryBound(to: amqp_channel_close_t.self).pointee
      return .refused(code: Int(close.reply_code), text(of: close.reply_text))
    }
    let close = decoded.assumingMemoryBound(to: amqp_connection_close_t.self).pointee
    return .refused(code: Int(close.reply_code), text(of: close.reply_text))
  }

  static func text(of status: Int32) -> String {
    switch status {
    case AMQP_STATUS_SSL_PEER_VERIFY_FAILED.rawValue:
      "its certificate cannot be verified. Set 'ca_file' for one of your own"
    case AMQP_STATUS_SSL_HOSTNAME_VERIFY_FAILED.rawValue:
      "its certificate is for another host name. Connect by the name, as addresses are not compared"
    default: amqp_error_string2(status).map { String(cString: $0) } ?? "error \(status)"
    }
  }

  private static func text(of bytes: amqp_bytes_t) -> String {
    String(decoding: UnsafeRawBufferPointer(start: bytes.bytes, count: bytes.len), as: UTF8.self)
  }
}

/// Lends the bytes of `text` to librabbitmq, which does not write to them.
func withBytes<Value>(of text: String, _ body: (amqp_bytes_t) -> Value) -> Value {
  Array(text.utf8).withUnsafeBytes { buffer in
    body(amqp_bytes_t(len: buffer.count, bytes: UnsafeMutableRawPointer(mutating: buffer.baseAddress)))
  }
}

/// AMQP 0-9-1: class number, then method number.
private enum Method {
  static let connectionClose: amqp_method_number_t = 0x000A_0032
  static let channelClose: amqp_method_number_t = 0x0014_0028
  static let channelCloseOK: amqp_method_number_t = 0x0014_0029
  static let basicReturn: amqp_method_number_t = 0x003C_0032
  static let basicAck: amqp_method_number_t = 0x003C_0050
  static let basicNack: amqp_method_number_t = 0x003C_0078
}

extension timeval {
  fileprivate init(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    self.init(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
  }
}
