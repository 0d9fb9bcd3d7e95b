import Domain
import Rules
import Yams

struct RuleReader {
  let log: ProblemLog

  private static let common = [
    "check", "dataset", "name", "message", "level", "where", "percent", "on_empty", "keys", "sample_size",
    "recovery",
  ]

  func read(_ node: Node, path: String) -> Rule? {
    let kind = checkKind(node)
    let own = (kind?.parameters ?? RuleCatalogue.kinds.flatMap(\.parameters)).flatMap { [$0.key] + $0.aliases }
    guard let reader = MappingReader(node, path: path, known: Self.common + Threshold.keys + own, log: log) else {
      return nil
    }
    let check = reader.requiredText("check")
    let dataset = reader.requiredText("dataset")
    guard let check, let dataset else { return nil }
    var rule = Rule(check: check, dataset: dataset)
    rule.name = reader.text("name")
    rule.message = reader.text("message")
    rule.level = reader.choice("level", Level.self) ?? .fail
    rule.filter = reader.text("where")
    rule.percent = reader.boolean("percent") ?? false
    rule.onEmpty = reader.choice("on_empty", OnEmpty.self)
    rule.keys = reader.texts("keys")
    rule.sampleSize = reader.integer("sample_size") ?? Rule.defaultSampleSize
    rule.threshold = threshold(reader)
    rule.recovery = recovery(reader)
    if let kind { rule.parameters = parameters(of: kind, reader) }
    logProblems(of: rule, reader)
    return rule
  }

  /// The kind that `check` names, looked up before the keys are judged, as it decides which there may be.
  private func checkKind(_ node: Node) -> (any RuleKind)? {
    guard case .mapping(let mapping) = node else { return nil }
    for (key, value) in mapping where key.scalar?.string == "check" {
      return value.scalar.flatMap { RuleCatalogue.kind($0.string) }
    }
    return nil
  }

  /// `recovery: {must_be_less_than: 30}`
  private func recovery(_ reader: MappingReader) -> Threshold? {
    guard let node = reader.valueNode("recovery") else { return nil }
    guard let own = MappingReader(node, path: reader.keyPath("recovery"), known: Threshold.keys, log: log) else {
      return nil
    }
    if !Threshold.keys.contains(where: own.has) {
      reader.problem("recovery", "needs a threshold, as in {must_be_less_than: 30}")
    }
    return threshold(own)
  }

  private func threshold(_ reader: MappingReader) -> Threshold? {
    let given = Threshold.keys.filter(reader.has)
    guard let key = given.first else { return nil }
    if given.count > 1 {
      reader.problem(given[1], "a rule has one threshold; here are \(given.joined(separator: " and "))")
      return nil
    }
    let bounds: [ExactDecimal]
    if key.hasSuffix("between") {
      let nodes = reader.list(key)
      bounds = nodes.compactMap { reader.number($0, key) }
      if nodes.count != 2 {
        if case .sequence? = reader.valueNode(key) { reader.problem(key, "must be two numbers: [low, high]") }
        return nil
      }
    } else {
      bounds = reader.number(key).map { [$0] } ?? []
    }
    return Threshold(key: key, bounds: bounds)
  }

  private func parameters(of kind: any RuleKind, _ reader: MappingReader) -> [String: Rule.Parameter] {
    var parameters: [String: Rule.Parameter] = [:]
    for parameter in kind.parameters {
      let given = ([parameter.key] + parameter.aliases).filter(reader.has)
      guard let key = given.first, let node = reader.valueNode(key) else { continue }
      if given.count > 1 { reader.problem(given[1], "'\(given[1])' is another name of '\(key)'; give one of them") }
      parameters[parameter.key] = value(node, parameter, reader.keyPath(key))
    }
    return parameters
  }

  private func value(_ node: Node, _ parameter: RuleParameter, _ path: String) -> Rule.Parameter? {
    switch node {
    case .scalar(let scalar): return value(scalar, parameter, path).map { .scalar($0) }
    case .sequence(let sequence):
      return .list(
        sequence.compactMap { entry in
          if case .scalar(let scalar) = entry { return value(scalar, parameter, path) }
          log.add(entry, path, "must be a plain value, not \(MappingReader.describe(entry))")
          return nil
        })
    case .mapping, .alias:
      log.add(node, path, "must be a value or a list of values, not \(MappingReader.describe(node))")
      return nil
    }
  }

  /// Names and pieces of SQL are text even when they look like numbers.
  private func value(_ scalar: Node.Scalar, _ parameter: RuleParameter, _ path: String) -> Scalar? {
    switch parameter.kind {
    case .values, .scalar, .boolean: return PlainScalar.value(of: scalar)
    case .column, .columns, .text, .pattern, .sql, .choice:
      if log.isNoText(scalar) {
        log.add(nil, path, "must be text, not \(scalar.string)")
        return nil
      }
      return .text(scalar.string)
    }
  }

  private func logProblems(of rule: Rule, _ reader: MappingReader) {
    for problem in RuleValidation.problems(with: rule) where problem.field != "dataset" {
      let alias = RuleCatalogue.kind(rule.check)?.parameters.first { $0.key == problem.field }?.aliases.first(
        where: reader.has)
      reader.problem(reader.has(problem.field) ? problem.field : alias ?? problem.field, problem.message)
    }
  }
}
