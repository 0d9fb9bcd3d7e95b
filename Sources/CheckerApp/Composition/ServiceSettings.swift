import ArgumentParser
import Checking
import Foundation

/// What `serve` and `demo` take from the command line.
struct ServiceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The address to listen on. Anything but loopback needs an administrator password.", valueName: "address"))
  var host = "127.0.0.1"

  @Option(help: ArgumentHelp("The port to listen on; 0 takes a free one.", valueName: "port"))
  var port = 8080

  @Option(help: ArgumentHelp("The folder in which the service keeps its store.", valueName: "folder"))
  var data = "data"

  @Option(help: ArgumentHelp("How many runs may be under way at once.", valueName: "count"))
  var maxRuns = 16

  @Option(help: ArgumentHelp("How many days runs are kept.", valueName: "days"))
  var keepDays = 30

  @Option(
    help: ArgumentHelp(
      "Where people reach the service, for links in messages: https://checker.example.com. It is kept.",
      valueName: "address"))
  var publicUrl: String?

  @Option(
    help: ArgumentHelp(
      "An address that gets a POST each minute while the scheduler is alive, in place of the one in the settings.",
      valueName: "url"))
  var heartbeatUrl: String?

  @Flag(help: "Run scripts and modules in the service's own process, not in one that is confined.")
  var codeInProcess = false

  func validate() throws {
    if let heartbeatUrl, let problem = CheckerService.problem(withHeartbeat: heartbeatUrl) {
      throw ValidationError("--heartbeat-url: \(problem).")
    }
    if !(0...65_535).contains(port) { throw ValidationError("--port must be from 0 to 65535, not \(port).") }
    if !(1...64).contains(maxRuns) { throw ValidationError("--max-runs must be from 1 to 64, not \(maxRuns).") }
    if !(1...3650).contains(keepDays) { throw ValidationError("--keep-days must be from 1 to 3650, not \(keepDays).") }
    if data.isEmpty { throw ValidationError("--data must name a folder.") }
  }
}
