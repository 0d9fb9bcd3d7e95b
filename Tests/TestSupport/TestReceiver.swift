import Foundation
import Synchronization

/// A small HTTP server on a free loopback port that gives prepared answers and keeps what it was sent.
package final class TestReceiver: Sendable {
  package struct Request: Sendable {
    package var line: String
    /// Names in lower case.
    package var headers: [String: String]
    package var body: [UInt8]
  }

  package enum Answer: Sendable {
    /// Status, further headers, body.
    case status(Int, [String: String] = [:], body: String = "")
    /// Takes the request and says nothing more.
    case silence
    /// 200, after so many seconds.
    case late(Double)
    /// Closes the connection.
    case hangUp
  }

  package let port: UInt16
  private let listener: Int32
  private let state: Mutex<(answers: [Answer], requests: [Request], connections: [Int32])>

  /// Gives `answers` one after the other, the last one again and again.
  package init(_ answers: [Answer]) throws {
    state = Mutex((answers, [], []))
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listener = listener
    let port = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer -> Bool in
        bind(listener, pointer, length) == 0 && listen(listener, 16) == 0
          && getsockname(listener, pointer, &length) == 0
      }
    }
    guard port else { throw TestBrokerError("no socket") }
    self.port = UInt16(bigEndian: address.sin_port)
    Thread.detachNewThread { [weak self] in
      while true {
        let connection = accept(listener, nil, nil)
        guard connection >= 0, let self else {
          if connection >= 0 { close(connection) }
          // Not before this thread is done with it: the next socket would have its number.
          close(listener)
          return
        }
        self.state.withLock { $0.connections.append(connection) }
        Thread.detachNewThread { [weak self] in Self.serve(connection) { self?.answer(to: $0) } }
      }
    }
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    for connection in state.withLock({ $0.connections }) { shutdown(connection, Int32(SHUT_RDWR)) }
  }

  package var url: String { "http://127.0.0.1:\(port)" }

  package var requests: [Request] { state.withLock { $0.requests } }

  package var connectionCount: Int { state.withLock { $0.connections.count } }

  /// From now on it gives `answer`, whatever was prepared.
  package func give(_ answer: Answer) { state.withLock { $0.answers = [answer] } }

  private func answer(to request: Request) -> Answer {
    state.withLock { state in
      state.requests.append(request)
      return state.answers.count > 1 ? state.answers.removeFirst() : state.answers.first ?? .hangUp
    }
  }

  private static func serve(_ connection: Int32, _ answer: (Request) -> Answer?) {
    var bytes: [UInt8] = []
    while let request = read(from: connection, &bytes) {
      var given = answer(request)
      if case .late(let seconds)? = given {
        Thread.sleep(forTimeInterval: seconds)
        given = .status(200)
      }
      switch given {
      case .status(let status, let headers, let body):
        var head = "HTTP/1.1 \(status) Whatever\r\nContent-Length: \(body.utf8.count)\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        let text = Array((head + "\r\n" + body).utf8)
        _ = send(connection, text, text.count, Int32(MSG_NOSIGNAL))
      case .silence, .late: continue
      case .hangUp, nil:
        shutdown(connection, Int32(SHUT_RDWR))
        return
      }
    }
  }

  /// One request with a `Content-Length`; `nil` at the end.
  private static func read(from connection: Int32, _ bytes: inout [UInt8]) -> Request? {
    let gap = Array("\r\n\r\n".utf8)
    while true {
      if let end = bytes.firstRange(of: gap) {
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
          let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
          if parts.count == 2 { headers[parts[0].lowercased()] = parts[1] }
        }
        let length = Int(headers["content-length"] ?? "") ?? 0
        if bytes.count >= end.upperBound + length {
          let body = Array(bytes[end.upperBound..<end.upperBound + length])
          bytes.removeFirst(end.upperBound + length)
          return Request(line: lines[0], headers: headers, body: body)
        }
      }
      var piece = [UInt8](repeating: 0, count: 16_384)
      let count = recv(connection, &piece, piece.count, 0)
      guard count > 0 else { return nil }
      bytes += piece[..<count]
    }
  }
}
