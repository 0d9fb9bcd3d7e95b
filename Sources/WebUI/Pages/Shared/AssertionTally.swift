import Domain

extension [Assertion] {
  /// `25 of 31 rules fail, 1 warns`: what fails is counted as in lists of runs, and warnings stand apart.
  func tally(_ one: String) -> String {
    let failed = self.count { $0.outcome == .failed }
    let warned = self.count { $0.outcome == .warned }
    let all = Words.count(count, one)
    let warns = warned == 1 ? "warns" : "warn"
    if failed == 0 { return "\(Words.number(warned)) of \(all) \(warns)" }
    let apart = warned == 0 ? "" : ", \(Words.number(warned)) \(warns)"
    return "\(Words.number(failed)) of \(all) \(failed == 1 ? "fails" : "fail")\(apart)"
  }
}
