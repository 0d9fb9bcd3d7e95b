import ArgumentParser
import CheckFiles
import Domain
import Foundation

/// `checker apply FILE.yaml`: brings check files to a service, as after a commit.
struct ApplyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply",
    abstract: "Bring check files to a running service: add what is new, change what differs.",
    discussion: """
      Scripts, libraries and modules that the files name go along. Nothing is removed, and with any mistake nothing is \
      written. A service with a password wants a token of its settings in $CHECKER_TOKEN. Exit status: 0 done, \
      64 a file or what the service says of it is to be mended, 69 the service cannot be reached.
      """)

  @Argument(help: "Check files (YAML); '-' reads standard input.", completion: .file(extensions: ["yaml", "yml"]))
  var files: [String]

  @OptionGroup var connection: ServiceConnection

  @Flag(help: "Look for mistakes and say what would change, and write nothing.")
  var dryRun = false

  func validate() throws {
    if files.isEmpty { throw ValidationError("Name at least one check file.") }
  }

  func run() throws {
    let documents = try files.map { try CheckFileOnDisk($0).read(isWhole: false) }
    try CheckFileOnDisk.refuseTwins(zip(files, documents))
    let text = CheckFileWriter.write(documents.flatMap(\.self))
    let answer: String
    do {
      answer = try connection.post("/import" + (dryRun ? "?dry_run=true" : ""), yaml: text)
    } catch let refusal as ServiceRefusal {
      throw UsageProblem(refusal.lines.map { placed($0, documents) }.joined(separator: "\n"), hasPlace: true)
    }
    guard let told = try? JSONParser.parse(Array(answer.utf8)), told["added"] != nil else {
      throw StartProblem("what answered is no service of ours; is the address right?")
    }
    try Console.report(report(told))
  }

  /// Of one file, the service's words get the line that they are about.
  private func placed(_ line: String, _ documents: [[CheckFile]]) -> String {
    guard files.count == 1, let document = documents.first, let path = line.split(separator: ":").first else {
      return line
    }
    guard let place = document.places.place(of: String(path)) else {
      return "\(CheckFileOnDisk(files[0]).name): \(line)"
    }
    return "\(CheckFileOnDisk(files[0]).name):\(place.line):\(place.column): \(line)"
  }

  private func report(_ answer: JSONValue) -> String {
    func names(_ key: String) -> [String] {
      guard case .array(let names)? = answer[key] else { return [] }
      return names.compactMap(\.text)
    }
    let (added, changed, same) = (names("added"), names("changed"), names("unchanged"))
    let differences = differences(answer)
    let lines = added.map { "+ \($0)" } + changed.map { "~ \($0)\(differences[$0] ?? "")" }
    let done = dryRun ? "would be " : ""
    let sum = "\(added.count) \(done)added, \(changed.count) \(done)changed, \(same.count) as they were"
    return (lines + [sum]).joined(separator: "\n") + "\n"
  }

  /// `: schedule, severity` by name; nothing where the service does not say.
  private func differences(_ answer: JSONValue) -> [String: String] {
    guard case .array(let changes)? = answer["changes"] else { return [:] }
    return changes.reduce(into: [:]) { texts, change in
      guard let name = change["name"]?.text, case .array(let fields)? = change["fields"], !fields.isEmpty
      else { return }
      texts[name] = ": " + CheckFileDifferences.text(fields.compactMap(\.text))
    }
  }
}

/// `checker export`: everything of a service, or one namespace, as a check file.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Print what a running service has as a check file.",
    discussion: "No secret is in it: its first lines name the variables to set where it is run or applied.")

  @Option(help: ArgumentHelp("Only this namespace, and what it uses.", valueName: "name"))
  var namespace: String?

  @OptionGroup var connection: ServiceConnection

  func run() throws {
    let query =
      namespace.map { "namespace=\($0.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? $0)" }
      ?? "everything=true"
    do {
      try Console.report(try connection.get("/export?" + query))
    } catch let refusal as ServiceRefusal {
      throw UsageProblem(refusal.lines.joined(separator: "\n"))
    }
  }
}
