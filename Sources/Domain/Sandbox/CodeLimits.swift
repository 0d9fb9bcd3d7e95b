/// What a checker's author lets its code use up; `nil` where the standard limit holds.
package struct CodeLimits: Hashable, Codable, Sendable {
  /// Of the code's own work, in seconds.
  package var seconds: Double?
  /// Of memory, in MiB.
  package var memoryMiB: Int?
  /// Of all datasets that the code reads together, in MiB.
  package var dataMiB: Int?

  /// A checker that works for longer would hold up all others.
  package static let seconds = 0.1...60.0
  /// Python itself takes 14.
  package static let memoryMiB = 16...1024
  package static let dataMiB = 1...1024

  package init(seconds: Double? = nil, memoryMiB: Int? = nil, dataMiB: Int? = nil) {
    self.seconds = seconds
    self.memoryMiB = memoryMiB
    self.dataMiB = dataMiB
  }

  /// `10`, `0.5`.
  package static func text(_ seconds: Double) -> String {
    seconds == seconds.rounded() && abs(seconds) < 1e9 ? "\(Int(seconds))" : "\(seconds)"
  }

  package var isStandard: Bool { self == CodeLimits() }

  /// What is beyond what can be set, by the names of the fields.
  package var problems: [(field: String, message: String)] {
    var problems: [(field: String, message: String)] = []
    if let seconds, !Self.seconds.contains(seconds) {
      problems.append(("seconds", "must be between 0.1 and 60"))
    }
    if let memoryMiB, !Self.memoryMiB.contains(memoryMiB) {
      problems.append(("memory_mib", "must be between 16 and 1024"))
    }
    if let dataMiB, !Self.dataMiB.contains(dataMiB) {
      problems.append(("data_mib", "must be between 1 and 1024"))
    }
    return problems
  }
}

extension GuestLimits {
  /// These limits, but for what `own` says.
  package func with(_ own: CodeLimits) -> GuestLimits {
    var limits = self
    if let seconds = own.seconds { limits.seconds = seconds }
    if let memory = own.memoryMiB { limits.memoryBytes = memory << 20 }
    if let data = own.dataMiB { limits.datasetBytes = data << 20 }
    return limits
  }
}
