import Domain

extension CheckFileReader {
  /// Between check files of several namespaces in one text, as YAML separates documents.
  package static let separator = "---\n"

  /// Reads one or more check files, separated by `---`. Problems have the line of the whole text.
  package static func readAll(
    _ text: String, file: String, readFile: ((String) throws -> [UInt8])? = nil,
    resolvePath: (String) -> String = { $0 }
  ) throws(CheckFileError) -> [CheckFile] {
    var files: [CheckFile] = []
    var problems: [CheckFileError.Problem] = []
    for document in split(text) {
      do {
        files.append(try read(document, file: file, readFile: readFile, resolvePath: resolvePath))
      } catch {
        problems += error.problems
      }
    }
    if !problems.isEmpty { throw CheckFileError(problems: problems) }
    return files
  }

  /// Each document behind as many empty lines as stand before it, so that its line numbers are those of the text.
  private static func split(_ text: String) -> [String] {
    let lines = text.replacing("\r\n", with: "\n").split(separator: "\n", omittingEmptySubsequences: false)
    var documents: [(start: Int, lines: [Substring])] = [(0, [])]
    for (index, line) in lines.enumerated() {
      if line == "---" || line.hasPrefix("--- ") {
        documents.append((index + 1, []))
      } else {
        documents[documents.count - 1].lines.append(line)
      }
    }
    let filled = documents.filter { document in
      document.lines.contains { line in
        let content = line.drop { $0.isWhitespace }
        return !content.isEmpty && !content.hasPrefix("#")
      }
    }
    if filled.isEmpty { return [text] }
    return filled.map { String(repeating: "\n", count: $0.start) + $0.lines.joined(separator: "\n") }
  }
}
