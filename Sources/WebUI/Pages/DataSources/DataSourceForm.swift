import Checking
import Domain
import Foundation

/// A data source as it stands in the form. The address holds the mask in place of a stored password.
struct DataSourceForm: Sendable {
  var name = ""
  var driver = Driver.postgresql
  var uri = ""
  var description = ""
  var timeout = "30"
  var maxRows = "100000"
  var maxConnections = "4"
  /// `key = value`, one a line.
  var options = ""
  var original: String?
  /// The fingerprint of the data source that was read; empty for one that is new.
  var read = ""

  init() {}

  init(_ source: DataSource) {
    name = source.name
    driver = source.driver
    uri = SecretText.masked(source.uri)
    description = source.description
    timeout = Self.text(source.limits.timeoutSeconds)
    maxRows = "\(source.limits.maxRows)"
    maxConnections = "\(source.maxConnections)"
    options = source.options.sorted { $0.key < $1.key }.map { key, value in
      "\(key) = \(AddressSecrets.isSecret(name: key) ? SecretText.masked(secret: value) : SecretText.masked(value))"
    }.joined(separator: "\n")
    original = source.name
    read = Fingerprint.of(source)
  }

  init(_ form: FormData) {
    name = form.trimmed("name")
    driver = Driver(rawValue: form["driver"]) ?? .postgresql
    uri = form.trimmed("uri")
    description = form.trimmed("description")
    timeout = form.trimmed("timeout")
    maxRows = form.trimmed("max_rows").replacing(",", with: "")
    maxConnections = form.trimmed("max_connections")
    options = form["options"]
    original = form.optional("original")
    read = form["read"]
  }

  private static func text(_ seconds: Double) -> String {
    Int(exactly: seconds).map(String.init) ?? "\(seconds)"
  }

  /// The data source, with what is stored in the place of masks, and what keeps it from being one.
  func source(stored: DataSource?) -> (source: DataSource, problems: [FieldProblem]) {
    var problems: [FieldProblem] = []
    var source = DataSource(name: name, driver: driver, uri: "", description: description)
    if let uri = SecretText.unmasked(uri, stored: stored?.uri) {
      source.uri = uri
    } else {
      let message = "the address leads somewhere else than the stored password: write the password again, or ${NAME}"
      problems.append(FieldProblem(field: "uri", message: message))
    }
    if let seconds = Double(timeout), seconds.isFinite {
      source.limits.timeoutSeconds = seconds
    } else {
      problems.append(FieldProblem(field: "timeout", message: "write seconds, such as 30"))
    }
    if let rows = Int(maxRows) {
      source.limits.maxRows = rows
    } else {
      problems.append(FieldProblem(field: "max_rows", message: "write a whole number, such as 100,000"))
    }
    if let connections = Int(maxConnections) {
      source.maxConnections = connections
    } else {
      problems.append(FieldProblem(field: "max_connections", message: "write a whole number, such as 4"))
    }
    source.limits.maxBytes = stored?.limits.maxBytes ?? source.limits.maxBytes
    do {
      source.options = try readOptions(stored: stored)
    } catch {
      problems.append(error.problem)
    }
    let known = Set(problems.map(\.field))
    problems += CheckerService.problems(with: source).filter { !known.contains($0.field) }
    return (source, problems)
  }

  private struct OptionError: Error {
    var problem: FieldProblem
  }

  private func readOptions(stored: DataSource?) throws(OptionError) -> [String: String] {
    var read: [String: String] = [:]
    for line in options.split(separator: "\n") where !line.allSatisfy(\.isWhitespace) {
      let halves = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        .map { $0.trimmingCharacters(in: .whitespaces) }
      guard halves.count == 2, !halves[0].isEmpty else {
        throw OptionError(
          problem: FieldProblem(field: "options", message: "write 'name = value', one a line, not '\(line)'"))
      }
      let old = stored?.options[halves[0]]
      let value =
        AddressSecrets.isSecret(name: halves[0])
        ? SecretText.unmasked(secret: halves[1], stored: old) : SecretText.unmasked(halves[1], stored: old)
      guard let value else {
        throw OptionError(
          problem: FieldProblem(field: "options", message: "write the password of '\(halves[0])' again, or ${NAME}"))
      }
      read[halves[0]] = value
    }
    return read
  }
}
