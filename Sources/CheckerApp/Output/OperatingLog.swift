import Foundation

/// What whoever operates the service reads afterwards, a line each, on standard error.
enum OperatingLog {
  /// Names in it come from users: without the control characters with which they could write lines of their own.
  static func write(_ text: String) {
    let plain = String(
      text.unicodeScalars.map { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) ? " " : Character($0) })
    Console.write("\(Date().formatted(.iso8601)) \(plain)\n", to: 2)
  }
}
