import Dispatch
import Foundation

/// Another program, run to its end.
///
/// Not Foundation's `Process`: that waits for the end of everything that the program leaves behind, servers too.
package enum Command {
  package struct Failure: Error, CustomStringConvertible {
    package var description: String
  }

  /// What the program wrote to standard output, without the last line break.
  @discardableResult
  package static func run(_ program: String, _ arguments: String...) async throws -> String {
    try await aside { try runBlocking([program] + arguments) }
  }

  /// What `body` comes to, which waits for something. Tests share few threads with what they test: none of them may wait.
  package static func aside<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue(label: "aside").async { continuation.resume(with: Result { try body() }) }
    }
  }

  /// The same for set-up that is over in a moment, where nothing can be awaited.
  @discardableResult
  package static func runAndWait(_ program: String, _ arguments: String...) throws -> String {
    try runBlocking([program] + arguments)
  }

  @discardableResult
  static func runBlocking(_ words: [String]) throws -> String {
    let folder = try TemporaryFolder()
    let (output, errors) = (folder.path + "/output", folder.path + "/errors")
    let status = try spawn(words, output: output, errors: errors)
    guard status == 0 else {
      let reason = try String(contentsOfFile: errors, encoding: .utf8)
      throw Failure(description: "\(words.joined(separator: " ")): \(reason)")
    }
    let text = try String(contentsOfFile: output, encoding: .utf8)
    return text.hasSuffix("\n") ? String(text.dropLast()) : text
  }

  private static func spawn(_ arguments: [String], output: String, errors: String) throws -> Int32 {
    var files = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&files)
    defer { posix_spawn_file_actions_destroy(&files) }
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&files, 1, output, O_WRONLY | O_CREAT, 0o644)
    posix_spawn_file_actions_addopen(&files, 2, errors, O_WRONLY | O_CREAT, 0o644)
    let words = arguments.map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var child: pid_t = 0
    let code = posix_spawn(&child, arguments[0], &files, nil, words, environ)
    guard code == 0 else { throw Failure(description: "\(arguments[0]): \(String(cString: strerror(code)))") }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    return status
  }
}
