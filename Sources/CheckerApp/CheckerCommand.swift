package import ArgumentParser
import Checking
import Domain
import Sandbox
import WebUI

/// `checker`: the program's commands.
package struct CheckerCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "checker",
    abstract: "Tells you the moment your production data breaks an assumption.",
    discussion: "Start with 'checker demo', or with 'checker check FILE.yaml'.",
    version: ProgramVersion.text,
    subcommands: [
      CheckCommand.self, WasmCommand.self, ServeCommand.self, DemoCommand.self, ApplyCommand.self, ExportCommand.self,
      VersionCommand.self,
      ConfinementCommand.self, WarmUpCommand.self,
    ])

  package init() {}

  /// Where the service started this program to run users' code, does so and does not return. To be called first.
  package static func serveCodeIfAsked() {
    if CommandLine.arguments.dropFirst().first == CodeWorker.command { CodeWorker.serve() }
  }

  /// Reads the command line, runs the command, and ends the process with its exit status.
  package static func runProgram() async {
    do {
      try requireKnownCommand(CommandLine.arguments.dropFirst().first)
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch let problem as UsageProblem {
      Console.complain(problem)
      exit(withError: ExitCode(64))
    } catch let problem as StartProblem {
      Console.complain(problem.description)
      exit(withError: ExitCode(69))
    } catch let problem as OutputProblem {
      Console.complain("the output cannot be written: \(problem.reason)")
      exit(withError: ExitCode(74))
    } catch let problem as WebServerError {
      Console.complain(problem.message)
      exit(withError: ExitCode(69))
    } catch let problem as StoreError {
      Console.complain(ServiceError(problem).message)
      exit(withError: ExitCode(69))
    } catch {
      exit(withError: error)
    }
  }
}

extension CheckerCommand {
  /// A command with a typing mistake is told as such.
  private static func requireKnownCommand(_ word: String?) throws(UsageProblem) {
    let commands = configuration.subcommands.map { $0.configuration }
    let names = commands.compactMap { $0.commandName } + ["help"]
    guard let word, !word.hasPrefix("-"), !names.contains(word) else { return }
    let shown = commands.filter { $0.shouldDisplay }.compactMap { $0.commandName }
    let help =
      Spelling.nearest(to: word, among: shown).map { "did you mean '\($0)'?" }
      ?? "the commands are \(shown.joined(separator: ", "))"
    throw UsageProblem("there is no command '\(word)'; \(help)")
  }
}

/// `checker version`.
struct VersionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "version", abstract: "Print the version.")

  func run() { print("checker \(ProgramVersion.text)") }
}
