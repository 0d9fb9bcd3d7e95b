import CMark
import Foundation

/// Runbooks: CommonMark with raw HTML as the text that it is, and without links that run code.
enum Markdown {
  static func html(_ text: String) -> String {
    guard let html = shim_markdown_to_html(text, text.utf8.count) else { return "" }
    defer { free(html) }
    return String(cString: html)
  }
}
