package import ArgumentParser
import Checking
import Domain
import WebUI

/// `checker`: the program's commands.
package struct CheckerCommand: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "checker",
    abstract: "Tells you the moment your production data breaks an assumption.",
    discussion: "Start with 'checker demo', or with 'checker check FILE.yaml'.",
    version: ProgramVersion.text,
    subcommands: [
      CheckCommand.self, WasmCommand.self, ServeCommand.self, DemoCommand.self, VersionCommand.self,
      WarmUpCommand.self,
    ])

  package init() {}

  /// Reads the command line, runs the command, and ends the process with its exit status.
  package static func runProgram() async {
    do {
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch let problem as UsageProblem {
      Console.complain(problem.description)
      exit(withError: ExitCode(64))
    } catch let problem as StartProblem {
      Console.complain(problem.description)
      exit(withError: ExitCode(69))
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

/// `checker version`.
struct VersionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "version", abstract: "Print the version.")

  func run() { print("checker \(ProgramVersion.text)") }
}
