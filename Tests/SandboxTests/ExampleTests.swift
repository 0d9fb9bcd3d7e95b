import Domain
import Foundation
import Sandbox
import TestSupport
import Testing

/// The examples, built as their README says and run.
@Suite struct ExampleTests {
  private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../Examples/modules").standardizedFileURL.path

  private func users(missing: Int) -> FixedData {
    let emails = Samples.column(
      "email", .text, Samples.texts("ada@example.org", "ben@example.org", "cid@example.org"),
      validity: [UInt8(0b111 << missing) & 0b111])
    let users = ResultSet(columns: [Samples.column("id", .integer, .integers([1, 2, 3])), emails], rowCount: 3)
    return FixedData(datasets: ["users": users])
  }

  private func expectVerdicts(of module: [UInt8]) async {
    let good = await Guests.sandbox.run(Guests.task(module, data: users(missing: 1)))
    #expect(good.trouble == nil)
    #expect(good.verdicts.map(\.message) == ["at most one user has no email"])
    #expect(good.verdicts.map(\.passed) == [true])
    let bad = await Guests.sandbox.run(Guests.task(module, data: users(missing: 2)))
    #expect(bad.trouble == nil)
    #expect(bad.verdicts.map(\.passed) == [false])
    #expect(bad.verdicts.first?.message.contains("more than one") == true)
  }

  @Test(arguments: ["c", "swift", "rust", "zig"]) func compiledExamples(_ language: String) async throws {
    let built = try TemporaryFolder()
    let path = built.path + "/emails.wasm"
    let zig = Self.folder + "/../../.vendor/zig/zig"
    try await Command.run("/usr/bin/env", "ZIG=\(zig)", "\(Self.folder)/\(language)/build", path)
    await expectVerdicts(of: Array(try Data(contentsOf: URL(fileURLWithPath: path))))
  }

  @Test func textExample() async throws {
    let path = Self.folder + "/wat/emails.wat"
    await expectVerdicts(of: Array(try Data(contentsOf: URL(fileURLWithPath: path))))
  }

  /// Programs that say every value, and use what the little libraries have besides.
  private static let sayings = [
    "c": (
      "emails.c",
      """
      #include "checker.h"
      CHECKER_EXPORT(check) void check(void) {
        int32_t users = checker_open("users"), email = checker_column(users, "email");
        char text[64];
        while (checker_next_row(users)) {
          int32_t size = checker_get_text(users, email, text, 64);
          checker_import_log(size < 0 ? "nobody" : text, size < 0 ? 6 : size);
        }
        if (checker_metric("users", "count(*)") == 3) checker_log("three");
        checker_assert_rows_less_than("users", 3, "fewer than three");
      }
      """
    ),
    "rust": (
      "emails.rs",
      """
      mod checker;
      #[no_mangle]
      pub extern "C" fn check() {
          let users = checker::Rows::open("users");
          let (id, email) = (users.column("id"), users.column("email"));
          while users.next() {
              if users.integer(id) as f64 != users.double(id) { checker::fail("numbers differ"); }
              checker::log(&users.text(email).unwrap_or("nobody".to_string()));
          }
          if checker::metric("users", "count(*)") == 3.0 { checker::log("three"); }
          checker::assert_rows_less_than("users", 3, "fewer than three");
      }
      """
    ),
    "swift": (
      "Emails.swift",
      """
      @_expose(wasm, "check") @_cdecl("check")
      public func check() {
        let users = Rows("users")
        let (id, email) = (users.column("id"), users.column("email"))
        while users.next() {
          if Double(users.integer(id)) != users.double(id) { fail("numbers differ") }
          log(users.text(email) ?? "nobody")
        }
        if metric("users", "count(*)") == 3 { log("three") }
        assertRows(of: "users", lessThan: 3, "fewer than three")
      }
      """
    ),
    "zig": (
      "emails.zig",
      """
      const checker = @import("checker.zig");
      export fn check() void {
          const users = checker.Rows.open("users");
          const id = users.column("id");
          var buffer: [64]u8 = undefined;
          while (users.next()) {
              if (users.double(id) - 0.5 > 3.0 or users.integer(id) > 3) checker.fail("numbers differ");
              checker.log(users.text(users.column("email"), &buffer) orelse "nobody");
          }
          if (checker.metric("users", "count(*)") == 3) checker.log("three");
          _ = checker.assertRowsLessThan("users", 3, "fewer than three");
      }
      """
    ),
  ]

  @Test(arguments: ["c", "swift", "rust", "zig"]) func whatTheLibrariesHave(_ language: String) async throws {
    let (file, source) = try #require(Self.sayings[language])
    let copy = try TemporaryFolder()
    try await Command.run("/bin/cp", "-r", "\(Self.folder)/\(language)", copy.path + "/module")
    try source.write(toFile: "\(copy.path)/module/\(file)", atomically: true, encoding: .utf8)
    let path = copy.path + "/said.wasm"
    let zig = Self.folder + "/../../.vendor/zig/zig"
    try await Command.run("/usr/bin/env", "ZIG=\(zig)", "\(copy.path)/module/build", path)
    let module = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    var data = users(missing: 1)
    data.measures = ["users|count(*)": .integer(3)]
    let report = await Guests.sandbox.run(Guests.task(module, data: data))
    #expect(report.trouble == nil)
    let lines = report.log.split(separator: "\n")
    #expect(lines.count == 4 && lines.contains("nobody") && lines.contains("cid@example.org") && lines.last == "three")
    #expect(report.verdicts.map(\.passed) == [false])
    #expect(report.verdicts.first?.message.contains("fewer than three") == true)
  }
}
