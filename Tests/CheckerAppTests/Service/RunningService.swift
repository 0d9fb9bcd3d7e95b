import Foundation
import TestSupport

/// `checker serve` as a user runs it, seen through its pages.
final class RunningService: Sendable {
  let program: SpawnedProgram
  let site: Site

  convenience init(data: String, _ arguments: [String] = [], environment: [String: String] = [:]) async throws {
    let command = [try Program.path, "serve", "--port", "0", "--data", data] + arguments
    try await self.init(command: command, environment: environment)
  }

  /// Any command that ends up as a service.
  init(command: [String], environment: [String: String] = [:]) async throws {
    let program = try SpawnedProgram(command, environment: environment)
    self.program = program
    let address = try await wait(for: "the service's address") { () -> String? in
      if let status = program.exitStatus { throw ProgramError("it ended with status \(status): \(program.errors)") }
      return program.output.firstMatch(of: /Listening on (http:\S+)\n/).map { String($0.1) }
    }
    site = Site(address: address.replacing("0.0.0.0", with: "127.0.0.1"))
  }

  /// The demo, on a data folder within `folder`.
  static func demo(in folder: TemporaryFolder, port: String = "0") async throws -> RunningService {
    try await RunningService(command: [
      try Program.path, "demo", "--port", port, "--data", folder.path + "/data",
    ])
  }

  /// What the checker's page says about its state, as plain text.
  func state(of checker: String) async throws -> String {
    let page = try await site.get("/checkers/\(checker)")
    guard page.status == 200, let state = page.body.firstMatch(of: /id="state".*?<p>(.*?)<\/p>/.dotMatchesNewlines())
    else { throw ProgramError("no state on the page of \(checker): \(page.status) \(page.body.prefix(300))") }
    return Site.text(of: String(state.1))
  }

  /// Waits until the checker's page says so, and returns what it says.
  @discardableResult
  func state(of checker: String, says words: String, seconds: Double = 60) async throws -> String {
    var seen = ""
    do {
      return try await wait(for: words, seconds: seconds) {
        seen = try await state(of: checker)
        return seen.contains(words) ? seen : nil
      }
    } catch {
      throw ProgramError("\(checker) never said '\(words)'; last it said: \(seen) (\(error)) \(program.errors)")
    }
  }

  /// Presses "Run now" and waits until another run of the checker is listed.
  func runNow(_ checker: String) async throws {
    let before = try await runCount(checker)
    try await wait(until: "a run of \(checker) can start", seconds: 120) {
      let answer = try await site.post("/checkers/\(checker)/run")
      // One that is under way already is not the one that was asked for.
      if answer.status == 409 { return false }
      guard answer.status == 303 else { throw ProgramError("\(answer.status): \(Site.text(of: answer.body))") }
      return true
    }
    try await wait(until: "the end of a run of \(checker)", seconds: 120) { try await runCount(checker) > before }
  }

  /// The runs that the checker's page lists, at most 60.
  func runCount(_ checker: String) async throws -> Int {
    try await site.get("/checkers/\(checker)").body.matches(of: /href="\/runs\/[^"]+" class="[^"]*" title=/).count
  }

  /// Asks it to stop, and waits for the end.
  func stop(_ signal: Int32 = SIGTERM, within seconds: Double = 60) async throws -> Int32 {
    program.signal(signal)
    return try await program.end(within: seconds)
  }
}
