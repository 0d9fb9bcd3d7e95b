import Checking
import Domain
import Foundation

/// `replay.mustache`: a run beside what it comes to now.
struct ReplayModel: Sendable {
  var name: String
  var runHref: String
  var title: String
  var note: String
  var columns: [Column]

  struct Column: Sendable {
    var heading: String
    var icon: StateIcon
    var verdict: String
    var cost: String?
    var lines: [CodeResultModel.Line]
    var log: String?
  }

  init(_ replay: Replay) {
    let (run, now) = (replay.run, replay.preview.evaluation)
    name = run.checker.name
    runHref = Link.run(run.id)
    title = replay.hasSameVerdicts ? "It comes to the same" : "It comes to something else"
    switch replay.hasSameFuel {
    case true?: note = "The code took as many instructions, to the last one: it went the same way."
    case false?: note = "The code went another way: the data are not what they were."
    case nil: note = "Rules were asked again on the data of today."
    }
    columns = [
      Column(
        heading: "Then, \(Words.full(run.startedAt))", icon: StateIcon(run.outcome), verdict: run.outcome.word,
        cost: run.cost?.words, lines: Self.lines(run.assertions), log: run.log.isEmpty ? nil : run.log),
      Column(
        heading: "Now, with the same moment and randomness", icon: StateIcon(now.outcome),
        verdict: now.reason.map { "\(now.outcome.word): \($0)" } ?? now.outcome.word, cost: now.cost?.words,
        lines: Self.lines(now.assertions), log: now.log.isEmpty ? nil : now.log),
    ]
  }

  private static let mostLines = 200

  private static func lines(_ assertions: [Assertion]) -> [CodeResultModel.Line] {
    assertions.prefix(mostLines).map { assertion in
      CodeResultModel.Line(
        icon: StateIcon(assertion.outcome), title: assertion.name,
        note: [assertion.observed.map { "found \($0.text)" }, assertion.line.map { "line \($0)" }]
          .compactMap(\.self).joined(separator: ", "))
    }
  }
}
