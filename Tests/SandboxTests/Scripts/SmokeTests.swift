import Domain
import Foundation
import Testing
@Suite struct SmokeTests {
  @Test func smoke() async {
    print(await Scripts.python("print('x')\nok('a')"))
    print(await Scripts.javascript("print('x')\nok('a')"))
    for (l, s) in [(ScriptLanguage.python, "ok('a')"), (.javascript, "ok('a')"),
      (.python, "ok(str(sum(datasets['big'].column('amount'))))"), (.python, "ok(str(sum(r.amount for r in datasets['big'])))"),
      (.python, "for n in datasets['big'].columns: datasets['big'].column(n)\nok(str(sum(datasets['big'].column('amount'))))"),
      (.javascript, "let s=0; for (const v of datasets.big.column('amount')) s+=v; ok(s)"), (.javascript, "let s=0; for (const r of datasets.big) s+=r.amount; ok(s)")] {
      var times: [Double] = []
      var report: GuestReport?
      for _ in 0..<20 { let t = ContinuousClock.now; report = await Scripts.run(l, s); times.append(Double((ContinuousClock.now - t).components.attoseconds) / 1e15) }
      times.sort()
      print(l, s, "median", times[10], "min", times[0], report!.cost, report!.trouble as Any)
    }
    let start = ContinuousClock.now
    await withTaskGroup(of: Void.self) { g in for _ in 0..<4 { g.addTask { for _ in 0..<250 { _ = await Scripts.python("ok('a')") } } } }
    print("1000 python runs on 4 tasks:", ContinuousClock.now - start)
    let start2 = ContinuousClock.now
    await withTaskGroup(of: Void.self) { g in for _ in 0..<4 { g.addTask { for _ in 0..<1000 { _ = await Scripts.javascript("ok('a')") } } } }
    print("4000 js runs on 4 tasks:", ContinuousClock.now - start2)
  }
}
