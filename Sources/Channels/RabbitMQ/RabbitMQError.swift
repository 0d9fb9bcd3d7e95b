/// What a broker, or the way to it, had against us. Holds no credential.
enum RabbitMQError: Error {
  /// The connection is gone or never was.
  case connectionLost(String)
  /// The broker closed the channel or the connection and said why.
  case refused(code: Int, String)

  var isConnectionLost: Bool {
    switch self {
    case .connectionLost: true
    // 320: an operator closes connections, as before a restart.
    case .refused(let code, _): code == 320
    }
  }

  var message: String {
    switch self {
    case .connectionLost(let text): text
    case .refused(403, let text): "access refused. Check user, password and permissions (\(text))"
    case .refused(let code, let text): "\(text) (\(code))"
    }
  }
}
