import Domain
import Foundation
import Sandbox
import Testing

/// What a worker may do, and what becomes of the runs when it dies.
@Suite("The worker's confinement and its end")
struct WorkerEndTests {
  @Test("the process has no environment, no open file of the service's, and the kernel's filters on")
  func confinement() async throws {
    let complaints = Complaints()
    let sandbox = await Workers.sandbox(complaints)
    setenv("TEST_SECRET_OF_THE_SERVICE", "hunter2", 1)
    let secret = FileHandle(forReadingAtPath: "/etc/passwd")
    #expect(await sandbox.run(Workers.script(.python, "ok('fine')")).trouble == nil)
    let pid = try #require(await sandbox.processID)

    let environment = try Data(contentsOf: URL(fileURLWithPath: "/proc/\(pid)/environ"))
    #expect(!String(decoding: environment, as: UTF8.self).contains("hunter2"))
    let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
    #expect(status.contains("NoNewPrivs:\t1\n"))
    #expect(status.contains("Seccomp:\t2\n"))
    // None, or the one to read files of others, which an administrator's process may have.
    for set in ["CapEff:\t", "CapPrm:\t", "CapInh:\t"] {
      let line = try #require(status.split(separator: "\n").first { $0.hasPrefix(set) })
      let capabilities = try #require(UInt64(line.dropFirst(set.count), radix: 16))
      #expect(capabilities & ~4 == 0, "\(line)")
    }
    let files = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd").map {
      try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/fd/\($0)")
    }
    #expect(!files.contains("/etc/passwd"))
    #expect(complaints.all == [])
    try secret?.close()
    await sandbox.close()
  }

  @Test("a worker that is killed during a run costs nothing: the run is made again")
  func killedOnce() async throws {
    let complaints = Complaints()
    let sandbox = await Workers.sandbox(complaints)
    let data = HeldBack()
    async let report = sandbox.run(Workers.script(.python, "ok(str(len(datasets['slow'])))", data: data))
    for await _ in data.asked { break }
    let first = try #require(await sandbox.processID)
    kill(first, SIGKILL)
    for await _ in data.asked { break }
    data.open()
    #expect(await report.verdicts.map(\.message) == ["3"])
    #expect(await sandbox.processID != first)
    #expect(complaints.all.count == 1)
    #expect(complaints.all.first?.contains("signal 9") == true)
    await sandbox.close()
  }

  @Test("a worker that somebody stopped is replaced, and its runs are made again")
  func stopped() async throws {
    let complaints = Complaints()
    let sandbox = await Workers.sandbox(complaints, watchSeconds: 1)
    let data = HeldBack()
    async let report = sandbox.run(Workers.script(.javascript, "ok(String(datasets.slow.length))", data: data))
    for await _ in data.asked { break }
    let first = try #require(await sandbox.processID)
    kill(first, SIGSTOP)
    data.open()
    #expect(await report.verdicts.map(\.message) == ["3"])
    #expect(await sandbox.processID != first)
    #expect(complaints.all.first == "The process that runs code does not answer, and is ended.")
    await sandbox.close()
  }

  @Test("a run that ends two workers is given up with words, and those beside it come to their verdict")
  func killedTwice() async throws {
    let sandbox = await Workers.sandbox()
    let (bad, good) = (HeldBack(), HeldBack())
    async let badReport = sandbox.run(Workers.script(.python, "ok(str(len(datasets['bad'])))", data: bad))
    async let goodReport = sandbox.run(Workers.script(.python, "ok(str(len(datasets['good'])))", data: good))
    for await _ in bad.asked { break }
    for await _ in good.asked { break }
    // Both are under way: each is then tried alone. The good one's data comes now, the bad one's worker is killed again.
    kill(try #require(await sandbox.processID), SIGKILL)
    good.open()
    for await _ in bad.asked { break }
    kill(try #require(await sandbox.processID), SIGKILL)
    let trouble = await badReport.trouble
    #expect(trouble?.reason == .host)
    #expect(trouble?.message.contains("signal 9") == true)
    #expect(await goodReport.verdicts.map(\.message) == ["3"])
    #expect(await sandbox.run(Workers.script(.python, "ok('goes on')")).trouble == nil)
    await sandbox.close()
  }

  @Test("while workers are killed again and again, every run comes back, with its verdict or with words")
  func killedAgainAndAgain() async throws {
    let sandbox = await Workers.sandbox()
    let killing = Task {
      while !Task.isCancelled {
        if let pid = await sandbox.processID { kill(pid, SIGKILL) }
        try? await Task.sleep(for: .milliseconds(Int.random(in: 5...60)))
      }
    }
    let outcomes = await withTaskGroup(of: String.self) { group in
      for number in 0..<60 {
        let data = FixedData(datasets: ["mine": ScriptData.rows(number)])
        group.addTask {
          let report = await sandbox.run(
            Workers.script(.javascript, "ok(String(datasets['mine'].length))", data: data))
          if let trouble = report.trouble { return trouble.reason == .host ? "given up" : trouble.message }
          return report.verdicts.map(\.message) == ["\(number)"] ? "right" : "wrong"
        }
      }
      return await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }
    killing.cancel()
    await killing.value
    #expect(Set(outcomes.keys).isSubset(of: ["right", "given up"]))
    #expect(outcomes.values.reduce(0, +) == 60)
    let last = await sandbox.run(Workers.script(.javascript, "ok('goes on')"))
    #expect(last.verdicts.map(\.message) == ["goes on"])
    await sandbox.close()
  }

  @Test("a program that is no worker is told as such, after a few starts")
  func noWorker() async {
    let complaints = Complaints()
    let sandbox = await Workers.sandbox(complaints, program: "/bin/false")
    let report = await sandbox.run(Workers.script(.python, "ok('fine')"))
    #expect(report.trouble?.reason == .host)
    #expect(report.trouble?.message.contains("exit status 1") == true)
    await sandbox.close()

    let missing = await Workers.sandbox(program: "/nowhere/checker")
    #expect(await missing.run(Workers.script(.python, "ok('fine')")).trouble?.reason == .host)
    await missing.close()
  }

  @Test("after closing, the process is gone and runs are refused")
  func closed() async throws {
    let sandbox = await Workers.sandbox()
    #expect(await sandbox.run(Workers.script(.javascript, "ok('fine')")).trouble == nil)
    let pid = try #require(await sandbox.processID)
    await sandbox.close()
    #expect(kill(pid, 0) == -1)
    #expect(await sandbox.run(Workers.script(.javascript, "ok('fine')")).trouble?.reason == .cancelled)
  }
}
