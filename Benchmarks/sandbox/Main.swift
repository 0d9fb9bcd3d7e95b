import Domain
import Foundation

@testable import Sandbox

/// Measures modules: the latency of a warm run, throughput on two threads, memory over a million runs, and the sum of a
/// column of 100,000 rows. Run by `Benchmarks/run-sandbox`.
@main enum SandboxBenchmark {
  static func main() async throws {
    let vendor = CommandLine.arguments[1]
    let settings = ProcessInfo.processInfo.environment
    let isInWorker = settings["BENCHMARK_PART"] == "worker"
    let sandbox: any Sandbox =
      isInWorker
      ? WorkerSandbox(.init(program: CommandLine.arguments[3], vendorFolders: [vendor])) { print($0) }
      : WasmtimeSandbox(.init(vendorFolders: [vendor]))
    if isInWorker {
      await wholeRuns("warm module run in the worker", sandbox)
    } else if settings["BENCHMARK_PART"] != "scripts" {
      try await modules(vendor, sandbox)
    }
    let runs = settings["BENCHMARK_SCRIPT_RUNS"].flatMap { Int($0) } ?? 10_000
    await ScriptBenchmark(
      sandbox: sandbox, data: FixedRows(rows: ["users": few, "orders": orders]), manyRuns: runs
    ).run()
  }

  private static func modules(_ vendor: String, _ sandbox: any Sandbox) async throws {
    let settings = ProcessInfo.processInfo.environment
    let engine = try LazyEngine(.init(vendorFolders: [vendor]), keptBytes: 64 << 10).get()
    let small = try module(Array(warm.utf8), engine)
    let task = task(FixedRows(rows: ["users": few]))
    latency("warm run (1 dataset, 1 verdict)", 50_000) { _ = ModuleRun.report(small, HostCalls(task, RunSignal())) }
    throughput(small)
    if ProcessInfo.processInfo.environment["BENCHMARK_PART"] == "throughput" {
      for threads
        in (settings["BENCHMARK_THREADS"].flatMap { Int($0) }.map { Array(repeating: $0, count: 6) } ?? [
          1, 2, 1, 2, 1, 2,
        ])
      { throughput(small, threads: threads) }
      exit(0)
    }
    try flatness(small, task)
    let summing = try module(Array(try Data(contentsOf: URL(fileURLWithPath: CommandLine.arguments[2]))), engine)
    let many = Self.task(FixedRows(rows: ["orders": orders]))
    let report = ModuleRun.report(summing, HostCalls(many, RunSignal()))
    print("100,000 rows x 5 columns:", report.verdicts.first?.message ?? report.trouble?.message ?? "")
    latency("100,000 rows x 5 columns, one column summed in C", 200) {
      _ = ModuleRun.report(summing, HostCalls(many, RunSignal()))
    }
    await wholeRuns("the same through WasmtimeSandbox.run (two thread changes)", sandbox)
  }

  private static func wholeRuns(_ name: String, _ sandbox: any Sandbox) async {
    var whole = task(FixedRows(rows: ["users": few]))
    whole.program = .module(Array(warm.utf8))
    var times: [Double] = []
    for _ in 0..<20_000 {
      let start = ContinuousClock.now
      _ = await sandbox.run(whole)
      times.append((ContinuousClock.now - start) / .microseconds(1))
    }
    show(name, times)
  }

  private static func module(_ bytes: [UInt8], _ engine: Engine) throws -> CompiledModule {
    let binary = bytes.first == 0 ? bytes : try ModuleBytes.assembled(bytes)
    return try ModuleLibrary.module(
      binary, engine: engine, functions: .modules, exports: HostFunctions.checkExports, cache: nil, digest: "",
      byteCount: bytes.count)
  }

  private static func latency(_ name: String, _ count: Int, _ body: () -> Void) {
    for _ in 0..<(count / 10) { body() }
    var times: [Double] = []
    for _ in 0..<count {
      let start = ContinuousClock.now
      body()
      times.append((ContinuousClock.now - start) / .microseconds(1))
    }
    show(name, times)
  }

  private static func show(_ name: String, _ times: [Double]) {
    let sorted = times.sorted()
    let (median, high) = (sorted[sorted.count / 2], sorted[sorted.count * 99 / 100])
    print(String(format: "%@: median %.1f us, p99 %.1f us", name, median, high))
  }

  /// What a run takes of the processor shows whether threads are in each other's way, also on a busy machine.
  private static func throughput(_ module: CompiledModule, threads: Int = 2) {
    let count = 300_000
    let group = DispatchGroup()
    let start = ContinuousClock.now
    let processor = clock()
    for _ in 0..<threads {
      group.enter()
      let own = Self.task(FixedRows(rows: ["users": few]))
      Thread.detachNewThread {
        for _ in 0..<(count / threads) { _ = ModuleRun.report(module, HostCalls(own, RunSignal())) }
        group.leave()
      }
    }
    group.wait()
    let each = Double(clock() - processor) / Double(count)
    let rate = Int(Double(count) / ((ContinuousClock.now - start) / .seconds(1)))
    print(String(format: "%d threads: %d runs/s, %.2f us of the processor each", threads, rate, each))
  }

  private static func flatness(_ module: CompiledModule, _ task: GuestTask) throws {
    for part in 0...10 {
      if part > 0 { for _ in 0..<100_000 { _ = ModuleRun.report(module, HostCalls(task, RunSignal())) } }
      if part % 5 == 0 || part == 1 { print("after \(part * 100_000) more runs: \(try residentKB()) KB resident") }
    }
  }

  private static func residentKB() throws -> Int {
    let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
    return (Int(text.split(separator: " ")[1]) ?? 0) * 4
  }

  private static func task(_ data: FixedRows) -> GuestTask {
    GuestTask(
      program: .module([]),
      context: GuestContext(
        namespace: "shop", checker: "emails", runID: "1", seed: 1, now: Date(timeIntervalSince1970: 1_700_000_000)),
      data: data, limits: .module)
  }

  private static let few = ResultSet(
    columns: [
      ColumnVector(description: ColumnDescription(name: "id", type: .integer), storage: .integers([1, 2, 3]))
    ], rowCount: 3)

  private static let orders: ResultSet = {
    let count = 100_000
    func column(_ name: String, _ type: ColumnType, _ storage: ColumnVector.Storage) -> ColumnVector {
      ColumnVector(description: ColumnDescription(name: name, type: type), storage: storage)
    }
    var offsets = [0]
    var bytes: [UInt8] = []
    for index in 0..<count {
      bytes += "customer-\(index)".utf8
      offsets.append(bytes.count)
    }
    return ResultSet(
      columns: [
        column("id", .integer, .integers((0..<count).map { Int64($0) })),
        column("amount", .double, .doubles((0..<count).map { Double($0 % 1000) / 4 })),
        column("quantity", .integer, .integers((0..<count).map { Int64($0 % 97) })),
        column("paid", .boolean, .booleans((0..<count).map { $0 % 3 == 0 })),
        column("customer", .text, .bytes(offsets: offsets, bytes: bytes)),
      ], rowCount: count)
  }()

  private static let warm = """
    (module
      (import "checker" "dataset" (func $dataset (param i32 i32 i32 i32) (result i32)))
      (import "checker" "ok" (func $ok (param i32 i32)))
      (memory (export "memory") 1)
      (data (i32.const 0) "users")
      (data (i32.const 8) "all rows are fine")
      (func (export "check")
        (drop (call $dataset (i32.const 0) (i32.const 5) (i32.const 64) (i32.const 1000)))
        (call $ok (i32.const 8) (i32.const 17))))
    """
}

private struct FixedRows: GuestData {
  let rows: [String: ResultSet]

  func held(_ name: String) -> ResultSet? { rows[name] }

  func dataset(_ name: String) async throws(GuestDataError) -> ResultSet { throw GuestDataError(.unknown, name) }

  func measure(_ dataset: String, expression: String, filter: String?) async throws(GuestDataError) -> MeasuredValue {
    MeasuredValue(.null)
  }
}
