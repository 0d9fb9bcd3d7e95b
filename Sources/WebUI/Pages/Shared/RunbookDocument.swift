import CMark
import Domain
import Foundation

/// A runbook with its queries: the HTML up to and with each of them, and what follows the last.
struct RunbookDocument: Sendable {
  var cells: [RunbookCell] = []
  /// One more than cells.
  var parts: [String] = []

  init(_ text: String) {
    guard let document = cmark_parse_document(text, text.utf8.count, CMARK_OPT_DEFAULT) else { return }
    defer { cmark_node_free(document) }
    shim_show_raw_html(document)
    // In the order in which libcmark writes them, each code block with the class of its first word.
    let blocks = Self.blocks(document)
    guard let made = cmark_render_html(document, CMARK_OPT_DEFAULT) else { return }
    defer { free(made) }
    var rest = Substring(String(cString: made))
    var part = ""
    for block in blocks {
      guard let end = rest.firstRange(of: "</code></pre>") else { break }
      let isEmptyQuery = block.map { $0.text.allSatisfy(\.isWhitespace) } ?? false
      // An empty box says nothing.
      let shown = isEmptyQuery ? rest[..<end.lowerBound].ranges(of: "<pre>").last?.lowerBound : nil
      part += rest[..<(shown ?? end.upperBound)]
      rest = rest[end.upperBound...]
      guard let cell = block else { continue }
      cells.append(cell)
      parts.append(part)
      part = ""
    }
    parts.append(part + rest)
  }

  /// Every code block; `nil` for those that are no query.
  private static func blocks(_ document: OpaquePointer) -> [RunbookCell?] {
    var found: [RunbookCell?] = []
    guard let walk = cmark_iter_new(document) else { return found }
    defer { cmark_iter_free(walk) }
    while true {
      let event = cmark_iter_next(walk)
      if event == CMARK_EVENT_DONE { return found }
      guard event == CMARK_EVENT_ENTER, let node = cmark_iter_get_node(walk),
        cmark_node_get_type(node) == CMARK_NODE_CODE_BLOCK
      else { continue }
      let info = cmark_node_get_fence_info(node).map { String(cString: $0) } ?? ""
      let text = cmark_node_get_literal(node).map { String(cString: $0) } ?? ""
      found.append(RunbookCell(info: info, text: text))
    }
  }
}
