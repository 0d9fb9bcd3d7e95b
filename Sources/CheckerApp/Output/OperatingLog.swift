import Foundation

/// What whoever operates the service reads afterwards, a line each, on standard error.
enum OperatingLog {
  static func write(_ text: String) {
    Console.write("\(Date().formatted(.iso8601)) \(Console.plain(text))\n", to: 2)
  }
}
