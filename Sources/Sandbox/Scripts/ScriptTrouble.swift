import Domain
import Foundation

/// Says in a script's terms how its run ended.
enum ScriptTrouble {
  /// What a guest may give as a reason; the host finds the others itself.
  private static let reasons: Set<GuestTrouble.Reason> = [
    .exception, .syntax, .forbidden, .memory, .unknownDataset, .dataset, .tooMuchData,
  ]

  private struct Wire: Decodable {
    var reason: String
    var message: String
    var traceback: String?
    var line: Int?
  }

  /// Of the JSON that the guest ended with; `nil` when it is empty.
  static func read(_ json: String, _ limits: GuestLimits) -> GuestTrouble? {
    if json.isEmpty { return nil }
    guard json.utf8.count <= 256 << 10, let wire = try? JSONDecoder().decode(Wire.self, from: Data(json.utf8)) else {
      return GuestTrouble(.exception, "The script changed what the sandbox itself needs, so its end could not be told.")
    }
    let reason = GuestTrouble.Reason(rawValue: wire.reason) ?? .exception
    let message =
      reason == .memory
      ? "The script needs more than \(Words.bytes(limits.memoryBytes)) of memory." : wire.message.printable
    return GuestTrouble(
      reasons.contains(reason) ? reason : .exception, message.cut(to: 2000, mark: " … (cut)"),
      traceback: wire.traceback.map { $0.printable.cut(to: 8000, mark: "\n… (cut)") }.flatMap { $0.isEmpty ? nil : $0 },
      line: wire.line.flatMap { (1...10_000_000).contains($0) ? $0 : nil })
  }

  /// A fault of the interpreter, put so that it means something to the script's author, to whom the interpreter's own
  /// functions mean nothing.
  static func translated(_ trouble: GuestTrouble) -> GuestTrouble {
    var trouble = trouble
    trouble.traceback = nil
    switch trouble.reason {
    case .trap:
      trouble = GuestTrouble(
        .forbidden,
        "The script used something that the sandbox does not have: files, sockets, other processes, the system's clock. "
          + "A checker reads datasets and states verdicts.")
    case .stack:
      trouble.message = "The script called itself too deeply. Turn the recursion into a loop."
    default: break
    }
    return trouble
  }
}
