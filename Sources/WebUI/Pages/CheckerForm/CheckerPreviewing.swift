import Checking
import Domain
import Rules

/// Runs the rules of a form that are complete, and says what was asked.
struct CheckerPreviewing: Sendable {
  let service: CheckerService

  func preview(_ form: CheckerForm) async throws -> CheckerPreviewModel {
    let (checker, problems) = form.checker()
    var incomplete: [Int: String] = [:]
    for index in checker.body.rules.indices {
      let found = FormProblems(problems).under("rules[\(index)]")
      if let first = found.all.first {
        incomplete[index] = "Rule \(index + 1): \(FormProblems.sentence(first.message))"
      }
    }
    let complete = checker.body.rules.indices.filter { incomplete[$0] == nil }
    var trial = checker
    trial.body = .rules(complete.map { checker.body.rules[$0] })
    let preview = complete.isEmpty ? nil : try await service.preview(trial)
    let statements = complete.isEmpty ? [] : try await statements(of: trial)
    return CheckerPreviewModel(
      form, checker, preview: preview, complete: complete, incomplete: incomplete, statements: statements,
      at: service.now())
  }

  /// The queries that measure `checker`, by data source.
  private func statements(of checker: Checker) async throws -> [CheckerPreviewModel.Statement] {
    let definitions = try await service.definitions()
    var bySource: [String: (source: DataSource, requests: [PushDown.Request])] = [:]
    for rule in checker.body.rules {
      guard case .found(let source, let rows) = definitions.resolve(rule.dataset, of: checker)
      else { continue }
      bySource[source.name, default: (source, [])].requests.append(.init(rule: rule, source: rows))
    }
    return await bySource.values.sorted { $0.source.name < $1.source.name }.asyncFlatMap { source, requests in
      guard let engine = try? await service.engines.engine(for: source) else { return [] }
      return PushDown.plan(requests, dialect: engine.dialect).statements.map {
        .init(sql: $0.sql, place: source.name)
      }
    }
  }
}

extension Sequence where Element: Sendable {
  fileprivate func asyncFlatMap<Result>(_ transform: (Element) async -> [Result]) async -> [Result] {
    var results: [Result] = []
    for element in self { results += await transform(element) }
    return results
  }
}
