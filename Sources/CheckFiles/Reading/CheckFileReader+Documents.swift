import Domain

extension CheckFileReader {
  /// Between check files of several namespaces in one text, as YAML separates documents.
  package static let separator = "---\n"

  /// Reads one or more check files, separated by `---`. Problems have the line of the whole text, and are in its order.
  ///
  /// A text that `isWhole` must hold the data sources that it names; the actions too, once it has any.
  package static func readAll(
    _ text: String, file: String, readFile: ((String) throws -> [UInt8])? = nil,
    isWhole: Bool = false, resolvePath: (String) -> String = { $0 }
  ) throws(CheckFileError) -> [CheckFile] {
    var files: [CheckFile] = []
    var problems: [CheckFileError.Problem] = []
    var logs: [ProblemLog] = []
    withoutActuallyEscaping(resolvePath) { resolve in
      for document in split(text) {
        let log = ProblemLog(file: file)
        logs.append(log)
        do throws(CheckFileError) {
          files.append(try CheckFileReader(log: log, readFile: readFile, resolvePath: resolve).read(document))
        } catch {
          problems += error.problems
        }
      }
    }
    // Where a document is no YAML, what it would have declared is not known.
    if isWhole, problems.isEmpty { logUnknownNames(logs) }
    problems += logs.flatMap(\.problems) + secondTrees(files, file)
    // Within a document each name stands once.
    if problems.isEmpty, files.count > 1 { problems = CheckFile.twins(among: files.map { (file, $0) }) }
    if !problems.isEmpty { throw CheckFileError(problems: problems.inOrder) }
    return files
  }

  /// There is one routing tree: no document may take away what another one says.
  private static func secondTrees(_ files: [CheckFile], _ file: String) -> [CheckFileError.Problem] {
    let places = files.filter { $0.routing != nil }.map {
      $0.places.place(of: "routing") ?? TextPlace(line: 1, column: 1)
    }
    guard let first = places.first else { return [] }
    return places.dropFirst().map { place in
      .init(
        file: file, line: place.line, column: place.column, key: "routing",
        message: "the routing tree stands at line \(first.line) already: put all routes into one of them")
    }
  }

  private static func logUnknownNames(_ logs: [ProblemLog]) {
    let names = logs.reduce(into: [:]) { $0.merge($1.names) { $0.union($1) } }
    for log in logs {
      for reference in log.references {
        let known = names[reference.kind] ?? []
        if known.contains(reference.name) || reference.kind == .action && known.isEmpty { continue }
        let nearest = Spelling.nearest(to: reference.name, among: known.sorted()).map { "; did you mean '\($0)'?" }
        log.add(
          reference.node, reference.key, "there is no \(reference.kind.rawValue) '\(reference.name)'\(nearest ?? "")")
      }
    }
  }

  /// Each document behind as many empty lines as stand before it, so that its line numbers are those of the text.
  private static func split(_ text: String) -> [String] {
    // Some editors mark UTF-8 by three bytes at its beginning.
    let text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
    guard hasSeparator(text) else { return [text] }
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

  /// Most files are one document; to look at their bytes takes no time.
  private static func hasSeparator(_ text: String) -> Bool {
    let (newline, dash) = (UInt8(ascii: "\n"), UInt8(ascii: "-"))
    var dashes = 0
    for byte in text.utf8 {
      if byte == newline {
        dashes = 0
      } else if dashes >= 0 {
        dashes = byte == dash ? dashes + 1 : -1
        if dashes == 3 { return true }
      }
    }
    return false
  }
}
