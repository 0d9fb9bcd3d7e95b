import Foundation
import TestSupport
import Testing

/// The demo, clicked in a real browser. Pictures of what it showed are left in `.test-results/screenshots`.
@Suite("The pages in Chromium", .serialized) struct BrowserTests {
  private static let pages = [
    ("overview", "/"), ("checkers", "/checkers"), ("checker", "/checkers/accounts/emails-present"),
    ("checker-form", "/checkers/accounts/emails-present/edit"), ("alarms", "/alarms"), ("runs", "/runs"),
    ("datasets", "/datasets"), ("data-sources", "/data-sources"), ("actions", "/actions"),
    ("checker-script", "/checkers/new?as=script"), ("checker-module", "/checkers/new?as=module"),
    ("settings", "/settings/tokens"), ("libraries", "/libraries"), ("library", "/libraries/new"),
    ("namespace", "/namespaces/accounts"), ("on-call", "/on-call"), ("address", "/settings/address"),
    ("action", "/actions/new?channel=email"), ("heartbeat", "/heartbeats/new"),
    ("settings-heartbeat", "/settings/heartbeat"), ("data-source-new", "/data-sources/new"),
    ("dataset-new", "/datasets/new"),
    ("checker-of-code", "/checkers/accounts/newcomers-reachable"), ("silences", "/silences"),
    ("silence", "/silences/new?like=accounts/emails-present"),
    ("routing", "/routing?checker=accounts/emails-present"), ("alarms-by-owner", "/alarms?by=owner"),
    ("history", "/checkers/accounts/emails-present/history"),
    ("checker-rows", "/checkers/accounts/emails-by-country"), ("alarms-by-checker", "/alarms?by=checker"),
  ]

  /// What stands out over the window's right edge, where it is not meant to scroll.
  private static let tooWide = """
    [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1
      && !e.closest('.scroll,.CodeMirror,pre')).slice(0, 5).map(e => e.tagName + '.' + e.className)
    """

  func demo() async throws -> (RunningService, TemporaryFolder) {
    let folder = try TemporaryFolder()
    return (try await RunningService.demo(in: folder), folder)
  }

  @Test("Every page loads whole, wide and narrow, light and dark, and breaks no rule of its own policy")
  func everyPage() async throws {
    let (service, folder) = try await demo()
    let browser = try await Browser()
    let looks = [("desktop", 1440, 900, "light"), ("desktop", 1440, 900, "dark"), ("phone", 390, 844, "light")]
    for (device, width, height, scheme) in looks {
      try await browser.resize(width: width, height: height)
      try await browser.prefer(scheme)
      for (name, path) in Self.pages {
        try await browser.open(service.site.address + path)
        #expect(try await !browser.text("h1").isEmpty, "\(path)")
        let overflow = try await browser.value("document.documentElement.scrollWidth - innerWidth")
        let wide = try await browser.value(Self.tooWide)
        #expect(Int(overflow) ?? 1 <= 0, "\(path) is \(overflow) px too wide on a \(device): \(wide)")
        try await browser.screenshot("\(name)-\(device)-\(scheme)")
      }
    }
    let complaints = try await browser.complaints()
    #expect(complaints.isEmpty)
    try await browser.close()
    #expect(try await service.stop() == 0)
    withExtendedLifetime(folder) {}
  }

  @Test("A rule is previewed while it is typed, turns into a script, is tested, saved, run and shown")
  func fromFormToScript() async throws {
    let (service, folder) = try await demo()
    let browser = try await Browser()
    try await browser.resize(width: 1440, height: 1000)
    try await browser.open(service.site.address + "/checkers/new?dataset=accounts/users")
    try await browser.type("enough-users", into: "#f-name")
    try await wait(until: "a preview") { try await browser.text("#verdict").contains("Would be green") }
    try await browser.click("button[value='as:script']")
    try await wait(until: "the editor") {
      try await browser.value("(document.querySelector('.CodeMirror') || {}).CodeMirror ? 1 : 0") == "1"
    }
    let source = "CheckerCase().assertLessThan(datasets['users'], 3, 'There are few users')\\nprint('seen')\\n"
    try await browser.run("document.querySelector('.CodeMirror').CodeMirror.setValue(\"\(source)\")")
    try await browser.click("#preview [data-key='mod+Enter']")
    try await wait(until: "a test run", seconds: 120) {
      try await browser.text("#verdict").contains("Would be red")
    }
    let result = try await browser.text("#preview")
    #expect(result.contains("There are few users"))
    #expect(result.contains("seen"))
    try await browser.screenshot("script-test-desktop-light")
    try await browser.click(".savebar button[value='save']")
    try await wait(until: "the checker's page") {
      try await browser.value("location.pathname") == "/checkers/accounts/enough-users"
    }
    #expect(try await browser.text("pre[data-lang='python']").contains("print('seen')"))
    try await browser.click("[data-key='r']")
    try await wait(until: "the run", seconds: 120) { try await browser.text("#state").contains("Red") }
    #expect(try await browser.text("#results table").contains("There are few users"))
    let complaints = try await browser.complaints()
    #expect(complaints.isEmpty)
    try await browser.close()
    #expect(try await service.stop() == 0)
    withExtendedLifetime(folder) {}
  }

  @Test("A query that takes long says for how long it runs, and is stopped by a button")
  func aSlowQueryIsCancelled() async throws {
    let (service, folder) = try await demo()
    let browser = try await Browser()
    try await browser.resize(width: 1440, height: 1000)
    try await browser.open(service.site.address + "/datasets/new?ns=accounts")
    try await wait(until: "the editor") {
      try await browser.value("(document.querySelector('.CodeMirror') || {}).CodeMirror ? 1 : 0") == "1"
    }
    let endless = "WITH RECURSIVE t(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM t) SELECT count(*) FROM t"
    try await browser.run("document.querySelector('.CodeMirror').CodeMirror.setValue(\"\(endless)\")")
    try await browser.click("[data-timed]")
    try await wait(until: "the time it takes") { try await browser.text(".running").contains("Running, ") }
    try await browser.screenshot("dataset-running-desktop-light")
    try await browser.click(".running button")
    try await wait(until: "its end") { try await browser.text("#result").contains("The query was cancelled.") }
    #expect(try await browser.value("document.querySelector('.running').hidden") == "true")
    let complaints = try await browser.complaints()
    #expect(complaints == [])
    try await browser.close()
    #expect(try await service.stop() == 0)
    withExtendedLifetime(folder) {}
  }
}
