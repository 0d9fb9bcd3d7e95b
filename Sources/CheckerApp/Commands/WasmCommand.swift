import ArgumentParser
import Domain
import Foundation
import Sandbox

/// `checker wasm -c FILE`: runs a compiled checker once, over datasets given as CSV.
struct WasmCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "wasm",
    abstract: "Run a checker that is a WebAssembly module, over datasets given as CSV.",
    discussion: """
      Each -n names a dataset whose CSV, or @ and a file of CSV, the -d after it gives. What holds and what does not is \
      printed; what the module logs goes to standard error.

      Exit status: 0 all holds, 1 something does not, 3 the module could not be run, 64 the command cannot be used.
      """)

  @Option(
    name: [.short, .long], help: "The module: a file of WebAssembly, binary or text.",
    completion: .file(extensions: ["wasm", "wat"]))
  var code: String

  @Option(
    name: [.customShort("n"), .customLong("ds_name")], help: ArgumentHelp("A dataset's name.", valueName: "name"))
  var names: [String] = []

  @Option(
    name: [.customShort("d"), .customLong("dataset")], parsing: .unconditionalSingleValue,
    help: ArgumentHelp("The dataset's rows: CSV with a line of names, or @FILE.", valueName: "csv"))
  var datasets: [String] = []

  @Option(help: ArgumentHelp("A parameter for the module; may be given several times.", valueName: "name=value"))
  var param: [String] = []

  @Option(help: "Seconds of work that the module may take.")
  var seconds = GuestLimits.module.seconds

  func validate() throws {
    if names.count != datasets.count {
      throw ValidationError(
        "Each dataset needs a name (-n) and its rows (-d): \(names.count) and \(datasets.count) given.")
    }
    if !(0.01...300).contains(seconds) { throw ValidationError("--seconds must be between 0.01 and 300.") }
    if let wrong = param.first(where: { !$0.contains("=") }) {
      throw ValidationError("--param takes NAME=VALUE, not '\(wrong)'.")
    }
  }

  func run() async throws {
    let module = Array(try Self.read(code))
    let data = try CSVDatasets(try zip(names, datasets).map { ($0, try text($1)) })
    var limits = GuestLimits.module
    limits.seconds = seconds
    let sandbox = Composition.sandbox()
    let report = await sandbox.run(
      GuestTask(program: .module(module), context: context, data: data, limits: limits))
    data.close()
    if !report.log.isEmpty { Console.note(report.log) }
    for verdict in report.verdicts { try Console.report(Self.line(verdict)) }
    if let trouble = report.trouble {
      let isTold = trouble.message.contains(" cannot be run")
      Console.complain(isTold ? trouble.message : "the module could not be run. \(trouble.message)")
      if let traceback = trouble.traceback { Console.note(traceback + "\n") }
      throw ExitCode(3)
    }
    throw ExitCode(report.verdicts.allSatisfy(\.passed) ? 0 : 1)
  }

  private var context: GuestContext {
    let parameters = param.map { text -> (String, String) in
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (String(parts[0]), String(parts[1]))
    }
    return GuestContext(
      namespace: "", checker: (code as NSString).lastPathComponent, runID: UUID().uuidString, seed: 0, now: Date(),
      parameters: Dictionary(parameters) { $1 })
  }

  private static func line(_ verdict: GuestVerdict) -> String {
    var words = verdict.passed ? "ok      " : "FAILED  "
    words += verdict.message
    if !verdict.expected.isEmpty {
      words += " (\(verdict.dataset): \(verdict.expected); found \(verdict.observed?.text ?? "nothing"))"
    }
    return Console.printable(words) + "\n"
  }

  private func text(_ argument: String) throws -> String {
    guard argument.hasPrefix("@") else { return argument }
    let path = String(argument.dropFirst())
    guard let text = String(validating: try Self.read(path), as: UTF8.self) else {
      throw UsageProblem("\(path) is not text in UTF-8")
    }
    return text
  }

  private static func read(_ path: String) throws -> Data {
    guard let data = FileManager.default.contents(atPath: path) else {
      let exists = FileManager.default.fileExists(atPath: path)
      throw UsageProblem(
        "cannot read \(path): \(exists ? "it is a folder, or permission is missing" : "there is no such file")")
    }
    return data
  }
}

extension Console {
  /// For a person beside the program's output.
  static func note(_ text: String) { write(printable(text), to: 2) }

  /// Without the control characters that steer a terminal.
  static func printable(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { scalar in
          let isControl = scalar.properties.generalCategory == .control && scalar != "\n" && scalar != "\t"
          return isControl ? "\u{FFFD}" : scalar
        }))
  }
}
