import Foundation
import TestSupport

/// The program as a user runs it.
struct Program {
  struct Result {
    var status: Int32
    var output: String
    var errors: String
  }

  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  static var path: String {
    get throws {
      guard let path = ProcessInfo.processInfo.environment["TEST_CHECKER_BINARY"] else {
        throw ProgramError("TEST_CHECKER_BINARY is not set; run ./test")
      }
      return path
    }
  }

  func write(_ text: String, to name: String) throws -> String {
    let path = folder.path + "/" + name
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  /// Makes an SQLite database in the folder.
  func database(_ name: String, _ script: String) throws {
    try Command.runAndWait(
      "/usr/bin/env", "python3", "-c",
      "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.executescript(sys.argv[2]); c.commit()",
      folder.path + "/" + name, script)
  }

  func run(_ arguments: String..., in directory: String? = nil, environment: [String: String] = [:]) throws -> Result {
    try run(arguments, in: directory, environment: environment)
  }

  /// With the address of a service, and a token for it.
  func run(_ arguments: [String], on service: RunningService, token: String = "") throws -> Result {
    try run(arguments, environment: ["CHECKER_URL": service.site.address, "CHECKER_TOKEN": token])
  }

  private func run(
    _ arguments: [String], in directory: String? = nil, environment: [String: String]
  ) throws -> Result {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try Self.path)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: directory ?? folder.path)
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let outputPath = folder.path + "/stdout"
    let errorsPath = folder.path + "/stderr"
    for path in [outputPath, errorsPath] { _ = FileManager.default.createFile(atPath: path, contents: nil) }
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: outputPath))
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errorsPath))
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus, output: try String(contentsOfFile: outputPath, encoding: .utf8),
      errors: try String(contentsOfFile: errorsPath, encoding: .utf8))
  }
}

struct ProgramError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
