import Foundation

extension FormData {
  /// A file of a form.
  package struct File: Sendable, Hashable {
    package var name: String
    package var bytes: [UInt8]
  }

  /// Reads a form with files. Format: multipart/form-data, RFC 7578. `nil` when it is not whole.
  package init?(multipart body: some Sequence<UInt8>, contentType: String) {
    self.init()
    guard let boundary = Self.parameter("boundary", of: contentType), !boundary.isEmpty else { return nil }
    let data = Data(body)
    let mark = Data("--\(boundary)".utf8)
    guard var start = data.range(of: mark)?.upperBound else { return nil }
    while let end = data.range(of: Data("\r\n".utf8) + mark, in: start..<data.endIndex) {
      guard let head = data.range(of: Data("\r\n\r\n".utf8), in: start..<end.lowerBound) else { return nil }
      let header = String(decoding: data[start..<head.lowerBound], as: UTF8.self)
      add(header, data[head.upperBound..<end.lowerBound])
      start = end.upperBound
    }
    guard data[start...].starts(with: Data("--".utf8)) else { return nil }
  }

  private mutating func add(_ header: String, _ content: Data) {
    let lines = header.split(whereSeparator: \.isNewline)
    guard let line = lines.first(where: { $0.lowercased().hasPrefix("content-disposition:") }),
      let name = Self.parameter("name", of: String(line))
    else { return }
    if let fileName = Self.parameter("filename", of: String(line)) {
      files[name] = File(
        name: String(fileName.split(whereSeparator: { "/\\".contains($0) }).last ?? ""), bytes: Array(content))
    } else {
      append(name, String(decoding: content, as: UTF8.self))
    }
  }

  private static func parameter(_ name: String, of text: String) -> String? {
    for part in text.split(separator: ";").dropFirst() {
      let halves = part.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
      guard halves.count == 2, halves[0].lowercased() == name else { continue }
      let value = halves[1]
      return value.count >= 2 && value.hasPrefix("\"") && value.hasSuffix("\"")
        ? String(value.dropFirst().dropLast()) : value
    }
    return nil
  }
}
