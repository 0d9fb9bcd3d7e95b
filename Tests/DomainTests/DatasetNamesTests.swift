import Domain
import Testing

@Suite("The datasets that a script names") struct DatasetNamesTests {
  @Test(
    "Are seen where they are used, and nowhere else",
    arguments: [
      (ScriptLanguage.python, "CheckerCase().assertLessThan(datasets['a'], 42)", ["a"]),
      (.python, "x = datasets[\"a\"]; y = dataset('b'); y = datasets [ 'a' ]", ["a", "b"]),
      (.python, "count('a', where='b') + metric(\"c/d\", 'max(e)')", ["a", "c/d"]),
      (.python, "# datasets['a']\n'''datasets['b']'''\nprint(\"datasets['c']\")", []),
      (.python, "datasets[name]; my_datasets['a']; datasets['a' + 'b']", ["a"]),
      (.python, "datasets.a", []),
      (.javascript, "datasets.a.length + datasets['b'] + dataset(`c`) // datasets.d", ["a", "b", "c"]),
      (.javascript, "/* datasets.a */ datasets . b", ["b"]),
      (.python, "datasets['a", ["a"]),
      (.python, #"datasets['"Mixed Schema"."Odd.Table"']; count("\"A\"")"#, [#""Mixed Schema"."Odd.Table""#, "\"A\""]),
      (.javascript, #"count('it\'s'); dataset('a\n')"#, ["it's"]),
    ])
  func named(_ language: ScriptLanguage, _ source: String, _ names: [String]) {
    #expect(DatasetNames.named(in: Script(language: language, source: source)) == names)
  }

  @Test("Follow a dataset that is renamed") func renamed() {
    let python = Script(language: .python, source: "datasets['a']; count(\"a\"); 'a'; datasets['ab']")
    #expect(DatasetNames.rename("a", to: "x/y", in: python) == "datasets['x/y']; count(\"x/y\"); 'a'; datasets['ab']")
    let script = Script(language: .javascript, source: "datasets.a.length; datasets['a']")
    #expect(DatasetNames.rename("a", to: "b", in: script) == "datasets.b.length; datasets['b']")
    #expect(DatasetNames.rename("a", to: "x/y", in: script) == "datasets['x/y'].length; datasets['x/y']")
  }
}
