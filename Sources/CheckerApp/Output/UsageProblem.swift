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

/// The command did its work, and its report could not be written; ends the program with status 74.
struct OutputProblem: Error {
  let reason: String
}

/// The process's own streams.
enum Console {
  static var isTerminal: Bool { isatty(1) == 1 && ProcessInfo.processInfo.environment["NO_COLOR"] == nil }

  /// Without the control characters with which data could steer a terminal, or write lines of its own into a log.
  static func plain(_ text: some StringProtocol) -> String {
    String(text.unicodeScalars.map { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) ? " " : Character($0) })
  }

  /// What the command was asked for. A disk that is full, for one, must not make a report look complete.
  static func report(_ text: String) throws(OutputProblem) {
    if let reason = write(text, to: 1) { throw OutputProblem(reason: reason) }
  }

  /// What is said beside.
  static func write(_ text: String) { write(text, to: 1) }

  static func complain(_ problem: UsageProblem) {
    if problem.hasPlace { write(problem.description + "\n", to: 2) } else { complain(problem.description) }
  }

  static func complain(_ text: String) { write("checker: \(text)\n", to: 2) }

  /// - Returns: Why not all of it could be written; a reader that went away needs no complaint.
  @discardableResult
  static func write(_ text: String, to descriptor: Int32) -> String? {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count <= 0 { return errno == EPIPE ? nil : String(cString: strerror(errno)) }
      bytes = bytes.dropFirst(count)
    }
    return nil
  }
}
