import Domain
import Foundation
import Persistence
import TestSupport
import Testing

/// `checker apply` and `checker export`: check files kept elsewhere, with the files that they name.
@Suite("Check files brought to a service from the command line") struct ServiceApplyTests {
  private let folder: ServiceFolder
  private let program: Program

  init() throws {
    folder = try ServiceFolder()
    program = try Program()
    try program.database("shop.db", "CREATE TABLE users (email TEXT); INSERT INTO users VALUES (NULL)")
    _ = try program.write(
      """
      (module (import "checker" "ok" (func $ok (param i32 i32))) (memory (export "memory") 1)
        (data (i32.const 8) "fine") (func (export "check") (call $ok (i32.const 8) (i32.const 4))))
      """, to: "fine.wat")
    _ = try program.write("def most(): return 5\n", to: "limits.py")
    _ = try program.write(
      "from limits import most\nCheckerCase().assertLessThan(datasets['users'], most(), 'few')\n", to: "few.py")
    _ = try program.write(Self.file, to: "shop.yaml")
  }

  private static let file = """
    version: 1
    namespace: shop
    data_sources:
      - {name: shop, driver: sqlite, uri: ./shop.db}
    datasets:
      - {name: users, data_source: shop, sql: SELECT email FROM users}
    libraries:
      - {name: limits.py, file: ./limits.py}
    checkers:
      - {name: few, script: {language: python, file: ./few.py}}
      - {name: fine, module: ./fine.wat}

    """

  private func run(_ service: RunningService, _ arguments: String..., token: String = "") throws -> Program.Result {
    try program.run(arguments, on: service, token: token)
  }

  @Test("What is too large to be taken is the file's fault") func tooLarge() async throws {
    let service = try await folder.start()
    let filler = String(repeating: "x", count: 13 << 20)
    _ = try program.write(Self.file.replacing("SELECT email", with: "SELECT /* \(filler) */ email"), to: "large.yaml")
    let refused = try run(service, "apply", "large.yaml")
    #expect(
      refused.status == 64 && refused.errors.contains("12 MiB") && refused.errors.contains("several files"),
      "\(refused.errors.suffix(500))")
    #expect(try await service.stop() == 0)
  }

  @Test("Scripts, libraries and modules go along, a trial writes nothing, and what is exported is applied elsewhere")
  func thereAndBack() async throws {
    let service = try await folder.start()
    let trial = try run(service, "apply", "shop.yaml", "--dry-run")
    #expect(trial.status == 0 && trial.output.hasSuffix("5 would be added, 0 would be changed, 0 as they were\n"))
    #expect(try await service.site.get("/api/v1/checkers").body.contains("\"items\":[]"))
    let first = try run(service, "apply", "shop.yaml")
    #expect(first.status == 0 && first.output.contains("+ checker shop/fine\n"), "\(first)")
    try await service.runNow("shop/few")
    try await service.runNow("shop/fine")
    for checker in ["few", "fine"] { try await service.state(of: "shop/\(checker)", says: "Green") }
    _ = try program.write("def most(): return 1\n", to: "limits.py")
    let second = try run(service, "apply", "shop.yaml")
    #expect(second.output == "~ library shop/limits.py: source\n0 added, 1 changed, 4 as they were\n")
    let exported = try run(service, "export")
    #expect(exported.status == 0 && exported.output.contains("def most(): return 1"))
    #expect(try await service.stop() == 0)

    let other = try ServiceFolder()
    let elsewhere = try await other.start()
    _ = try program.write(exported.output, to: "exported.yaml")
    let moved = try run(elsewhere, "apply", "exported.yaml")
    #expect(moved.output.hasSuffix("5 added, 0 changed, 0 as they were\n"), "\(moved)")
    #expect(try run(elsewhere, "export").output == exported.output)
    #expect(try await elsewhere.stop() == 0)
  }

  @Test("It is said which keys differ, and no value of them") func differences() async throws {
    let service = try await folder.start()
    #expect(try run(service, "apply", "shop.yaml").status == 0)
    var file = Self.file.replacing("SELECT email", with: "SELECT lower(email) AS email")
    file = file.replacing("uri: ./shop.db}", with: "uri: ./shop.db, timeout: 5, options: {immutable: true}}")
    file = file.replacing("{name: few, script", with: "{name: few, schedule: '*/5 * * * *', owner: ana, script")
    _ = try program.write(file, to: "shop.yaml")
    let expected = """
      ~ data source shop: timeout, options
      ~ dataset shop/users: sql
      ~ checker shop/few: schedule, owner

      """
    let trial = try run(service, "apply", "shop.yaml", "--dry-run")
    #expect(trial.output == expected + "0 would be added, 3 would be changed, 2 as they were\n", "\(trial)")
    #expect(try run(service, "apply", "shop.yaml").output == expected + "0 added, 3 changed, 2 as they were\n")
    #expect(try await service.stop() == 0)
  }

  @Test("What the service refuses is told at its line of the file, and nothing is written")
  func refused() async throws {
    let service = try await folder.start()
    _ = try program.write("if True\n  ok('x')\n", to: "few.py")
    let wrong = try run(service, "apply", "shop.yaml")
    #expect(wrong.status == 64 && wrong.output.isEmpty)
    #expect(wrong.errors.hasPrefix("shop.yaml:10:"), "\(wrong.errors)")
    #expect(wrong.errors.contains("SyntaxError") && !wrong.errors.contains("column 5:"))
    #expect(try await service.site.get("/api/v1/datasets").body.contains("\"items\":[]"))
    let missing = try run(service, "export", "--namespace=none")
    #expect(missing.status == 64 && missing.errors.contains("nothing in a namespace 'none'"))
    #expect(try await service.stop() == 0)
    let gone = try run(service, "apply", "shop.yaml")
    #expect(gone.status == 69 && gone.errors.contains("no answer from a service at \(service.site.address)"))
  }

  @Test("What two files say differently under one name is refused with both places, what they say alike is taken once")
  func twins() async throws {
    let service = try await folder.start()
    let one = """
      version: 1
      namespace: b
      data_sources: [{name: shop, driver: sqlite, uri: ./shop.db}]
      checkers:
        - {name: ok, rules: [{check: row_count, dataset: users}]}

      """
    _ = try program.write(one, to: "one.yaml")
    let other = one.replacing("row_count, dataset: users", with: "no_rows, dataset: users, level: warn")
    _ = try program.write(other, to: "other.yaml")
    _ = try program.write(one + "---\n" + other, to: "both.yaml")
    let refused = try run(service, "apply", "one.yaml", "other.yaml")
    #expect(refused.status == 64)
    #expect(
      refused.errors.hasPrefix("other.yaml:5:5: checkers[0]: 'b/ok' stands at one.yaml:5:5 already"), "\(refused)")
    let documents = try run(service, "apply", "both.yaml")
    #expect(
      documents.status == 64
        && documents.errors.hasPrefix("both.yaml:11:5: checkers[0]: 'b/ok' stands at both.yaml:5:5 already"),
      "\(documents)")
    #expect(try program.run("check", "one.yaml", "other.yaml").errors.contains("stands at one.yaml:5:5 already"))
    let source = one.replacing("./shop.db", with: "./none.db").replacing("name: ok", with: "name: more")
    _ = try program.write(source, to: "source.yaml")
    let moved = try run(service, "apply", "one.yaml", "source.yaml")
    #expect(
      moved.status == 64 && moved.errors.contains("source.yaml:3:16: data_sources[0]: 'shop' stands at"), "\(moved)")
    #expect(try await service.site.get("/api/v1/checkers").body.contains("\"items\":[]"))
    _ = try program.write(one.replacing("name: ok", with: "name: more"), to: "more.yaml")
    let applied = try run(service, "apply", "one.yaml", "more.yaml", "one.yaml")
    #expect(applied.output.hasSuffix("3 added, 0 changed, 0 as they were\n"), "\(applied)")
    #expect(try run(service, "apply", "one.yaml", "more.yaml").output == "0 added, 0 changed, 3 as they were\n")
    #expect(try await service.stop() == 0)
  }

  @Test("Files in two folders that name one database by different paths mean one data source")
  func pathsFromTwoFolders() async throws {
    let service = try await folder.start()
    for path in ["a", "b/c"] {
      try FileManager.default.createDirectory(
        atPath: program.folder.path + "/" + path, withIntermediateDirectories: true)
    }
    func text(_ path: String, _ name: String) -> String {
      """
      version: 1
      data_sources: [{name: shop, driver: sqlite, uri: \(path)}]
      checkers: [{name: \(name), rules: [{check: row_count, dataset: users}]}]
      """
    }
    _ = try program.write(text("../shop.db", "one"), to: "a/one.yaml")
    _ = try program.write(text("./../../shop.db", "two"), to: "b/c/two.yaml")
    let applied = try run(service, "apply", "a/one.yaml", "b/c/two.yaml")
    #expect(applied.output.hasSuffix("3 added, 0 changed, 0 as they were\n"), "\(applied)")
    #expect(try run(service, "apply", "a/one.yaml").output.hasSuffix("0 added, 0 changed, 2 as they were\n"))
    #expect(try await service.stop() == 0)
  }

  @Test("A service with a password takes a token of its settings")
  func token() async throws {
    let password = "correct horse battery"
    let service = try await folder.start(["--host", "0.0.0.0"], environment: ["CHECKER_ADMIN_PASSWORD": password])
    let without = try run(service, "export")
    #expect(without.status == 64 && without.errors.contains("set CHECKER_TOKEN"))
    _ = try await service.site.post("/login", ["password": password, "next": "/"], formAt: "/login")
    let made = try await service.site.post("/settings/tokens", ["name": "ci"], formAt: "/settings/tokens")
    let page = made.status == 200 ? made : try await service.site.get(made.headers["location"] ?? "/settings/tokens")
    let token = try #require(page.body.firstMatch(of: /mc_[A-Za-z0-9_-]+/))
    let applied = try run(service, "apply", "shop.yaml", token: String(token.0))
    #expect(applied.status == 0, "\(applied)")
    #expect(try await service.stop() == 0)
  }

  @Test("A token from the environment needs no page, and what was done is in the log")
  func tokenFromTheEnvironment() async throws {
    let token = "0123456789abcdef0123456789abcdef"
    var environment = ["CHECKER_ADMIN_PASSWORD": "correct horse battery", "CHECKER_API_TOKEN": token]
    let service = try await folder.start(["--host", "0.0.0.0"], environment: environment)
    let applied = try run(service, "apply", "shop.yaml", token: token + "\n")
    #expect(applied.status == 0, "\(applied)")
    #expect(try await service.site.post("/login", ["password": "guess", "next": "/"], formAt: "/login").status == 422)
    #expect(try await service.stop() == 0)
    let log = service.program.errors
    for line in [
      "starts, with the store in", "import by token CHECKER_API_TOKEN: 5 added, 0 changed",
      "sign-in from 127.0.0.1: wrong password", "stopped",
    ] { #expect(log.contains(line), "\(log)") }
    #expect(!log.contains(token) && !log.contains("guess"))
    environment["CHECKER_API_TOKEN"] = String(token.reversed())
    let later = try await folder.start(["--host", "0.0.0.0"], environment: environment)
    #expect(try run(later, "export", token: token).status == 64)
    #expect(try run(later, "export", token: String(token.reversed())).status == 0)
    #expect(try await later.stop() == 0)
    environment["CHECKER_API_TOKEN"] = "short"
    let refused = try program.run("serve", "--port", "0", "--data", folder.path, environment: environment)
    #expect(refused.status == 69 && refused.errors.contains("CHECKER_API_TOKEN"), "\(refused)")
  }
}
