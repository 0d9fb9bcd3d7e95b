import Domain
import Foundation
import TestSupport
import Testing

@Suite("The service's start") struct ServiceStartTests {
  private let folder: ServiceFolder

  init() throws { folder = try ServiceFolder() }

  private static let yaml = """
    version: 1
    namespace: shop
    data_sources:
      - {name: file, driver: sqlite, uri: EMPTY_DB}
    datasets:
      - {name: quick, data_source: file, sql: SELECT 1 AS one}
    checkers:
      - {name: quick, rules: [{check: row_count, dataset: quick}]}
    """
  private static let longAgo = Date(timeIntervalSince1970: 1_700_000_000)

  @Test("A second service on the same folder is refused and told whose it is") func secondService() async throws {
    let first = try await folder.start()
    let second = try await folder.refusal()
    #expect(second.exitStatus == 69)
    #expect(second.errors.contains("process \(first.program.pid)"))
    #expect(second.errors.contains(folder.path))
    #expect(second.output.isEmpty)
    #expect(try await first.site.get("/").status == 200)
    #expect(try await first.stop() == 0)
    #expect(try await folder.start().stop() == 0)
  }

  @Test("A port in use is named, and nothing is run in vain") func portInUse() async throws {
    let first = try await ServiceFolder().start()
    let port = try #require(first.site.address.split(separator: ":").last)
    try await folder.declare(Self.yaml, due: Self.longAgo)
    let second = try await folder.refusal(["--port", String(port)])
    #expect(second.exitStatus == 69)
    #expect(second.errors.contains("127.0.0.1:\(port) is in use"))
    #expect(second.errors.contains("--port"))
    #expect(try await folder.runs(of: "quick").isEmpty)
    #expect(try await first.stop() == 0)
  }

  @Test("Where the port is in use, nothing is made") func nothingMade() async throws {
    let first = try await ServiceFolder().start()
    let port = try #require(first.site.address.split(separator: ":").last)
    #expect(try await folder.refusal(["--port", String(port)]).exitStatus == 69)
    #expect(!FileManager.default.fileExists(atPath: folder.path))
    #expect(try await first.stop() == 0)
  }

  @Test("Other machines may come only once there is a password") func passwordNeeded() async throws {
    try await folder.declare(Self.yaml, due: Self.longAgo)
    let refused = try await folder.refusal(["--host", "0.0.0.0"])
    #expect(refused.exitStatus == 69)
    #expect(refused.errors.contains("CHECKER_ADMIN_PASSWORD"))
    #expect(try await folder.runs(of: "quick").isEmpty)
    let short = try await folder.refusal(["--host", "0.0.0.0"], environment: ["CHECKER_ADMIN_PASSWORD": "short"])
    #expect(short.exitStatus == 69)
    #expect(short.errors.contains("at least 8 characters"))
    #expect(!short.errors.contains("WebProblem"))
  }

  @Test("With a password, everybody signs in first") func signIn() async throws {
    try await folder.declare(Self.yaml)
    let password = "correct horse battery"
    let service = try await folder.start(
      ["--host", "0.0.0.0"], environment: ["CHECKER_ADMIN_PASSWORD": password])
    let site = service.site
    for path in ["/", "/checkers/shop/quick", "/events"] {
      let page = try await site.get(path)
      #expect([302, 303].contains(page.status))
      #expect(page.headers["location"]?.hasPrefix("/login") == true)
    }
    #expect(try await site.get("/api/v1/checkers").status == 401)
    let wrong = try await site.post("/login", ["password": "wrong horse"], formAt: "/login")
    #expect(wrong.status == 422)
    #expect(try await site.get("/").status != 200)
    let right = try await site.post("/login", ["password": password, "next": "/"], formAt: "/login")
    #expect(right.status == 303)
    #expect(try await site.get("/").status == 200)
    #expect(try await service.stop() == 0)
    let everything = service.program.output + service.program.errors
    #expect(!everything.contains(password))
    // The password stays in force without the variable; the session does, too.
    let again = try await folder.start(["--host", "0.0.0.0"])
    #expect(try await Site(address: again.site.address).get("/").headers["location"]?.hasPrefix("/login") == true)
    #expect(try await again.stop() == 0)
  }

  @Test(
    "A damaged store is named, and left as it is",
    arguments: ["This was a store once.", String(repeating: "SQLite format 3\u{0}", count: 600)])
  func damagedStore(content: String) async throws {
    try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
    let file = folder.path + "/store.sqlite"
    try content.write(toFile: file, atomically: true, encoding: .utf8)
    let program = try await folder.refusal()
    #expect(program.exitStatus == 69)
    #expect(program.errors.contains(file))
    #expect(program.errors.contains("damaged"))
    #expect(try String(contentsOfFile: file, encoding: .utf8) == content)
  }

  @Test("A folder that cannot be is named") func noFolder() async throws {
    let file = folder.folder.path + "/a-file"
    try "not a folder".write(toFile: file, atomically: true, encoding: .utf8)
    let program = try SpawnedProgram([try Program.path, "serve", "--port", "0", "--data", file + "/data"])
    #expect(try await program.end() == 69)
    #expect(program.errors.contains(file + "/data"))
  }
}
