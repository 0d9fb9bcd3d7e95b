import ArgumentParser
import Foundation

/// Something that the caller has to mend; ends the program with status 64.
struct UsageProblem: Error, CustomStringConvertible {
  let description: String
  /// The text starts with the place of what is to mend, which editors turn into a link.
  let hasPlace: Bool

  init(_ description: String, hasPlace: Bool = false) {
    self.description = description
    self.hasPlace = hasPlace
  }
}

/// The process's own streams.
enum Console {
  static var isTerminal: Bool { isatty(1) == 1 && ProcessInfo.processInfo.environment["NO_COLOR"] == nil }

  static func write(_ text: String) { write(text, to: 1) }

  static func complain(_ problem: UsageProblem) {
    if problem.hasPlace { write(problem.description + "\n", to: 2) } else { complain(problem.description) }
  }

  static func complain(_ text: String) { write("checker: \(text)\n", to: 2) }

  static func write(_ text: String, to descriptor: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      // A reader that went away needs no complaint.
      if count <= 0 { return }
      bytes = bytes.dropFirst(count)
    }
  }
}
