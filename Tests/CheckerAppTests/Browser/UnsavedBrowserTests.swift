import Foundation
import TestSupport
import Testing

/// What somebody wrote or keeps is not lost by a slip, in a real browser.
@Suite("Unsaved text in Chromium", .serialized) struct UnsavedBrowserTests {
  private static let source = "ok('fine')  # kept"

  private func editor(_ browser: Browser) async throws -> String {
    try await browser.value(
      "((document.querySelector('.CodeMirror') || {}).CodeMirror || {getValue: () => ''}).getValue()")
  }

  @Test("A form stays while the service is away, and Enter in a field saves it once it is back")
  func away() async throws {
    let demo = try await DemoInChromium()
    let (folder, service, browser) = (demo.folder, demo.service, demo.browser)
    try await demo.open("/checkers/new?as=script&namespace=accounts")
    try await wait(until: "the editor") { try await !editor(browser).isEmpty }
    try await browser.run("document.querySelector('.CodeMirror').CodeMirror.setValue(\"\(Self.source)\")")
    try await browser.type("kept", into: "#f-name")
    try await wait(until: "the file that follows") { try await browser.text("#as-yaml").contains("# kept") }
    #expect(try await service.stop(SIGKILL) != 0)
    try await browser.click("#preview [data-key='mod+Enter']")
    try await wait(until: "what is wrong") { try await browser.text("#away").contains("does not answer") }
    try await browser.click(".savebar button[value='save']")
    try await browser.screenshot("service-away-desktop-light")
    #expect(try await editor(browser) == Self.source)
    #expect(try await browser.text("#away").contains("nothing on this page is lost"))
    let port = try #require(service.site.address.split(separator: ":").last.map(String.init))
    let again = try await RunningService.demo(in: folder, port: port)
    try await browser.type("ops\n", into: "#f-owner")
    try await wait(until: "the checker's page") {
      try await browser.value("location.pathname") == "/checkers/accounts/kept"
    }
    #expect(try await browser.text("pre[data-lang='python']").contains("# kept"))
    try await browser.close()
    #expect(try await again.stop() == 0)
  }

  @Test("What cannot be undone is deleted once the question is answered with yes")
  func deletion() async throws {
    let demo = try await DemoInChromium()
    let (service, browser) = (demo.service, demo.browser)
    let made = try await service.site.post(
      "/libraries/new", ["namespace": "accounts", "name": "limits.py", "source": "x = 1"], formAt: "/libraries/new")
    #expect(made.status == 303, "\(made.body.prefix(300))")
    let page = service.site.address + "/libraries/accounts/limits.py"
    for answer in [false, true] {
      try await browser.open(page)
      try await browser.click(".head .btn.danger")
      #expect(try await browser.question().contains("Delete the library limits.py and its versions?"))
      try await browser.answer(answer)
      try await wait(until: "the answer to take effect") {
        try await service.site.get("/libraries/accounts/limits.py").status == (answer ? 404 : 200)
      }
    }
    try await demo.close()
  }
}
