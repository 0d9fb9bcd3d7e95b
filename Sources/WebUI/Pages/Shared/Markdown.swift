import CMark
import Foundation

/// Runbooks: CommonMark without raw HTML and without links that run code, as libcmark does unless told otherwise.
enum Markdown {
  static func html(_ text: String) -> String {
    guard let html = cmark_markdown_to_html(text, text.utf8.count, CMARK_OPT_DEFAULT) else { return "" }
    defer { free(html) }
    return String(cString: html)
  }
}
