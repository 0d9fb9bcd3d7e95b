import Foundation
import TestSupport
import Testing

/// The editor of scripts, typed in with a real keyboard in a real browser.
@Suite("The script editor in Chromium", .serialized) struct ScriptEditorBrowserTests {
  @Test("It completes datasets, the columns of those that the script names, assertions and calls")
  func completion() async throws {
    let demo = try await DemoInChromium()
    let browser = demo.browser
    try await demo.open("/checkers/new?as=script&namespace=accounts")
    try await wait(until: "the editor") {
      try await browser.value("(document.querySelector('.CodeMirror') || {}).CodeMirror ? 1 : 0") == "1"
    }
    for (typed, wanted) in [
      ("datasets['us", "users"), ("for row in datasets['users']:\\n  row.ema", "email"),
      ("CheckerCase().assertLess", "assertLessThanOrEqual"), ("business_d", "business_day"),
    ] {
      try await wait(until: "\(wanted) is offered after \(typed)") {
        try await browser.run(
          """
          const editor = document.querySelector('.CodeMirror').CodeMirror
          if (editor.state.completionActive) editor.state.completionActive.close()
          editor.setValue("\(typed)"); editor.setCursor(editor.lineCount(), 0); editor.focus()
          """)
        try await browser.type(String(UnicodeScalar(0xE009)!) + " ", into: ".CodeMirror textarea")
        return try await browser.text(".CodeMirror-hints").split(separator: "\n").contains { $0 == wanted }
      }
    }
    #expect(try await browser.text(".calls").contains("assertBetween"))
    let complaints = try await browser.complaints()
    #expect(complaints == [])
    try await browser.screenshot("script-editor-desktop-light")
    try await demo.close()
  }

  @Test("A module that was chosen and not uploaded yet is tried; one that is none says so")
  func chosenModule() async throws {
    let demo = try await DemoInChromium()
    let (folder, browser) = (demo.folder, demo.browser)
    try await demo.open("/checkers/new?as=module&namespace=accounts")
    let module = """
      (module (import "checker" "ok" (func $ok (param i32 i32))) (memory (export "memory") 1)
        (data (i32.const 8) "fine") (func (export "check") (call $ok (i32.const 8) (i32.const 4))))
      """
    for (text, words) in [(module, "Would be green"), ("(module)", "Not run")] {
      let file = folder.path + "/\(text.count).wat"
      try text.write(toFile: file, atomically: true, encoding: .utf8)
      try await browser.type(file, into: "#f-module")
      try await browser.click("#preview [data-key='mod+Enter']")
      try await wait(until: words, seconds: 120) { try await browser.text("#verdict").contains(words) }
    }
    #expect(try await browser.text("#verdict").contains("check"), "it says what is missing")
    try await demo.close()
  }
}
