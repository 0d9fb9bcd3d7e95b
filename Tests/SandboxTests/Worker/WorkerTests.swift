import Domain
import Foundation
import Sandbox
import Testing

/// Users' code in a process of its own comes to the same as in ours.
@Suite("Code in a process of its own")
struct WorkerTests {
  @Test(
    "a script says, logs and costs the same there as here",
    arguments: [
      (
        ScriptLanguage.python,
        """
        print('rows', len(datasets['orders']))
        CheckerCase().assertLessThan(datasets['users_with_email_null'], 42, 'There should be less than 42 users')
        assert_rows_less_than('orders', 3, 'too many') if 'assert_rows_less_than' in globals() else ok('fine')
        fail(str(metric('orders', 'sum(amount)')))
        for row in datasets['orders']: log(row['name'], row['amount'], row['blob'])
        raise ValueError('at the end')
        """
      ),
      (
        .javascript,
        """
        log(datasets['orders'].length)
        new CheckerCase().assertLessThan(datasets['users_with_email_null'], 42, 'There should be less than 42 users')
        fail(String(metric('orders', 'sum(amount)')))
        throw new Error('at the end')
        """
      ),
    ])
  func sameReport(language: ScriptLanguage, source: String) async {
    let sandbox = await Workers.sandbox()
    let there = await sandbox.run(Workers.script(language, source))
    let here = await Scripts.sandbox.run(Workers.script(language, source))
    #expect(there.verdicts == here.verdicts)
    #expect(there.log == here.log)
    #expect(there.trouble == here.trouble)
    #expect(there.trouble?.reason == .exception)
    #expect(there.cost.hostCalls == here.cost.hostCalls)
    #expect(there.cost.datasetBytes == here.cost.datasetBytes)
    #expect(there.cost.fuel > 0)
    await sandbox.close()
  }

  @Test("100,000 rows with all their values, and dates before 1970, come over whole")
  func manyRows() async {
    let sandbox = await Workers.sandbox()
    let report = await sandbox.run(
      Workers.script(
        .python,
        """
        big = datasets['big']
        CheckerCase().assertEqual(sum(row['id'] for row in big), 4999950000)
        CheckerCase().assertEqual(sum(row['amount'] for row in big), 2499975000.0)
        CheckerCase().assertEqual(sum(row['paid'] for row in big), 50000)
        CheckerCase().assertEqual(big[99999]['name'], 'customer 99')
        """, limits: GuestLimits(seconds: 60, memoryBytes: 512 << 20)))
    #expect(report.trouble == nil)
    #expect(report.verdicts.map(\.passed) == [true, true, true, true])
    await sandbox.close()
  }

  @Test("a module is examined, refused and run")
  func modules() async throws {
    let sandbox = await Workers.sandbox()
    let good = Array(Guests.module(Guests.sayOK).utf8)
    #expect(
      try await sandbox.prepare(good, limits: .module) == (try await Guests.sandbox.prepare(good, limits: .module)))
    await #expect(throws: GuestTrouble.self) {
      _ = try await sandbox.prepare(Array("(module (import \"env\" \"system\" (func)))".utf8), limits: .module)
    }
    let report = await sandbox.run(Guests.task(good))
    #expect(report.verdicts.map(\.message) == ["all rows are fine"])
    #expect(report.trouble == nil)
    await sandbox.close()
  }

  @Test("what the data cannot give is told in the same words")
  func dataErrors() async {
    let sandbox = await Workers.sandbox()
    for source in ["len(datasets['usrs'])", "metric('orders', 'nonsense(')"] {
      let there = await sandbox.run(Workers.script(.python, source))
      let here = await Scripts.sandbox.run(Workers.script(.python, source))
      #expect(there.trouble == here.trouble)
      #expect(there.trouble != nil)
    }
    await sandbox.close()
  }

  @Test("a run that is cancelled while it waits for data, and one that loops, end soon")
  func cancelled() async {
    let sandbox = await Workers.sandbox()
    let data = HeldBack()
    let waiting = Task { await sandbox.run(Workers.script(.python, "ok(str(len(datasets['slow'])))", data: data)) }
    for await _ in data.asked { break }
    waiting.cancel()
    #expect(await waiting.value.trouble?.reason == .cancelled)
    data.open()

    var limits = GuestLimits.script
    limits.seconds = 0.3
    let looping = await sandbox.run(Workers.script(.python, "while True: pass", limits: limits))
    #expect(looping.trouble?.reason == .deadline)
    await sandbox.close()
  }

  @Test("a request for data that takes too long ends the run, and the next one works")
  func slowData() async {
    let sandbox = await Workers.sandbox()
    let data = HeldBack()
    var limits = GuestLimits.script
    limits.dataSeconds = 0.2
    let report = await sandbox.run(
      Workers.script(.python, "ok(str(len(datasets['slow'])))", data: data, limits: limits))
    #expect(report.trouble?.reason == .dataset)
    data.open()
    #expect(await sandbox.run(Workers.script(.python, "ok('fine')")).trouble == nil)
    await sandbox.close()
  }

  @Test("forty runs at once each get their own data and their own verdict")
  func manyAtOnce() async {
    let sandbox = await Workers.sandbox()
    await withTaskGroup(of: (Int, GuestReport).self) { group in
      for number in 0..<40 {
        let data = FixedData(datasets: ["mine": ScriptData.rows(number)])
        group.addTask {
          (number, await sandbox.run(Workers.script(.javascript, "ok(String(datasets['mine'].length))", data: data)))
        }
      }
      for await (number, report) in group { #expect(report.verdicts.map(\.message) == ["\(number)"]) }
    }
    await sandbox.close()
  }
}
