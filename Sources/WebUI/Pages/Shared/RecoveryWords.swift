import Domain
import Rules

extension Checker {
  /// What a red alarm of it needs to turn green: `green again at less than 5 rows, once it has been so for 10m`; `nil`
  /// where one good run is enough.
  package var recoveryWords: String? {
    let rules = body.rules.filter { $0.recovery != nil }
    let words = rules.compactMap { rule in
      Verdict.recovery(of: rule).map { rules.count == 1 ? $0 : "\($0) (\(Verdict.name(of: rule)))" }
    }
    let tail = "green again "
    var needs = [words.enumerated().map { $0 == 0 ? $1 : $1.replacing(tail, with: "") }.joined(separator: " and ")]
    if alarm.recoverAfterRuns > 1 { needs.append("after \(alarm.recoverAfterRuns) such runs in a row") }
    if alarm.keepFiringSeconds > 0 {
      needs.append("once it has been so for \(DurationText.write(alarm.keepFiringSeconds))")
    }
    needs.removeAll(where: \.isEmpty)
    if needs.isEmpty { return nil }
    return (words.isEmpty ? tail : "") + needs.joined(separator: ", ")
  }

  /// The sentence for an alarm that recovers.
  var recoveringSentence: String {
    let well = "The data is well again, and not yet green"
    return recoveryWords.map { "\(well): \($0)." } ?? "\(well)."
  }
}
