import CheckFiles
import Checking
import Domain
import Foundation

/// The scripts, libraries and modules of check files that are run without a store.
struct LocalCode {
  let files: [CheckFile]
  /// As a person named the file.
  let path: String

  /// Largest file that a check file may name, in bytes.
  private static let largestFile = 16 << 20

  /// Checks the modules and puts their digests into `checkers`; `nil` when none of them has code, so that no sandbox
  /// is needed.
  func prepare(_ checkers: inout [Checker]) async throws -> CodeRunner? {
    guard checkers.contains(where: { !$0.body.isRules }) else { return nil }
    let sandbox = Composition.sandbox(cacheFolder: Composition.userCacheFolder)
    let bytes = files.reduce(into: [QualifiedName: [UInt8]]()) { $0.merge($1.modules) { first, _ in first } }
    var modules: [String: [UInt8]] = [:]
    for index in checkers.indices {
      guard case .module(var module) = checkers[index].body, let content = bytes[checkers[index].id] else { continue }
      do {
        module.digest = try await sandbox.prepare(content, limits: .module).digest
      } catch {
        throw UsageProblem("\(path): checker '\(checkers[index].id.name)': module: \(error.message)")
      }
      modules[module.digest] = content
      checkers[index].body = .module(module)
    }
    let (libraries, known) = (files.flatMap(\.libraries), modules)
    return CodeRunner(
      sandbox: sandbox,
      libraries: { namespace in libraries.filter { $0.namespace == namespace } },
      module: { known[$0] })
  }

  /// A file that a check file names, seen from the folder of the check file.
  static func contents(_ path: String, in folder: String) throws -> [UInt8] {
    let full = path.hasPrefix("/") || folder.isEmpty ? path : (folder as NSString).appendingPathComponent(path)
    let attributes = try? FileManager.default.attributesOfItem(atPath: full)
    guard let size = attributes?[.size] as? Int, attributes?[.type] as? FileAttributeType == .typeRegular else {
      throw UsageProblem("there is no file '\(full)'")
    }
    guard size <= largestFile else {
      throw UsageProblem("'\(full)' has \(size) bytes; at most \(largestFile >> 20) MiB are read")
    }
    guard let data = FileManager.default.contents(atPath: full) else {
      throw UsageProblem("'\(full)' cannot be read: permission is missing")
    }
    return Array(data)
  }
}
