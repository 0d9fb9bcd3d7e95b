package import Domain
import Yams

/// Which keys of a check file two versions of one thing differ in: `schedule`, `rules[1].must_be_less_than`. Only names,
/// never values, as those may be secrets.
package enum CheckFileDifferences {
  package static func fields(_ old: DataSource, _ new: DataSource) -> [String] {
    fields("data_sources", CheckFile(dataSources: [old]), CheckFile(dataSources: [new]))
  }

  package static func fields(_ old: Dataset, _ new: Dataset) -> [String] {
    fields("datasets", CheckFile(datasets: [old]), CheckFile(datasets: [new]))
  }

  package static func fields(_ old: Checker, _ new: Checker) -> [String] {
    fields("checkers", CheckFile(checkers: [old]), CheckFile(checkers: [new]))
  }

  package static func fields(_ old: Action, _ new: Action) -> [String] {
    fields("actions", CheckFile(actions: [old]), CheckFile(actions: [new]))
  }

  package static func fields(_ old: Library, _ new: Library) -> [String] {
    fields("libraries", CheckFile(libraries: [old]), CheckFile(libraries: [new]))
  }

  package static func fields(_ old: RoutingTree, _ new: RoutingTree) -> [String] {
    fields("routing", CheckFile(routing: old), CheckFile(routing: new))
  }

  /// In one line; of very many the first ones.
  package static func text(_ fields: [String]) -> String {
    let shown = fields.prefix(12).joined(separator: ", ")
    return fields.count > 12 ? "\(shown) and \(fields.count - 12) more" : shown
  }

  /// As the files say it, so that no key can be forgotten here.
  private static func fields(_ key: String, _ old: CheckFile, _ new: CheckFile) -> [String] {
    guard let old = tree(old)?[key], let new = tree(new)?[key] else { return [] }
    // A list of one, or the routing.
    return differences(old.sequence?.first ?? old, new.sequence?.first ?? new, at: "")
  }

  private static func tree(_ file: CheckFile) -> Node? { try? Yams.compose(yaml: CheckFileWriter.write(file)) }

  private static func differences(_ old: Node, _ new: Node, at path: String) -> [String] {
    switch (old, new) {
    case (.scalar(let old), .scalar(let new)):
      // The style tells a number from a text of the same letters.
      return old.string == new.string && old.style == new.style ? [] : [path]
    case (.mapping(let old), .mapping(let new)):
      let gone = old.keys.filter { new[$0] == nil }
      return (Array(new.keys) + gone).flatMap { key in
        let place = MappingReader.join(path, key.scalar?.string ?? "")
        guard let before = old[key], let after = new[key] else { return [place] }
        return differences(before, after, at: place)
      }
    case (.sequence(let old), .sequence(let new)): return differences(Array(old), Array(new), at: path)
    default: return [path]
    }
  }

  /// Entries that are mappings, and as many as before, are compared one by one, but for rows of fixtures; where some came
  /// or went, those are named, as long as it is clear which.
  private static func differences(_ old: [Node], _ new: [Node], at path: String) -> [String] {
    guard !path.contains(".datasets."), (old + new).allSatisfy({ $0.mapping != nil }) else {
      let isSame = old.count == new.count && zip(old, new).allSatisfy { differences($0, $1, at: "x").isEmpty }
      return isSame ? [] : [path]
    }
    if old.count == new.count {
      return new.indices.flatMap { differences(old[$0], new[$0], at: "\(path)[\($0)]") }
    }
    let start = zip(old, new).prefix { differences($0, $1, at: "x").isEmpty }.count
    let left = min(old.count, new.count) - start
    let end = zip(old.reversed(), new.reversed()).prefix(left).prefix { differences($0, $1, at: "x").isEmpty }.count
    if start + end == old.count { return (start..<(new.count - end)).map { "\(path)[\($0)] (new)" } }
    if start + end == new.count { return (start..<(old.count - end)).map { "\(path)[\($0)] (gone)" } }
    return [path]
  }
}
