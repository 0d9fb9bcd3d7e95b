import CMark
import Foundation

/// A runbook as people read it outside of the pages: CommonMark with raw HTML as text, and without links that run code.
struct RunbookText {
  private let source: String

  init(_ source: String) { self.source = source }

  var html: String {
    guard let html = shim_markdown_to_html(source, source.utf8.count) else { return "" }
    defer { free(html) }
    return String(cString: html)
  }

  /// Without the marks that Markdown is written with: lists keep their bullets and numbers, links their addresses.
  var plain: String {
    guard let document = cmark_parse_document(source, source.utf8.count, CMARK_OPT_DEFAULT),
      let iterator = cmark_iter_new(document)
    else { return source }
    defer {
      cmark_iter_free(iterator)
      cmark_node_free(document)
    }
    var writer = PlainWriter()
    while true {
      let event = cmark_iter_next(iterator)
      if event == CMARK_EVENT_DONE { break }
      guard let node = cmark_iter_get_node(iterator) else { break }
      writer.take(node, isEntered: event == CMARK_EVENT_ENTER)
    }
    return writer.text
  }
}

/// Writes the nodes of a document one after the other.
private struct PlainWriter {
  private var lines = ""
  /// The number of the next item of each list that is open; `nil` for bullets.
  private var lists: [Int?] = []

  var text: String {
    var text = lines
    while text.contains("\n\n\n") { text = text.replacing("\n\n\n", with: "\n\n") }
    while text.last?.isNewline == true { text.removeLast() }
    return text
  }

  mutating func take(_ node: OpaquePointer, isEntered: Bool) {
    switch cmark_node_get_type(node) {
    case CMARK_NODE_TEXT, CMARK_NODE_CODE, CMARK_NODE_HTML_INLINE, CMARK_NODE_HTML_BLOCK: lines += Self.literal(node)
    case CMARK_NODE_SOFTBREAK, CMARK_NODE_LINEBREAK: lines += "\n" + indent
    case CMARK_NODE_CODE_BLOCK:
      let code = Self.literal(node).split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      if lines.last?.isNewline == false { lines += "\n" }
      lines += code.map { "\(indent)    \($0)\n" }.joined() + "\n"
    case CMARK_NODE_THEMATIC_BREAK: lines += "----\n\n"
    case CMARK_NODE_HEADING where !isEntered: lines += "\n\n"
    case CMARK_NODE_PARAGRAPH where !isEntered: lines += isTight(node) ? "\n" : "\n\n"
    case CMARK_NODE_LINK where !isEntered:
      if let address = cmark_node_get_url(node).map({ String(cString: $0) }), !lines.hasSuffix(address) {
        lines += " (\(address))"
      }
    case CMARK_NODE_LIST:
      if isEntered {
        lists.append(
          cmark_node_get_list_type(node) == CMARK_ORDERED_LIST ? Int(cmark_node_get_list_start(node)) : nil)
      } else {
        lists.removeLast()
        if lists.isEmpty { lines += "\n" }
      }
    case CMARK_NODE_ITEM where isEntered: begin()
    default: break
    }
  }

  private var indent: String { String(repeating: "   ", count: lists.count) }

  private mutating func begin() {
    guard let number = lists.last else { return }
    lines += String(repeating: "   ", count: lists.count - 1) + (number.map { "\($0). " } ?? "-  ")
    if let number { lists[lists.count - 1] = number + 1 }
  }

  private func isTight(_ paragraph: OpaquePointer) -> Bool {
    guard let item = cmark_node_parent(paragraph), let list = cmark_node_parent(item) else { return false }
    return cmark_node_get_type(list) == CMARK_NODE_LIST && cmark_node_get_list_tight(list) == 1
  }

  private static func literal(_ node: OpaquePointer) -> String {
    cmark_node_get_literal(node).map { String(cString: $0) } ?? ""
  }
}
