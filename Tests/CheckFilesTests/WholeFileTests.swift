import CheckFiles
import Domain
import Testing

@Suite("Whole check files") struct WholeFileTests {
  private func problems(_ text: String) -> [String] {
    do {
      _ = try CheckFileReader.readAll(text, file: "f.yaml", isWhole: true)
      return []
    } catch {
      return error.problems.map(\.description)
    }
  }

  @Test("Every mistake is told at once, in the order of the lines") func all() throws {
    let found = problems(
      """
      version: 1
      data_sources:
        - {name: shop, driver: sqlite, uri: ./shop.db}
      datasets:
        - {name: d, data_source: shp, sql: SELECT 1}
      actions:
        - {name: queue, channel: rabbitmq}
      checkers:
        - name: a
          actions: [quue]
          schedule: 61 * * * *
          timezone: Europe/Lisboa
          rules:
            - {check: row_count, dataset: d, levl: warn}
      """)
    let lines = found.map { problem in String(problem.split(separator: ":")[1]) }
    #expect(lines == ["5", "10", "11", "12", "14"], "\(found)")
    #expect(found.first == "f.yaml:5:28: datasets[0].data_source: there is no data source 'shp'; did you mean 'shop'?")
    #expect(found.dropFirst().first?.contains("there is no action 'quue'; did you mean 'queue'?") == true)
    #expect(found.contains { $0.contains("checkers[0].timezone") })
  }

  @Test("What another document declares is known; actions may be elsewhere when the file has none") func elsewhere() {
    let text = """
      version: 1
      datasets: [{name: d, data_source: shop, sql: SELECT 1}]
      checkers: [{name: c, actions: [nosuch], rules: [{check: no_rows, dataset: d}]}]
      ---
      version: 1
      data_sources: [{name: shop, driver: sqlite, uri: ./shop.db}]
      """
    #expect(problems(text) == [])
    // What is wrong with a data source does not make it unknown.
    #expect(problems(text.replacing("driver: sqlite", with: "driver: sqlte")).count == 1)
  }

  @Test("The data source of tables is read, written and known by its name") func tables() throws {
    let file = CheckFile(
      namespace: "a",
      checkers: [
        Checker(
          id: QualifiedName(namespace: "a", name: "c"), body: .rules([Rule(check: "no_rows", dataset: "t")]),
          dataSource: "shop")
      ])
    #expect(try CheckFileReader.read(CheckFileWriter.write(file), file: "f").checkers == file.checkers)
    #expect(problems(CheckFileWriter.write(file)).first?.contains("there is no data source 'shop'") == true)
  }

  @Test("Limits that a service would refuse are refused in a file too") func limits() {
    for limit in ["max_connections: 0", "max_connections: 65", "max_bytes: 0", "timeout: 0", "max_rows: 0"] {
      let text = "version: 1\ndata_sources:\n  - {name: shop, driver: sqlite, uri: ./a.db, \(limit)}\n"
      #expect(problems(text).count == 1 && problems(text)[0].contains("must be"), "\(problems(text))")
    }
  }

  @Test("What is nested without end, and what has no name, is told in words") func words() {
    let deep = "version: 1\nnamespace: " + String(repeating: "[", count: 3000) + String(repeating: "]", count: 3000)
    #expect(problems(deep) == ["f.yaml:2:13: lists and mappings stand in one another too deeply"])
    let found = problems(
      """
      version: 1
      checkers:
        - name: a
          script: {language: python, source: ok()}
          fixtures: [{name: one, expect: passed, datasets: {"": [{a: 1}]}}]
        - {name: b, "": 3, rules: [{check: no_rows, dataset: t}]}
      """)
    #expect(found.count == 2 && !found.contains { $0.contains(".:") }, "\(found)")
    #expect(found[0].contains("checkers[0].fixtures[0].datasets: each dataset has a name"))
    #expect(found[1].contains("checkers[1]: a key must be plain text"))
  }

  @Test("The last line break of a block survives, wherever the block stands") func lineBreaks() throws {
    let script = Script(language: .python, source: "print(1)\nprint(2)\n", fixtures: [])
    let file = CheckFile(
      namespace: "a",
      checkers: [Checker(id: QualifiedName(namespace: "a", name: "c"), body: .script(script))])
    let text = [CheckFileWriter.write(file), CheckFileWriter.write(file)].joined(separator: CheckFileReader.separator)
    #expect(try CheckFileReader.readAll(text, file: "f") == [file, file])
    // A form may lose the last line break of the whole text.
    #expect(try CheckFileReader.readAll(String(text.dropLast()), file: "f") == [file, file])
  }

  @Test("The place of anything is known, also with files laid end to end") func places() throws {
    let text = """
      version: 1
      checkers:
        - {name: a, rules: [{check: no_rows, dataset: d}]}
      ---
      version: 1
      checkers:
        - name: b
          script: {language: python, source: "x"}
      """
    let files = try CheckFileReader.readAll(text, file: "f")
    #expect(files.places.place(of: "checkers[0].rules[0].dataset")?.line == 3)
    #expect(files.places.place(of: "checkers[1].script")?.line == 8)
    #expect(files.places.place(of: "checkers[1].name")?.line == 7)
  }
}
