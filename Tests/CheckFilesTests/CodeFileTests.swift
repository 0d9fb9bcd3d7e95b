import CheckFiles
import Domain
import Foundation
import Testing

@Suite("Scripts, modules and libraries in check files") struct CodeFileTests {
  private static let text = """
    version: 1
    namespace: shop
    libraries:
      - name: business_calendar.py
        source: |
          HOLIDAYS = ["12-25"]
    checkers:
      - name: emails
        script:
          language: python
          source: |
            if business_day():
                CheckerCase().assertLessThan(datasets['people'], 42, "few")

            ok("done")  # fine
        parameters: {"a limit": 42, who: "Ana: no"}
        fixtures:
          - name: nobody
            expect: passed
            datasets:
              people: {columns: [id, name], rows: []}
          - name: somebody
            expect: failed
            now: 2026-11-29T09:00:00.5+01:00
            datasets:
              people:
                - {id: 1, name: "Ana: no"}
                - {id: 2.5, name: null}
                - {id: true}
      - name: compiled
        module: ./emails.wasm
        datasets: [people]
    """

  private func read(_ text: String) throws(CheckFileError) -> CheckFile {
    try CheckFileReader.read(text, file: "f.yaml", readFile: { Array("bytes of \($0)".utf8) })
  }

  private func problems(_ text: String, readsFiles: Bool = true) -> [String] {
    do {
      _ = try readsFiles ? read(text) : CheckFileReader.read(text, file: "f.yaml")
      return []
    } catch { return error.problems.map(\.description) }
  }

  @Test("Limits of code are read and written, and refused beyond what can be had") func limits() throws {
    func text(_ limits: String) -> String {
      "version: 1\ncheckers:\n  - name: a\n    script: {language: python, source: ok()}\n    limits: \(limits)\n"
    }
    let file = try read(text("{seconds: 0.5, memory_mib: 512, data_mib: 8}"))
    #expect(file.checkers[0].body.limits == CodeLimits(seconds: 0.5, memoryMiB: 512, dataMiB: 8))
    let again = try read(CheckFileWriter.write(file))
    #expect(again.checkers[0].body == file.checkers[0].body)
    #expect(problems(text("{seconds: 61}")) == ["f.yaml:5:23: checkers[0].limits.seconds: must be between 0.1 and 60"])
    #expect(problems(text("{memory_mib: 8}")).first?.contains("must be between 16 and 1024") == true)
    #expect(problems(text("{second: 1}")).first?.contains("did you mean 'seconds'") == true)
    let rules =
      "version: 1\ncheckers:\n  - name: a\n    rules: [{check: row_count, dataset: t}]\n    limits: {seconds: 1}\n"
    #expect(problems(rules).first?.contains("limits are for scripts and modules") == true)
  }

  @Test("The clock of a fixture is a moment") func clock() {
    func text(_ now: String) -> String {
      "version: 1\ncheckers:\n  - name: a\n    script: {language: python, source: ok()}\n    fixtures:\n"
        + "      - {name: x, expect: passed, now: \(now)}\n"
    }
    for good in ["2026-11-25", "2026-11-25 09:00", "2026-11-25T09:00:00Z", "'2026-11-25T09:00:00-03:30'"] {
      #expect(problems(text(good)) == [], "\(good)")
    }
    for wrong in ["monday", "2026-02-30", "2026-11-25T25:00", "12"] {
      #expect(problems(text(wrong)).first?.contains("is no moment; write one as in 2026-11-25T09") == true, "\(wrong)")
    }
  }

  @Test("A file says what the code is, what it is tried on, and what it imports") func reading() throws {
    let file = try read(Self.text)
    let script = try #require(file.checkers[0].body.script)
    #expect(script.language == .python)
    #expect(script.source.hasSuffix("ok(\"done\")  # fine\n"))
    #expect(file.checkers[0].body.datasetNames == ["people"])
    #expect(script.parameters == ["a limit": "42", "who": "Ana: no"])
    #expect(script.fixtures.map(\.expected) == [.passed, .failed])
    #expect(script.fixtures.map(\.now) == [nil, Date(timeIntervalSince1970: 1_795_939_200.5)])
    #expect(
      script.fixtures[1].datasets == [
        Fixture.Rows(
          dataset: "people", columns: ["id", "name"],
          rows: [[.integer(1), .text("Ana: no")], [.double(2.5), .null], [.boolean(true), .null]])
      ])
    let module = try #require(file.checkers[1].body.module)
    #expect(module.fileName == "emails.wasm")
    #expect(module.datasets == ["people"])
    #expect(file.modules[file.checkers[1].id] == Array("bytes of ./emails.wasm".utf8))
    #expect(file.libraries.map(\.fileName) == ["business_calendar.py"])
  }

  @Test("What is written is read back as it was, the module's bytes included") func roundTrip() throws {
    let file = try read(Self.text)
    let again = try CheckFileReader.read(CheckFileWriter.write(file), file: "again")
    #expect(again == file)
  }

  @Test(
    "What cannot be is refused with its place",
    arguments: [
      (
        "    script: {language: python, source: x}\n    rules: [{check: row_count, dataset: d}]\n",
        "a checker has rules or script, not both"
      ),
      ("    script: {language: pyton, source: x}\n", "did you mean 'python'?"),
      ("    script: {source: x}\n", "'language' is missing"),
      ("    script: {language: python}\n", "give 'source', or 'file' with its path"),
      ("    module: {sha256: abc}\n", "64 hexadecimal digits"),
      ("    module: {base64: '%%%'}\n", "this is not base64"),
      ("    rules: [{check: row_count, dataset: d}]\n    fixtures: [{name: a, expect: passed}]\n", "fixtures are for"),
      (
        "    script: {language: python, source: x}\n    fixtures: [{name: a, expect: gren}]\n",
        "must be one of passed, warned, failed, errored"
      ),
      (
        "    script: {language: python, source: x}\n"
          + "    fixtures: [{name: a, expect: passed, datasets: {d: {columns: [a, b], rows: [[1]]}}}]\n",
        "a list ('- ' before each entry) of 2 values"
      ),
      ("", "a checker needs rules, a script or a module"),
    ])
  func refused(_ body: String, _ message: String) {
    let found = problems("version: 1\ncheckers:\n  - name: c\n" + body)
    #expect(found.contains { $0.contains(message) }, "\(found)")
    #expect(found.allSatisfy { $0.hasPrefix("f.yaml:") })
  }

  @Test("Without files around it a text has to hold its code") func noFiles() {
    let text = "version: 1\ncheckers:\n  - name: c\n    script: {file: ./c.py}\n"
    #expect(problems(text).isEmpty)
    #expect(problems(text, readsFiles: false).contains { $0.contains("is not here to be read") })
  }
}
