import CheckFiles
import Foundation

/// A check file as a person names it on the command line.
struct CheckFileOnDisk {
  /// `-` is standard input.
  let path: String

  init(_ path: String) { self.path = path }

  /// As errors name it.
  var name: String { path == "-" ? "standard input" : path }

  /// Two files must not say different things under one name.
  static func refuseTwins(
    _ files: some Sequence<(String, [CheckFile])>, onlyCheckers: Bool = false
  ) throws {
    let documents = files.flatMap { path, documents in
      documents.map { (file: CheckFileOnDisk(path).name, document: $0) }
    }
    let problems = CheckFile.twins(among: documents, onlyCheckers: onlyCheckers)
    if !problems.isEmpty {
      throw UsageProblem(problems.map(\.description).joined(separator: "\n"), hasPlace: true)
    }
  }

  /// Its documents, with the contents of the files that they name.
  ///
  /// - Parameter isWhole: Whatever the file names must stand in it, as no service knows more.
  /// - Throws: `UsageProblem`, with the place of each mistake.
  func read(isWhole: Bool) throws -> [CheckFile] {
    guard
      let data = path == "-"
        // A pipe has no contents for the file manager.
        ? FileHandle.standardInput.readDataToEndOfFile() : FileHandle(forReadingAtPath: path)?.readAll()
    else {
      let isThere = FileManager.default.fileExists(atPath: path)
      throw UsageProblem(
        "cannot read \(path): \(isThere ? "it is a folder, or permission is missing" : "there is no such file")")
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw UsageProblem("\(name) is not text in UTF-8")
    }
    let here = FileManager.default.currentDirectoryPath
    let named = path == "-" ? here : (path as NSString).deletingLastPathComponent
    // Whoever runs it elsewhere stands in another folder.
    let folder = isWhole || named.hasPrefix("/") ? named : (here as NSString).appendingPathComponent(named)
    do {
      return try CheckFileReader.readAll(
        text, file: name, readFile: { try LocalCode.contents($0, in: folder) }, isWhole: isWhole,
        resolvePath: { DatabasePath.resolve($0, in: folder) })
    } catch {
      throw UsageProblem(error.description, hasPlace: true)
    }
  }
}

extension FileHandle {
  /// `nil` for a folder.
  fileprivate func readAll() -> Data? {
    do { return try readToEnd() ?? Data() } catch { return nil }
  }
}
