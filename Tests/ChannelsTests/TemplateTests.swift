import Domain
import Foundation
import TestSupport
import Testing

@testable import Channels

@Suite struct TemplateTests {
  private func render(_ text: String, _ escaping: Escaping = .plain, _ event: Event = .sample()) throws -> String {
    let reader = try SettingsReader(
      ["template": text], declared: [TemplateSlot.body("", escaping).setting], environment: [:])
    let templates = try Templates([.body("default", escaping)], reader, isLenient: false)
    let links = Links(base: "https://checker.example.com")
    return templates.render("template", TemplateContext(event, links: links).value(for: templates)).text
  }

  @Test(
    arguments: [
      ("{{state}} {{heading}} {{previous}}", "red Red green"), ("{{uppercased(state)}}", "RED"),
      ("{{checker}} {{namespace}} {{name}} {{version}}", "shop/emails shop emails 7"),
      ("{{observed}}, {{value}} {{unit}}, {{expected}}", "7 rows, 7 rows, less than 42 rows"),
      ("{{since}} {{duration}}", "2026-03-02 12:00 UTC 5 min"),
      ("{{#owner}}by {{owner}}{{/owner}}{{^owner}}-{{/owner}}", "-"),
      ("{{#is_red}}red{{/is_red}}{{#is_resolved}}ok{{/is_resolved}}", "red"),
      (
        "{{#rows}}{{row}}{{#cells}}|{{column}}:{{cell}}{{/cells}}{{/rows}} of {{row_count}}",
        "id=1, name=null|id:1|name:null of 3"
      ),
      ("{{#columns}}{{.}}{{^last()}}, {{/last()}}{{/columns}}", "id, name"),
      ("{{#assertions}}{{assertion}}: {{outcome}}{{/assertions}}", "users has rows: failed"),
      ("{{links.checker}}", "https://checker.example.com/checkers/shop/emails"), ("a{{! nothing }}b", "ab"),
      ("a\r\nb", "a\nb"),
    ] as [(String, String)])
  func namesAreFilledIn(_ template: String, _ text: String) throws { #expect(try render(template) == text) }

  @Test(
    arguments: [
      ("a\n{{obseved}}", "line 2: there is no {{obseved}} here. Is {{observed}} meant?"),
      ("{{#rows}}\n{{cell}}{{/rows}}", "line 2: there is no {{cell}} here"),
      ("a\n\n{{#rows}}x", "line 3: {{#rows}} is never closed"), ("x{{/rows}}", "line 1: {{/rows}} closes nothing"),
      ("{{#rows}}{{#cells}}\n{{/rows}}", "line 2: {{/rows}} stands where {{/cells}}"),
      ("{{links}}", "line 1: {{links}} has parts: write {{links.checker}}"), ("{{links.x}}", "line 1: there is no"),
      ("a {{state", "line 1: a tag that begins with '{{'"), ("{{\nstate}}", "line 1: a tag"), ("{{}}", "names nothing"),
      ("{{> file}}", "not supported"), ("{{=<% %>=}}", "not supported"), ("{{% CONTENT_TYPE:TEXT}}", "not supported"),
      ("{{explode(state)}}", "line 1: {{explode(state)}} is not one of"),
      ("{{uppercased(uppercased(state))}}", "no {{upper"),
      (String(repeating: "{{#is_red}}", count: 5000), "16 KiB"),
      (String(repeating: "{{#is_red}}", count: 500), "sections nest at most"),
    ] as [(String, String)])
  func mistakesAreNamedWithTheirLine(_ template: String, _ part: String) {
    let error = #expect(throws: ChannelSettingsError.self) { try render(template) }
    #expect(error?.key == "template")
    #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
  }

  @Test func valuesAreEscapedForWhereTheyGo() throws {
    let event = Event.sample(checker: .sample(owner: "<a href='x'>&\"*_\\\n\u{1}"))
    #expect(try render("{{owner}}", .html, event) == "&lt;a href=&#39;x&#39;&gt;&amp;&quot;*_\\")
    #expect(try render("{{owner}}", .slack, event) == "&lt;a href='x'&gt;&amp;\"*_\\")
    #expect(try render("{{owner}}", .markdown, event) == "\\<a href='x'\\>&\"\\*\\_\\\\")
    #expect(try render("{\"o\": \"{{owner}}\"}", .json, event) == #"{"o": "<a href='x'>&\"*_\\\n "}"#)
  }

  @Test func aTemplateThatGrowsWithoutEndIsGivenUpOn() throws {
    let many = Event.sample(
      assertions: (0..<50).map { .sample(.failed, name: "\($0)") })
    let bomb = String(repeating: "{{#assertions}}", count: 10) + "x" + String(repeating: "{{/assertions}}", count: 10)
    #expect(try render(bomb, .plain, many) == "default")
    #expect(try render("{{#is_resolved}}x{{/is_resolved}}") == "default")
  }

  /// Texts made of pieces of tags: whatever they are, they are refused or rendered.
  @Test func noTextBringsTheEngineDown() {
    let pieces = [
      "{{", "}}", "{{{", "}}}", "#", "/", "^", "!", "&", "rows", "cells", "state", ".", "()", "(", ")", "\n", "\r\n",
      " ",
      "first", "{", "}", "\u{301}", "{{#rows}}", "{{/rows}}", "{{row}}", "{{=", "%", "last()", "\u{2028}", "é", "$",
      "<",
    ]
    var seed: UInt64 = 42
    func next(_ bound: Int) -> Int {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(seed >> 33) % bound
    }
    var rendered = 0
    for _ in 0..<4000 {
      let text = (0..<(1 + next(9))).map { _ in pieces[next(pieces.count)] }.joined()
      if (try? render(text)) != nil { rendered += 1 }
    }
    #expect(rendered > 100)
  }

  @Test func everyNameIsInTheManual() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../docs/templates.md")
    let manual = try String(contentsOf: URL(fileURLWithPath: file.path).standardizedFileURL, encoding: .utf8)
    func check(_ variable: TemplateVariable) {
      #expect(manual.contains("`\(variable.name)`") || manual.contains("\(variable.name)."), "\(variable.name)")
      for child in variable.children { #expect(manual.contains("\(child.name)`"), "\(child.name)") }
    }
    for variable in TemplateVariable.all { check(variable) }
  }

  @Test func everyNameHasAValue() throws {
    let reader = try SettingsReader([:], declared: [TemplateSlot.body("{{json}}", .plain).setting], environment: [:])
    let templates = try Templates([.body("{{json}}", .plain)], reader, isLenient: false)
    guard case .fields(let fields) = TemplateContext(.sample(), links: Links()).value(for: templates) else { return }
    #expect(Set(fields.keys) == Set(TemplateVariable.all.map(\.name)))
  }

  @Test func aTestLeadsToTheActionThatItIsOf() {
    let links = Links(base: "https://checker.example.com")
    var event = Event.sample()
    event.subject = .test
    #expect(links.page(of: event) == "https://checker.example.com/actions" && links.run(of: event) == nil)
    event.testedAction = "chat & co"
    #expect(links.page(of: event) == "https://checker.example.com/actions/chat%20%26%20co")
  }

  @Test func aRunbookIsReadWithoutItsMarks() {
    let runbook = RunbookText(
      """
      # Who is it?
      1. Ask **Ana**, see [the list](https://example.com/list)
      2. Look:
         ```dataset users
         id = :id
         ```
      - `psql` works too
      """)
    #expect(
      runbook.plain == """
        Who is it?

        1. Ask Ana, see the list (https://example.com/list)
        2. Look:
               id = :id

        -  psql works too
        """, "\(runbook.plain)")
    #expect(runbook.html.contains("<h1>Who is it?</h1>") && runbook.html.contains("<strong>Ana</strong>"))
    #expect(!RunbookText("[x](javascript:alert(1)) <script>1</script>").html.contains("script>"))
  }

  @Test func aTemplateThatFailsForAnEventIsToldToItsOwner() throws {
    let catalogue = ChannelCatalogue(environment: [:])
    func problem(_ channel: String, _ template: String) throws -> String? {
      let settings = ["url": "https://example.com/x", "template": template]
      return try catalogue.make(Action(name: "a", channel: channel, settings: settings)).problem(with: .sample())
    }
    for channel in ["slack", "webhook"] {
      #expect(try problem(channel, #"{"a": "{{name}}"}"#) == nil)
      #expect(try problem(channel, "") == nil)
    }
    #expect(try problem("slack", "{{owner}}")?.contains("it makes an empty text of this event") == true)
    #expect(try problem("webhook", "{{name}}")?.contains("no JSON") == true)
  }

  @Test func aPreviewShowsTheTextOrTheLineAtFault() throws {
    let catalogue = ChannelCatalogue(environment: [:])
    let good = Action(name: "a", channel: "slack", settings: ["template": "{{name}} found {{observed}}"])
    let shown = catalogue.preview(good, event: nil)
    #expect(shown.map(\.key) == ["title_template", "template"])
    #expect(shown.map(\.text) == ["🔴 Red: shop/emails", "emails found 57 rows"])
    #expect(shown.allSatisfy { $0.problem == nil })
    let bad = Action(name: "a", channel: "email", settings: ["html_template": "<p>\n{{#rows}}"])
    let problem = try #require(catalogue.preview(bad, event: nil).last?.problem)
    #expect(problem.line == 2 && problem.message.contains("never closed"))
    let hook = Action(name: "a", channel: "webhook", settings: ["template": "{\"a\": {{name}}}"])
    #expect(catalogue.preview(hook, event: .sample()).first?.problem?.message.contains("no JSON") == true)
    // Without a template, or where it fails, the whole event is sent, with its envelope.
    for settings in [hook.settings, [:]] {
      let sent = catalogue.preview(Action(name: "a", channel: "webhook", settings: settings), event: .sample()).first
      #expect(sent?.text.contains(#""specversion":"1.0""#) == true, "\(sent?.text ?? "")")
    }
    let defaults = catalogue.kinds.first { $0.key == "slack" }?.defaultTemplates
    #expect(
      defaults?["title_template"]
        == "{{icon}} {{heading}}: {{checker}}{{#row}} ({{row}}){{/row}}{{#others}} and {{others}} more{{/others}}")
  }
}
