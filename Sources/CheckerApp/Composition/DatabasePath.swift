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
    folder.isEmpty ? path : (folder as NSString).appendingPathComponent(path)
  }
}
