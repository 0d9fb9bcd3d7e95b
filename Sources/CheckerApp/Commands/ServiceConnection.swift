import ArgumentParser
import Channels
import CheckFiles
import Foundation

/// Where commands reach a service, and what for.
struct ServiceConnection: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The service's address; else $CHECKER_URL, else http://127.0.0.1:8080.", valueName: "address"))
  var server: String?

  @Option(
    help: ArgumentHelp(
      "Certificates to trust in place of the system's, a PEM file.", valueName: "file"))
  var caFile: String?

  /// Compiling a large module for the first time takes minutes on a slow machine.
  private static let patience = 300
  private static let longestAnswer = 64 << 20

  func get(_ path: String) throws -> String { try exchange(path, nil, []) }

  func post(_ path: String, yaml: String) throws -> String {
    try exchange(path, Array(yaml.utf8), [("Content-Type", "application/yaml")])
  }

  private func exchange(
    _ path: String, _ body: [UInt8]?, _ headers: [(name: String, value: String)]
  ) throws -> String {
    let environment = ProcessInfo.processInfo.environment
    var base = server ?? environment["CHECKER_URL"] ?? "http://127.0.0.1:8080"
    while base.hasSuffix("/") { base.removeLast() }
    guard ["http", "https"].contains(URLComponents(string: base)?.scheme), URLComponents(string: base)?.host != nil
    else {
      throw UsageProblem("'\(base)' is no address of a service; write one like http://127.0.0.1:8080")
    }
    var headers = headers
    // On the command line everybody on the machine would see it. A file that it is kept in ends in a new line.
    let token = environment["CHECKER_TOKEN"]?.trimmingCharacters(in: .whitespacesAndNewlines)
    if let token, !token.isEmpty { headers.append(("Authorization", "Bearer \(token)")) }
    let answer: HTTPExchange
    do throws(HTTPExchange.Failure) {
      answer = try HTTPExchange(
        base + "/api/v1" + path, headers: headers, body: body, caFile: caFile ?? "", totalSeconds: Self.patience,
        maximumBytes: Self.longestAnswer)
    } catch {
      throw StartProblem("no answer from a service at \(base): \(error.message)")
    }
    let text = String(decoding: answer.body, as: UTF8.self)
    guard (200...299).contains(answer.status) else { throw Self.refusal(answer.status, text, base) }
    return text
  }

  private static func refusal(_ status: Int, _ text: String, _ base: String) -> any Error {
    if status == 401 {
      return UsageProblem(
        "\(base) wants a token: make one under Settings, Tokens, and set CHECKER_TOKEN in the environment")
    }
    guard let problem = try? JSONParser.parse(Array(text.utf8)), let detail = problem["detail"]?.text else {
      return StartProblem("\(base) answered \(status), which no service of ours says; is the address right?")
    }
    guard case .array(let errors)? = problem["errors"], !errors.isEmpty else {
      if status == 413 { return UsageProblem("\(detail) Bring the checkers in several files, each by itself.") }
      // What was sent is at fault, not who got it.
      return (400...499).contains(status) ? UsageProblem(detail) : StartProblem("\(base): \(detail)")
    }
    let lines = errors.map { error in
      // Its lines are those of the text that was sent, which nobody has seen.
      let message = error["message"]?.text.map { $0.replacing(#/^line \d+, column \d+: /#, with: "") }
      return [error["field"]?.text, message].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: ": ")
    }
    return ServiceRefusal(lines: lines)
  }
}

/// What the service has against a request: each with the place in it, `checkers[0].rules[1].column: ...`.
struct ServiceRefusal: Error {
  var lines: [String]
}
