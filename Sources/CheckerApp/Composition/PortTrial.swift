import Foundation
import WebUI

#if canImport(Glibc)
  import Glibc
#endif

/// Looks whether the port can be had, before anything is made that would be in vain.
enum PortTrial {
  /// Throws `StartProblem` where another program listens already; any other trouble is told by the server itself.
  static func run(_ host: String, _ port: Int) throws(StartProblem) {
    guard port != 0 else { return }
    var hints = addrinfo()
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, String(port), &hints, &found) == 0, let address = found else { return }
    defer { freeaddrinfo(found) }
    let descriptor = socket(address.pointee.ai_family, address.pointee.ai_socktype, address.pointee.ai_protocol)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    // As the server does it: what lingers from a program that has ended is no hindrance.
    var yes: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    guard bind(descriptor, address.pointee.ai_addr, address.pointee.ai_addrlen) != 0, errno == EADDRINUSE else {
      return
    }
    throw StartProblem(WebServerSettings(host: host, port: port).taken)
  }
}
