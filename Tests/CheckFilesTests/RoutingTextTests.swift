import CheckFiles
import Domain
import Testing

@Suite struct RoutingTextTests {
  private static let text = """
    routes:
      - match: [namespace=shop, "severity=critical,warning"]
        actions: [pager]
        continue: true
      - match: owner=Sign-up team
        group_by: [namespace, "tag:nightly"]
        group_wait: 1m
        routes:
          - match: "checker!=shop/orders-*"
            actions: [chat, mail]
          - actions: [chat]
            group_by: []

    """

  @Test func `What is written is read, and read back the same`() throws {
    let tree = try RoutingText.read(Self.text)
    #expect(tree.routes.count == 2 && tree.routes[1].routes.count == 2)
    #expect(tree.routes[0].matchers.map(\.text) == ["namespace=shop", "severity=critical,warning"])
    #expect(tree.routes[0].continues && tree.routes[0].actions == ["pager"])
    #expect(tree.routes[1].matchers == [AlarmMatcher(.owner, ["Sign-up team"])])
    #expect(tree.routes[1].grouping == .init(by: ["namespace", "tag:nightly"], waitSeconds: 60, intervalSeconds: 300))
    #expect(tree.routes[1].routes[1].grouping?.by == [])
    #expect(try RoutingText.read(RoutingText.write(tree)) == tree)
    #expect(try RoutingText.read(RoutingText.json(tree)) == tree)
    #expect(try RoutingText.read("") == RoutingTree() && RoutingText.write(RoutingTree()).isEmpty)
  }

  @Test(arguments: [
    ("routes:\n  - mtach: x", "2:5: routes[0].mtach: there is no key 'mtach'; did you mean 'match'?"),
    ("routes:\n  - match: [naemspace=x]", "did you mean 'namespace'?"),
    ("routes:\n  - match: shop", "'shop' is no condition. Write one such as namespace=shop or tag!=noisy"),
    ("routes:\n  - group_by: [name]", "there is no grouping by 'name'"),
    ("routes:\n  - group_wait: 5m", "set group_by too"),
    ("routes:\n  - group_by: []\n    group_wait: 2h", "must be a time from 0s to 1h, not '2h'"),
    ("routes: x", "must be a list"), ("- a", "must be a list of 'key: value' lines"), ("routes: [", "this is not YAML"),
  ])
  func whatIsWrongIsSaidWithItsPlace(text: String, problem: String) {
    let error = #expect(throws: CheckFileError.self) { try RoutingText.read(text) }
    #expect(error?.description.contains(problem) == true, "\(error?.description ?? "")")
  }

  @Test func `A tree is bounded in size and depth, whatever aliases make of a short text`() {
    var deep = "routes:"
    for level in 0...10 { deep += "\n" + String(repeating: "  ", count: level * 2) + "  - routes:" }
    deep += " []"
    let tooDeep = #expect(throws: CheckFileError.self) {
      try RoutingText.read(deep.replacing("routes: []", with: "actions: [x]"))
    }
    #expect(tooDeep?.description.contains("at most 10 deep") == true)
    var bomb = "routes:\n  - &a {match: tag=x}\n"
    for _ in 0..<1000 { bomb += "  - *a\n" }
    let tooMany = #expect(throws: CheckFileError.self) { try RoutingText.read(bomb) }
    #expect(tooMany?.description.contains("at most 1000 routes") == true)
  }

  private static let file = """
    version: 1
    actions:
      - {name: pager, channel: webhook, settings: {url: "http://127.0.0.1:1/"}}
    routing:
      routes:
        - match: [severity=critical]
          actions: [pager]
          group_by: [namespace]
          routes:
            - {match: "tag=night", continue: true}
        - match: []
          actions: [pager]

    """

  @Test("A check file has the tree that its text means, and what is written reads back to it") func inFile() throws {
    let file = try CheckFileReader.read(Self.file, file: "f")
    #expect(file.routing == (try RoutingText.read(String(Self.file.split(separator: "routing:\n")[1]))))
    #expect(file.routing?.routes.count == 2)
    #expect(try CheckFileReader.read(CheckFileWriter.write(file), file: "again") == file)
    #expect(try CheckFileReader.read("version: 1\n", file: "f").routing == nil)
    let none = try CheckFileReader.read("version: 1\nrouting: {}\n", file: "f")
    #expect(none.routing == RoutingTree())
    #expect(try CheckFileReader.read(CheckFileWriter.write(none), file: "again") == none)
  }

  @Test(
    "A mistake in the routing of a check file has its place and what is nearest",
    arguments: [
      (
        "match: [severity=critical]", "mtach: x",
        "f:6:7: routing.routes[0].mtach: there is no key 'mtach'; did you mean 'match'?"
      ),
      ("match: [severity=critical]", "match: [naemspace=x]", "did you mean 'namespace'?"),
      ("  routes:\n    -", "  rotues:\n    -", "routing.rotues: there is no key 'rotues'; did you mean 'routes'?"),
      (
        "actions: [pager]\n      group", "actions: [pagre]\n      group",
        "f:7:16: routing.routes[0].actions: there is no action 'pagre'; did you mean 'pager'?"
      ),
      ("routing:", "routign:", "there is no key 'routign'; did you mean 'routing'?"),
    ])
  func mistakesInFile(right: String, wrong: String, words: String) throws {
    let text = Self.file.replacing(right, with: wrong, maxReplacements: 1)
    #expect(text != Self.file)
    let error = #expect(throws: CheckFileError.self) { try CheckFileReader.readAll(text, file: "f", isWhole: true) }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }

  @Test("Two documents with a tree are a mistake: there is one") func twoTrees() throws {
    let error = #expect(throws: CheckFileError.self) {
      try CheckFileReader.readAll(Self.file + "---\nversion: 1\nrouting: {}\n", file: "f")
    }
    let words = "f:15:10: routing: the routing tree stands at line 5 already: put all routes into one of them"
    #expect(error?.description == words)
  }
}
