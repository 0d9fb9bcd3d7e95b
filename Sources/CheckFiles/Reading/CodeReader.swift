package import Domain
import Foundation
import Yams

/// Reads what makes a checker a script or a module, and the libraries of a namespace.
struct CodeReader {
  let log: ProblemLog
  /// The contents of a file that a check file names; `nil` where a text came without files around it.
  let readFile: ((String) throws -> [UInt8])?

  /// The body that the keys of a checker spell: one of `rules`, `script` and `module`.
  func body(_ reader: MappingReader) -> (body: CheckerBody, module: [UInt8]?)? {
    let given = ["rules", "script", "module", "heartbeat"].filter(reader.has)
    if given.count > 1 {
      reader.problem(given[1], "a checker has \(given.joined(separator: " or ")), not both")
      return nil
    }
    if reader.has("datasets"), !reader.has("module") {
      reader.problem("datasets", "only a module lists its datasets; a script and rules name theirs where they use them")
    }
    let fixtures = fixtures(reader)
    let limits = limits(reader)
    let parameters = reader.textMapping("parameters")
    if reader.has("script") {
      guard var script = script(reader, fixtures, limits) else { return nil }
      script.parameters = parameters
      return (.script(script), nil)
    }
    if reader.has("module") {
      guard case (.module(var module), let bytes)? = module(reader, fixtures, limits) else { return nil }
      module.parameters = parameters
      return (.module(module), bytes)
    }
    if reader.has("parameters") {
      reader.problem("parameters", "parameters are for scripts and modules, which read them with param('name')")
    }
    if reader.has("limits") {
      reader.problem("limits", "limits are for scripts and modules; a query's time limit is its data source's")
    }
    if reader.has("heartbeat") {
      if reader.has("fixtures") { reader.problem("fixtures", "a heartbeat runs nothing that fixtures could try") }
      return (.heartbeat, nil)
    }
    if reader.has("fixtures") {
      reader.problem("fixtures", "fixtures are for scripts and modules; rules are previewed on live data")
    }
    return nil
  }

  private func script(_ reader: MappingReader, _ fixtures: [Fixture], _ limits: CodeLimits) -> Script? {
    guard let node = reader.valueNode("script"),
      let inner = MappingReader(
        node, path: reader.keyPath("script"), known: ["language", "source", "file"], log: log),
      let source = source(inner)
    else { return nil }
    let language =
      inner.choice("language", ScriptLanguage.self) ?? inner.text("file").flatMap(ScriptLanguage.init(fileName:))
    guard let language else {
      if !inner.has("language") {
        log.add(node, inner.keyPath("language"), "'language' is missing: python or javascript")
      }
      return nil
    }
    return Script(language: language, source: source, fixtures: fixtures, limits: limits)
  }

  /// `source`, or the text of `file`.
  private func source(_ reader: MappingReader) -> String? {
    switch (reader.has("source"), reader.has("file")) {
    case (true, true): reader.problem("file", "give 'source' or 'file', not both")
    case (true, false): return reader.requiredText("source")
    case (false, true):
      guard let path = reader.requiredText("file"), let bytes = contents(reader, "file", path) else { return nil }
      if let text = String(validating: bytes, as: UTF8.self) { return text }
      reader.problem("file", "\(path) is not text in UTF-8")
    case (false, false): log.add(reader.node, reader.keyPath("source"), "give 'source', or 'file' with its path")
    }
    return nil
  }

  private func contents(_ reader: MappingReader, _ key: String, _ path: String) -> [UInt8]? {
    guard let readFile else {
      reader.problem(key, "a file beside the check file is not here to be read: write its contents into the check file")
      return nil
    }
    do {
      return try readFile(path)
    } catch {
      reader.problem(key, "\(error)")
      return nil
    }
  }

  private func module(
    _ reader: MappingReader, _ fixtures: [Fixture], _ limits: CodeLimits
  ) -> (body: CheckerBody, module: [UInt8]?)? {
    guard let node = reader.valueNode("module") else { return nil }
    var module = Module(
      digest: "", fileName: "", byteCount: 0, datasets: reader.texts("datasets"), fixtures: fixtures,
      limits: limits)
    if case .scalar = node {
      guard let path = reader.requiredText("module"), let bytes = contents(reader, "module", path) else { return nil }
      (module.fileName, module.byteCount) = ((path as NSString).lastPathComponent, bytes.count)
      return (.module(module), bytes)
    }
    let known = ["file_name", "sha256", "size", "base64"]
    guard let inner = MappingReader(node, path: reader.keyPath("module"), known: known, log: log) else { return nil }
    module.fileName = inner.text("file_name") ?? "module.wasm"
    if let text = inner.text("base64") {
      guard let data = Data(base64Encoded: text, options: .ignoreUnknownCharacters), !data.isEmpty else {
        inner.problem("base64", "this is not base64")
        return nil
      }
      module.byteCount = data.count
      return (.module(module), Array(data))
    }
    guard let digest = inner.requiredText("sha256") else { return nil }
    guard digest.count == 64, digest.allSatisfy({ $0.isASCII && $0.isHexDigit }) else {
      inner.problem("sha256", "must be 64 hexadecimal digits, as the answer to an upload says")
      return nil
    }
    (module.digest, module.byteCount) = (digest.lowercased(), inner.integer("size") ?? 0)
    return (.module(module), nil)
  }

  // MARK: Libraries

  func library(_ node: Node, path: String, namespace: String) -> Library? {
    guard let reader = MappingReader(node, path: path, known: ["name", "source", "file"], log: log) else { return nil }
    let source = source(reader)
    guard let fileName = reader.requiredText("name") else { return nil }
    guard let (name, language) = Library.parts(of: fileName) else {
      reader.problem("name", "must end in .py or .js, as in business_calendar.py")
      return nil
    }
    if let problem = Library.problem(withName: name) { reader.problem("name", problem) }
    return source.map { Library(namespace: namespace, name: name, language: language, source: $0) }
  }

  private func limits(_ reader: MappingReader) -> CodeLimits {
    guard let node = reader.valueNode("limits"),
      let inner = MappingReader(
        node, path: reader.keyPath("limits"), known: ["seconds", "memory_mib", "data_mib"], log: log)
    else { return CodeLimits() }
    let limits = CodeLimits(
      seconds: inner.number("seconds")?.double, memoryMiB: inner.integer("memory_mib"),
      dataMiB: inner.integer("data_mib"))
    for problem in limits.problems { inner.problem(problem.field, problem.message) }
    return limits
  }

  // MARK: Fixtures

  private func fixtures(_ reader: MappingReader) -> [Fixture] {
    reader.list("fixtures").enumerated().compactMap { index, node in
      fixture(node, path: reader.keyPath("fixtures[\(index)]"))
    }
  }

  func fixture(_ node: Node, path: String) -> Fixture? {
    let known = ["name", "expect", "now", "datasets"]
    guard let reader = MappingReader(node, path: path, known: known, log: log) else { return nil }
    let name = reader.requiredText("name")
    if !reader.has("expect") { _ = reader.requiredText("expect") }
    let expected = reader.choice("expect", Outcome.self)
    let datasets = reader.valueNode("datasets").map { rows($0, path: reader.keyPath("datasets")) } ?? []
    let moment = reader.text("now")
    let now = moment.flatMap { MomentText.read($0) }
    if let moment, now == nil {
      reader.problem("now", "'\(moment)' is no moment; write one as in 2026-11-25T09:00:00Z")
    }
    guard let name, let expected else { return nil }
    return Fixture(name: name, datasets: datasets, expected: expected, now: now)
  }

  /// A mapping from dataset to a list of mappings, or to `{columns: [...], rows: [[...]]}`.
  func rows(_ node: Node, path: String) -> [Fixture.Rows] {
    guard case .mapping(let mapping) = node else {
      log.add(node, path, "must be \(log.mapping): a dataset's name, and its rows")
      return []
    }
    return mapping.compactMap { key, value in
      let name = key.scalar?.string ?? ""
      if name.isEmpty {
        log.add(key, path, "each dataset has a name before its rows, as in 'users: [{id: 1}]'")
        return nil
      }
      let place = MappingReader.join(path, name)
      let rows: Fixture.Rows?
      switch value {
      case .sequence(let list): rows = named(Array(list), dataset: name, path: place)
      case .mapping: rows = plain(value, dataset: name, path: place)
      default:
        log.add(value, place, "must be \(log.list): a mapping of column to value for each row")
        return nil
      }
      if let rows { checkTypes(rows, value, place) }
      return rows
    }
  }

  /// What follows `::` in the names of columns, and whether the values fit.
  private func checkTypes(_ rows: Fixture.Rows, _ node: Node, _ path: String) {
    var names = Set<String>()
    for (index, column) in rows.columns.enumerated() {
      let (name, type) = Fixture.Rows.parts(ofColumn: column)
      if !names.insert(name).inserted { log.add(node, path, "there are two columns '\(name)'") }
      guard let type else { continue }
      guard let known = Fixture.Rows.columnTypes.first(where: { $0.rawValue == type }) else {
        refuse(type, of: column, node, path)
        continue
      }
      let values = rows.rows.map { $0[index] }
      if let wrong = values.first(where: { $0 != .null && !FixtureValue.fits($0.text, known) }) {
        log.add(node, path, "'\(wrong.text)' is no \(type), which the column '\(name)' has")
      }
    }
  }

  private func refuse(_ type: String, of column: String, _ node: Node, _ path: String) {
    let known = Fixture.Rows.columnTypes.map(\.rawValue)
    let nearest = Spelling.nearest(to: type, among: known).map { "did you mean '\($0)'?" }
    log.add(
      node, path,
      "there is no type '\(type)' for column '\(column)'; \(nearest ?? "there are \(known.joined(separator: ", "))")")
  }

  private func named(_ rows: [Node], dataset: String, path: String) -> Fixture.Rows {
    var columns: [String] = []
    var cells: [[String: Cell]] = []
    for (index, row) in rows.enumerated() {
      guard case .mapping(let mapping) = row else {
        log.add(row, "\(path)[\(index)]", "must be \(log.mapping): a column's name, and its value")
        continue
      }
      var values: [String: Cell] = [:]
      for (key, value) in mapping {
        let column = key.scalar?.string ?? ""
        if !columns.contains(column) { columns.append(column) }
        values[column] = cell(value, of: column, path: "\(path)[\(index)].\(column)")
      }
      cells.append(values)
    }
    return Fixture.Rows(
      dataset: dataset, columns: columns, rows: cells.map { row in columns.map { row[$0] ?? .null } })
  }

  private func plain(_ node: Node, dataset: String, path: String) -> Fixture.Rows? {
    guard let reader = MappingReader(node, path: path, known: ["columns", "rows"], log: log) else { return nil }
    let columns = reader.texts("columns")
    let rows = reader.list("rows").enumerated().map { index, row -> [Cell] in
      guard case .sequence(let values) = row, values.count == columns.count else {
        log.add(row, "\(path).rows[\(index)]", "must be \(log.list) of \(columns.count) values, one for each column")
        return columns.map { _ in .null }
      }
      return zip(values, columns).map { cell($0, of: $1, path: "\(path).rows[\(index)]") }
    }
    return Fixture.Rows(dataset: dataset, columns: columns, rows: rows)
  }

  private func cell(_ node: Node, of column: String, path: String) -> Cell {
    guard case .scalar(let scalar) = node else {
      log.add(node, path, "must be one value, not \(MappingReader.describe(node))")
      return .null
    }
    switch PlainScalar.value(of: scalar) {
    case .null: return .null
    // As it is written: a decimal keeps its last zeros, a text its first.
    case _ where Fixture.Rows.parts(ofColumn: column).type != nil: return .text(scalar.string)
    case .boolean(let value): return .boolean(value)
    case .number(let number): return number.int64.map(Cell.integer) ?? .double(number.double)
    case .text(let text): return .text(text)
    }
  }
}

extension CheckFileReader {
  /// Reads the datasets of a fixture, in YAML or JSON, as a page holds them.
  package static func fixtureRows(_ text: String) throws(CheckFileError) -> [Fixture.Rows] {
    let log = ProblemLog(file: "datasets")
    let node: Node?
    do {
      node = try Yams.compose(yaml: text, .basic)
    } catch {
      throw CheckFileError(
        problems: [.init(file: "datasets", line: 1, column: 1, key: "", message: "this is neither YAML nor JSON")])
    }
    let rows = node.map { CodeReader(log: log, readFile: nil).rows($0, path: "") } ?? []
    if !log.problems.isEmpty { throw CheckFileError(problems: log.problems) }
    return rows
  }
}
