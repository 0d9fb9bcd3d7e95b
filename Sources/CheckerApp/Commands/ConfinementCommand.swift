import ArgumentParser
import Domain
import Foundation
import Sandbox

/// `checker confinement`: for the operator, who wants to know what this machine's kernel holds back.
struct ConfinementCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "confinement",
    abstract: "Try out what code could do here, had it broken out of its sandbox.",
    discussion: """
      Starts the process that the service runs scripts and modules in, and tries from inside to read files, open \
      connections, start programs, and reach into other processes. Exit status: 0 when all of it is refused, 1 when \
      something is let through, 3 when it cannot be tried.
      """)

  func run() async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("checker-confinement-\(getpid())")
    let secretFile = folder.appendingPathComponent("secret")
    defer { try? FileManager.default.removeItem(at: folder) }
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data("secret\n".utf8).write(to: secretFile)
    } catch {
      Console.complain("no file could be made in \(folder.path) to try with: \(error.localizedDescription)")
      throw ExitCode(3)
    }
    try await tryOut(secretFile)
  }

  private func tryOut(_ secretFile: URL) async throws {
    let trial: ConfinementTrial
    do throws(GuestTrouble) {
      trial = try await ConfinementTrial.run(
        .init(vendorFolders: VendorFolder.candidates, cacheFolder: Composition.userCacheFolder), secretFile: secretFile)
    } catch {
      Console.complain(error.message)
      throw ExitCode(3)
    }
    for attempt in trial.attempts {
      Console.write("\(attempt.isRefused ? "refused    " : "LET THROUGH")  \(attempt.what)\n")
    }
    let free = trial.attempts.count { !$0.isRefused }
    Console.write("\(trial.attempts.count) attempts, \(free == 0 ? "all refused" : "\(free) let through").\n")
    if !trial.missing.isEmpty {
      Console.write("This machine's kernel did not grant: \(trial.missing.joined(separator: ", ")).\n")
    }
    if free > 0 { throw ExitCode(1) }
  }
}
