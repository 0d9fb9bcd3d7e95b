import Checking
import Domain
import Foundation

/// Runs the code of a form on live data and on its fixtures.
struct CodePreviewing: Sendable {
  let service: CheckerService

  func preview(_ form: CheckerForm) async throws -> (model: CheckerPreviewModel, trouble: GuestTrouble?) {
    let (checker, problems) = form.checker()
    var model = CheckerPreviewModel(waiting: form, at: service.now())
    if let first = problems.first {
      model.code = CodeResultModel(nil, fixtures: [], problem: FormProblems.sentence(first.message))
      return (model, nil)
    }
    if let missing = CheckerService.problems(with: checker).first(where: { ["script", "module"].contains($0.field) }) {
      model.code = CodeResultModel(nil, fixtures: [], problem: FormProblems.sentence(missing.message))
      return (model, nil)
    }
    let preview = try await service.preview(checker)
    var results: [(Fixture, Evaluation)] = []
    for fixture in checker.body.fixtures { results.append((fixture, await service.tryOut(checker, on: fixture))) }
    model.code = CodeResultModel(preview, fixtures: results, problem: nil)
    model.savePill = CheckerPreviewModel.savePill(preview.evaluation)
    return (model, preview.evaluation.trouble)
  }
}

extension CheckerPreviewModel {
  /// Of a module that cannot be taken.
  init(refusing form: CheckerForm, _ problems: [FieldProblem], at time: Date) {
    self.init(waiting: form, at: time)
    let words = problems.map { FormProblems.sentence($0.message) }.joined(separator: " ")
    code = CodeResultModel(nil, fixtures: [], problem: words)
  }
}
