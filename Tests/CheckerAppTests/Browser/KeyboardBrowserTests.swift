import Foundation
import TestSupport
import Testing

/// The pages without a mouse, and on the narrowest phone.
@Suite("The keyboard in Chromium", .serialized) struct KeyboardBrowserTests {
  private static let (tab, escape, down) = ("\u{E004}", "\u{E00C}", "\u{E015}")

  @Test("The palette says which hit is chosen, the editor lets go, and nothing that has the focus is covered")
  func keyboard() async throws {
    let folder = try TemporaryFolder()
    let command = [try Program.path, "demo", "--port", "0", "--data", folder.path + "/data"]
    let service = try await RunningService(command: command)
    let browser = try await Browser()
    try await browser.resize(width: 1440, height: 700)
    try await browser.open(service.site.address + "/checkers/accounts/emails-present")
    #expect(try await browser.value("document.querySelectorAll('a[role=listitem]').length") == "0")
    try await browser.click(".side-search")
    let chosen = "document.querySelector('.palette a[aria-selected=true]').id"
    let pointed = "document.activeElement.getAttribute('aria-activedescendant')"
    try await wait(until: "hits") { try await browser.value("\(pointed) || ''") == "hit-1" }
    for _ in 1...2 { try await browser.press(Self.down) }
    #expect(try await browser.value(pointed) == "hit-3")
    #expect(try await browser.value(chosen) == "hit-3")
    let strangers = "[...document.querySelectorAll('#hits > *')].filter(e => e.getAttribute('role') !== 'group').length"
    #expect(try await browser.value(strangers) == "0")
    try await browser.screenshot("palette-desktop-light")

    try await browser.open(service.site.address + "/checkers/accounts/emails-present/edit")
    try await browser.run("scrollTo(0, 0); document.querySelector('[name=tags]').focus()")
    for _ in 1...8 {
      try await browser.press(Self.tab)
      // Of what is taller than the room that is left, the beginning.
      let covered = try await browser.value(
        """
        ((e, box) => !e.closest('.savebar') && box.top + Math.min(box.height, 40)
          > document.querySelector('.savebar').getBoundingClientRect().top ? e.outerHTML : '')(
          document.activeElement, document.activeElement.getBoundingClientRect())
        """)
      #expect(covered == "")
    }

    try await browser.open(service.site.address + "/checkers/new?as=script")
    try await wait(until: "the editor") {
      try await browser.value("(document.querySelector('.CodeMirror') || {}).CodeMirror ? 1 : 0") == "1"
    }
    try await browser.run("document.querySelector('.CodeMirror').CodeMirror.focus()")
    let way = "document.getElementById(document.activeElement.getAttribute('aria-describedby')).innerText"
    #expect(try await browser.value(way).contains("Esc, then Tab, leaves"))
    try await browser.press(Self.escape)
    try await browser.press(Self.tab)
    #expect(try await browser.value("!!document.activeElement.closest('.CodeMirror')") == "false")
    try await browser.screenshot("script-editor-left-desktop-light")

    try await browser.narrow(to: 320)
    try await browser.open(service.site.address + "/on-call")
    #expect(try await browser.value("document.documentElement.scrollWidth") == "320")
    try await browser.screenshot("on-call-narrow-light")
    let complaints = try await browser.complaints()
    #expect(complaints == [])
    try await browser.close()
    #expect(try await service.stop() == 0)
  }
}
