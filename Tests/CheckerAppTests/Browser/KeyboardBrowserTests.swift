import Foundation
import TestSupport
import Testing

/// The pages without a mouse, and on the narrowest phone.
@Suite("The keyboard in Chromium", .serialized) struct KeyboardBrowserTests {
  private static let (tab, escape, down) = ("\u{E004}", "\u{E00C}", "\u{E015}")

  @Test("The palette says which hit is chosen, the editor lets go, and nothing that has the focus is covered")
  func keyboard() async throws {
    let demo = try await DemoInChromium(height: 700)
    let browser = demo.browser
    try await demo.open("/checkers/accounts/emails-present")
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

    try await demo.open("/checkers/accounts/emails-present/edit")
    // The link lies within the window, and under the bar.
    try await browser.run(
      """
      const link = document.querySelector('fieldset a[href="/actions"]')
      const all = [...document.querySelectorAll('input,select,textarea,a,button')]
        .filter(e => e.offsetParent && e.tabIndex >= 0)
      scrollTo(0, scrollY + link.getBoundingClientRect().bottom - innerHeight + 10)
      all[all.indexOf(link) - 1].focus({ preventScroll: true })
      """)
    try await browser.press(Self.tab)
    #expect(try await browser.text(":focus") == "Actions")
    let room =
      "document.querySelector('.savebar').getBoundingClientRect().top"
      + " >= document.activeElement.getBoundingClientRect().bottom"
    #expect(try await browser.value(room) == "true")

    try await demo.open("/checkers/new?as=script")
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
    try await demo.open("/on-call")
    #expect(try await browser.value("document.documentElement.scrollWidth") == "320")
    try await browser.screenshot("on-call-narrow-light")
    let complaints = try await browser.complaints()
    #expect(complaints == [])
    try await demo.close()
  }
}
