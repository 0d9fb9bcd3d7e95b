import Domain

#if canImport(Glibc)
  import Glibc
#endif

/// The files that a DuckDB data source reads, as they are on disk now.
struct DuckDBFiles: Equatable, Sendable {
  struct File: Equatable, Sendable {
    /// Absolute, without symbolic links.
    var path: String
    var device: UInt
    var inode: UInt
    /// Left out for a database: DuckDB itself keeps that from changing while it is open.
    var size: Int
    var changed: Int
  }

  var files: [File]

  /// - Throws: `.connection` when there is no such file.
  init(at place: DuckDBSettings.Place) throws(QueryError) {
    switch place {
    case .database(let path):
      guard var file = Self.file(path) else {
        throw QueryError(.connection, "There is no file '\(path)'.", hint: "Check the path; it is not created.")
      }
      (file.size, file.changed) = (0, 0)
      files = [file]
    case .files(let pattern):
      files = Self.matches(pattern).filter { DuckDBSettings.format(of: $0) != nil }.compactMap(Self.file)
      if files.isEmpty {
        throw QueryError(
          .connection, "There is no CSV, Parquet or JSON file at '\(pattern)'.", hint: "Check the path.")
      }
    }
  }

  /// A table that some files are.
  struct View {
    /// In quotes.
    var name: String
    /// The table function that reads it.
    var reader: String
    /// As that takes them.
    var paths: String
  }

  /// The views over the files.
  func views(table: String?) throws(QueryError) -> [View] {
    var views: [(name: String, paths: [String], reader: String)] = []
    for file in files {
      guard let (reader, stem) = DuckDBSettings.format(of: file.path) else { continue }
      let name = table ?? stem
      guard let index = views.firstIndex(where: { $0.name.lowercased() == name.lowercased() }) else {
        views.append((name, [file.path], reader))
        continue
      }
      guard table != nil, views[index].reader == reader else {
        let other = views[index].paths[0]
        throw QueryError(
          .configuration, "The files '\(other)' and '\(file.path)' would both be the table '\(name)'.",
          hint: "Name one format in the uri, such as ./data/*.csv.")
      }
      views[index].paths.append(file.path)
    }
    return views.map { view in
      View(
        name: "\"" + view.name.replacing("\"", with: "\"\"") + "\"", reader: view.reader,
        paths: "[\(Self.list(view.paths))]")
    }
  }

  var pathList: String { "[\(Self.list(files.map(\.path)))]" }

  private static func list(_ paths: [String]) -> String {
    paths.map { "'" + $0.replacing("'", with: "''") + "'" }.joined(separator: ", ")
  }

  private static func matches(_ pattern: String) -> [String] {
    if !pattern.contains(where: { "*?[".contains($0) }) { return [pattern] }
    var found = glob_t()
    defer { globfree(&found) }
    guard glob(pattern, 0, nil, &found) == 0 else { return [] }
    return (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv[$0].map { String(cString: $0) } }
  }

  private static func file(_ path: String) -> File? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, let real = realpath(path, nil) else {
      return nil
    }
    defer { free(real) }
    return File(
      path: String(cString: real), device: UInt(status.st_dev), inode: UInt(status.st_ino), size: Int(status.st_size),
      changed: status.st_mtim.tv_sec &* 1_000_000_000 &+ status.st_mtim.tv_nsec)
  }
}
