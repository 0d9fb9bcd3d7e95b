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
}
