import Foundation

/// Where the file of an embedded database is, seen from the file that names it.
enum DatabasePath {
  /// Relative paths are relative to `folder`; `:memory:` and URIs with a scheme stay as they are.
  static func resolve(_ uri: String, in folder: String) -> String {
    if uri.hasPrefix("/") || uri.hasPrefix(":") || uri.hasPrefix("${") || uri.contains("://") { return uri }
    for scheme in ["file:", "sqlite:", "duckdb:"] where uri.hasPrefix(scheme) {
      let path = String(uri.dropFirst(scheme.count))
      return path.hasPrefix("/") ? uri : scheme + join(folder, path)
    }
    return join(folder, uri)
  }

  private static func join(_ folder: String, _ path: String) -> String {
    folder.isEmpty ? path : plain((folder as NSString).appendingPathComponent(path))
  }

  /// Without `..`, so that files in two folders come to one name for one database. Links after the last `..` stay:
  /// people turn them to another database.
  private static func plain(_ path: String) -> String {
    let parts = path.split(separator: "/").filter { $0 != "." }
    guard path.hasPrefix("/"), let last = parts.lastIndex(of: "..") else { return path }
    // Not by the text alone: what is above a link is above the folder that it leads to.
    guard let above = realpath("/" + parts[...last].joined(separator: "/"), nil) else { return path }
    defer { free(above) }
    return ([String(cString: above)] + parts[(last + 1)...].map(String.init)).joined(separator: "/")
      .replacing(#/^\/\//#, with: "/")
  }
}
