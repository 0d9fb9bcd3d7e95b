import Domain
import Foundation
import Sandbox

/// Measures scripts as the service runs them: latency, throughput of two at once, 100,000 rows, and memory over many
/// runs. With CPU time beside wall time, as machines are busy.
struct ScriptBenchmark {
  let sandbox: any Sandbox
  let data: any GuestData
  /// How many runs the memory is looked at over.
  let manyRuns: Int

  private static let trivial: [ScriptLanguage: String] = [
    .python: "CheckerCase().assertLessThan(datasets['users'], 42, 'few')",
    .javascript: "new CheckerCase().assertLessThan(datasets.users, 42, 'few')",
  ]

  private static let sums: [(name: String, language: ScriptLanguage, source: String)] = [
    ("Python, a column", .python, "ok(str(sum(datasets['orders'].column('amount'))))"),
    ("Python, rows", .python, "ok(str(sum(row.amount for row in datasets['orders'])))"),
    (
      "JavaScript, rows", .javascript,
      "let sum = 0; for (const row of datasets.orders) sum += row.amount; ok(String(sum))"
    ),
  ]

  func run() async {
    for language in ScriptLanguage.allCases {
      guard let source = Self.trivial[language] else { continue }
      await sandbox.warmUp([language])
      await latency("\(language.title), one assertion", 400, language, source)
      await throughput(language, source, count: 2_000)
    }
    for sum in Self.sums { await latency("100,000 rows x 5 columns summed: \(sum.name)", 20, sum.language, sum.source) }
    for language in ScriptLanguage.allCases {
      guard let source = Self.trivial[language] else { continue }
      await flatness(language, source)
    }
  }

  private func once(_ language: ScriptLanguage, _ source: String) async -> GuestReport {
    let context = GuestContext(
      namespace: "shop", checker: "emails", runID: "1", seed: 1, now: Date(timeIntervalSince1970: 1_700_000_000))
    let program = GuestTask.Program.script(language, source: source, fileName: "emails.\(language.fileExtension)")
    return await sandbox.run(GuestTask(program: program, context: context, data: data, limits: .script))
  }

  private func latency(_ name: String, _ count: Int, _ language: ScriptLanguage, _ source: String) async {
    let first = await once(language, source)
    if let trouble = first.trouble { return print("\(name): \(trouble.message)") }
    for _ in 0..<(count / 10) { _ = await once(language, source) }
    var times: [Double] = []
    let used = Self.processorSeconds()
    for _ in 0..<count {
      let start = ContinuousClock.now
      _ = await once(language, source)
      times.append((ContinuousClock.now - start) / .milliseconds(1))
    }
    times.sort()
    let processor = (Self.processorSeconds() - used) * 1000 / Double(count)
    print(
      String(
        format: "%@: median %.2f ms, p99 %.2f ms, processor %.2f ms", name, times[count / 2], times[count * 99 / 100],
        processor))
  }

  private func throughput(_ language: ScriptLanguage, _ source: String, count: Int) async {
    let start = ContinuousClock.now
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<2 {
        group.addTask { for _ in 0..<(count / 2) { _ = await once(language, source) } }
      }
    }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    print("\(language.title), two at once: \(Int(Double(count) / seconds)) scripts/s")
  }

  private func flatness(_ language: ScriptLanguage, _ source: String) async {
    var sizes: [String] = []
    for part in 0...4 {
      if part > 0 { for _ in 0..<(manyRuns / 4) { _ = await once(language, source) } }
      sizes.append("\(await residentKB() / 1024)")
    }
    print("\(language.title), resident after each quarter of \(manyRuns) runs: \(sizes.joined(separator: ", ")) MiB")
  }

  /// Of the process that runs scripts.
  private func residentKB() async -> Int {
    let pid = await (sandbox as? WorkerSandbox)?.processID ?? getpid()
    let text = (try? String(contentsOfFile: "/proc/\(pid)/statm", encoding: .utf8)) ?? ""
    return (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 4
  }

  private static func processorSeconds() -> Double { Double(clock()) / Double(CLOCKS_PER_SEC) }
}
