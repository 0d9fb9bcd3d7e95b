import Domain
import Foundation

/// The functions of the world `malleable:checker/check` (`wit/checker.wit`).
enum ComponentFunctions {
  static let checks: [ComponentFunction] = [
    text("dataset", .csv), text("dataset-json", .json), text("schema", .schema),
    verdict("ok", passed: true), verdict("fail", passed: false),
    ComponentFunction("log") { (host, values) throws(GuestTrouble) in
      try host.log(try values.text(0))
      return nil
    },
    ComponentFunction("now") { (host, _) throws(GuestTrouble) in
      .float64(host.task.context.now.timeIntervalSince1970)
    },
    ComponentFunction("param") { (host, values) throws(GuestTrouble) in
      try host.count()
      return host.task.context.parameters[try values.text(0)].map { .some(.string($0)) } ?? ComponentValue.none
    },
    ComponentFunction("metric") { (host, values) throws(GuestTrouble) in
      let (dataset, expression) = (try values.text(0), try values.text(1))
      var filter: String?
      if case .some(let condition) = values.dropFirst(2).first ?? ComponentValue.none { filter = condition.text }
      return .float64(MeasureFunctions.double(try host.measure(dataset, expression, filter: filter).cell))
    },
  ]

  private static func text(_ name: String, _ form: GuestDataset.Form) -> ComponentFunction {
    ComponentFunction(name) { (host, values) throws(GuestTrouble) in
      let name = try values.text(0)
      guard let bytes = try host.dataset(name).text(form, limit: host.copyAllowance) else {
        throw host.tooMuchData(name)
      }
      try host.copying(bytes.count, of: name)
      return .utf8(bytes)
    }
  }

  private static func verdict(_ name: String, passed: Bool) -> ComponentFunction {
    ComponentFunction(name) { (host, values) throws(GuestTrouble) in
      try host.report(GuestVerdict(passed: passed, assertion: name, message: try values.text(0)))
      return nil
    }
  }
}

extension [ComponentValue] {
  /// The argument at `index`, which must be a string: a component may have declared anything.
  func text(_ index: Int) throws(GuestTrouble) -> String {
    guard indices.contains(index), case .string(let text) = self[index] else {
      throw GuestTrouble(
        .invalidModule, "The component imports a function with another type than the world in wit/checker.wit has.")
    }
    return text
  }
}
