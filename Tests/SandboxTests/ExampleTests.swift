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
}
