import CSodium
package import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// Files that do not change while the program runs, served under a name with the hash of their content.
package struct StaticFiles: Sendable {
  /// `app.css` → `/static/1a2b3c-app.css`; keys have `_` for `.`, `-` and `/`, for templates: `{{files.app_css}}`.
  package let addresses: [String: String]
  private let files: [String: File]

  private struct File: Sendable {
    var body: ByteBuffer
    var type: String
  }

  /// - Parameter vendor: the folder with htmx, CodeMirror and fonts; pages work without them, less smoothly.
  package init(own: URL, vendor: String?) throws(WebServerError) {
    var addresses: [String: String] = [:]
    var files: [String: File] = [:]
    func add(_ name: String, _ data: Data) {
      let base = name.replacing("/", with: "-")
      let hashed =
        "\(Secrets.digest(String(decoding: data.map { $0 & 127 }, as: UTF8.self) + "\(data.count)").prefix(12))-\(base)"
      addresses[String(name.map { ".-/".contains($0) ? "_" : $0 })] = "/static/\(hashed)"
      files[hashed] = File(body: ByteBuffer(bytes: data), type: Self.type(of: name))
    }
    let vendored = [
      "htmx.min.js", "hx-sse.min.js", "codemirror.min.js", "codemirror.min.css", "fonts/inter-latin.woff2",
      "fonts/jetbrains-mono-400.woff2", "fonts/jetbrains-mono-600.woff2",
    ]
    if let vendor {
      for name in vendored {
        if let data = FileManager.default.contents(atPath: vendor + "/" + name) { add(name, data) }
      }
    }
    for name in ["app.css", "app.js", "complete.js", "logo.svg", "icons.svg"] {
      guard var data = FileManager.default.contents(atPath: own.appending(path: name).path) else {
        throw .resources("the file \(name) is missing in \(own.path). Build or install the program again.")
      }
      if name == "app.css" {
        // The fonts' own names change with their content.
        var text = String(decoding: data, as: UTF8.self)
        for font in vendored.suffix(3) {
          if let address = addresses[String(font.map { ".-/".contains($0) ? "_" : $0 })] {
            text = text.replacing("url(\"\(font)\")", with: "url(\"\(address)\")")
          }
        }
        data = Data(text.utf8)
      }
      add(name, data)
    }
    self.addresses = addresses
    self.files = files
  }

  func add(to router: Router<WebContext>) {
    router.get("/static/:file") { _, context in
      guard let name = context.parameters.get("file"), let file = files[name] else {
        throw WebProblem.notFound("There is no such file.")
      }
      return Response(
        status: .ok,
        headers: [
          .contentType: file.type, .cacheControl: "public, max-age=31536000, immutable",
          .contentLength: "\(file.body.readableBytes)",
        ], body: ResponseBody(byteBuffer: file.body))
    }
    router.get("/favicon.ico") { _, _ in Response.redirect(addresses["logo_svg"] ?? "/") }
  }

  private static func type(of name: String) -> String {
    switch name.split(separator: ".").last {
    case "css": "text/css; charset=utf-8"
    case "js": "text/javascript; charset=utf-8"
    case "svg": "image/svg+xml"
    case "woff2": "font/woff2"
    default: "application/octet-stream"
    }
  }
}
