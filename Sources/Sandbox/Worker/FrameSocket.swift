import Foundation

/// What one process says to the other.
enum FrameKind: UInt8, Sendable {
  // From the service.
  case settings = 1
  case run, prepare, warmUp, cancel, answer, tryEscapes, ping
  // From the worker.
  case ready = 100
  case report, prepared, refused, warm, ask, withdraw, escapes, pong
}

/// A message: its length, its kind, what it is about, and then what it says.
struct Frame: Sendable {
  static let headerBytes = 17

  let kind: FrameKind
  /// Of the job that it is about; 0: none.
  let job: UInt64
  let payload: WireReader

  /// The bytes of a frame whose payload `fill` writes.
  static func bytes(_ kind: FrameKind, _ job: UInt64, _ fill: (inout WireWriter) -> Void = { _ in }) -> [UInt8] {
    var writer = WireWriter()
    writer.put(number: UInt64(0))
    writer.put(number: kind.rawValue)
    writer.put(number: job)
    fill(&writer)
    writer.replace(at: 0, with: UInt64(writer.bytes.count - headerBytes))
    return writer.bytes
  }
}

/// Sends whole frames over a socket.
struct FrameSender: Sendable {
  let socket: Int32
  /// How long the other side may take no byte, in seconds.
  let patience: Double

  /// `false` when the other side is gone or takes nothing. Not for two threads at once.
  func send(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBytes { bytes in
      var sent = 0
      while sent < bytes.count {
        let count = Glibc.send(
          socket, bytes.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
        if count >= 0 {
          sent += count
        } else if errno == EAGAIN {
          guard waitForRoom() else { return false }
        } else if errno != EINTR {
          return false
        }
      }
      return true
    }
  }

  private func waitForRoom() -> Bool {
    var waited = pollfd(fd: socket, events: Int16(POLLOUT), revents: 0)
    let count = poll(&waited, 1, Int32(patience * 1000))
    return count > 0 || (count < 0 && errno == EINTR)
  }
}

/// Reads frames from a socket; for one thread.
struct FrameReceiver {
  private let socket: Int32
  /// The most bytes of a payload.
  private let limit: Int
  private var buffer = [UInt8](repeating: 0, count: 64 << 10)
  private var unread = 0..<0

  init(socket: Int32, limit: Int = .max) {
    self.socket = socket
    self.limit = limit
  }

  /// Waits for the next frame; `nil` when the other side is gone.
  mutating func next() throws(WireError) -> Frame? {
    guard let head = read(Frame.headerBytes) else { return nil }
    var header = WireReader(head)
    let length = try header.number(UInt64.self)
    let code = try header.number(UInt8.self)
    let job = try header.number(UInt64.self)
    guard length <= UInt64(limit) else { throw WireError(description: "a message of \(length) bytes") }
    guard let kind = FrameKind(rawValue: code) else { throw WireError(description: "a message of no known kind") }
    guard let payload = read(Int(length)) else { return nil }
    return Frame(kind: kind, job: job, payload: WireReader(payload))
  }

  /// Exactly `count` bytes; `nil` at the end.
  private mutating func read(_ count: Int) -> [UInt8]? {
    var bytes = Array(buffer[unread.prefix(count)])
    unread = unread.dropFirst(bytes.count)
    guard bytes.count < count else { return bytes }
    // A long payload goes where it belongs at once, as it comes: its length alone gets its sender no memory.
    while bytes.count < count {
      guard let more = receive() else { return nil }
      let part = more.prefix(count - bytes.count)
      bytes += buffer[part]
      unread = part.upperBound..<more.upperBound
    }
    return bytes
  }

  private mutating func receive() -> Range<Int>? {
    while true {
      let count = buffer.withUnsafeMutableBytes { Glibc.read(socket, $0.baseAddress, $0.count) }
      if count > 0 { return 0..<count }
      if count == 0 || errno != EINTR { return nil }
    }
  }
}
