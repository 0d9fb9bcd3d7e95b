import CheckFiles

/// Checks a value against the part of JSON Schema that the API's document uses; an unknown keyword is a problem too.
struct SchemaCheck {
  let document: JSONValue

  /// Where the value does not fit, and why.
  func problems(_ value: JSONValue, _ schema: JSONValue, at path: String = "$") -> [String] {
    guard case .object(let members) = schema else { return ["\(path): the schema is no object"] }
    var problems: [String] = []
    for member in members {
      switch (member.key, member.value) {
      case ("$ref", .string(let reference)):
        guard let target = resolve(reference) else { return ["\(path): \(reference) is nowhere"] }
        problems += self.problems(value, target, at: path)
      case ("type", let type): problems += typeProblems(value, type, path)
      case ("enum", .array(let values)):
        if !values.contains(value) { problems.append("\(path): not one of the values") }
      case ("const", let constant):
        if value != constant { problems.append("\(path): not the constant") }
      case ("anyOf", .array(let schemas)):
        if !schemas.contains(where: { self.problems(value, $0, at: path).isEmpty }) {
          problems.append("\(path): fits none of the schemas")
        }
      case ("oneOf", .array(let schemas)):
        let fitting = schemas.count { self.problems(value, $0, at: path).isEmpty }
        if fitting != 1 { problems.append("\(path): fits \(fitting) of the schemas") }
      case ("required", .array(let names)):
        problems += names.compactMap(\.text).filter { value[$0] == nil }.map { "\(path): '\($0)' is missing" }
      case ("properties", .object(let properties)):
        for property in properties {
          guard let inner = value[property.key] else { continue }
          problems += self.problems(inner, property.value, at: "\(path).\(property.key)")
        }
      case ("additionalProperties", let rest): problems += otherProblems(value, schema, rest, path)
      case ("items", let item):
        guard case .array(let items) = value else { break }
        for (index, inner) in items.enumerated() { problems += self.problems(inner, item, at: "\(path)[\(index)]") }
      case ("format", "date-time"):
        if value.text?.hasSuffix("Z") != true { problems.append("\(path): no time in UTC") }
      case ("description", _), ("default", _), ("minimum", _), ("maximum", _), ("minLength", _), ("maxLength", _),
        ("minItems", _), ("maxItems", _), ("discriminator", _), ("readOnly", _):
        break
      default: problems.append("\(path): unknown keyword \(member.key)")
      }
    }
    return problems
  }

  func resolve(_ reference: String) -> JSONValue? {
    reference.dropFirst(2).split(separator: "/").reduce(document as JSONValue?) { $0?[String($1)] }
  }

  private func typeProblems(_ value: JSONValue, _ type: JSONValue, _ path: String) -> [String] {
    let allowed: [String] =
      switch type {
      case .string(let name): [name]
      case .array(let names): names.compactMap(\.text)
      default: []
      }
    let found: [String] =
      switch value {
      case .null: ["null"]
      case .boolean: ["boolean"]
      case .number(let digits): digits.contains(where: { ".eE".contains($0) }) ? ["number"] : ["number", "integer"]
      case .string: ["string"]
      case .array: ["array"]
      case .object: ["object"]
      }
    return found.contains(where: allowed.contains) ? [] : ["\(path): \(found[0]) is not \(allowed)"]
  }

  private func otherProblems(_ value: JSONValue, _ schema: JSONValue, _ rest: JSONValue, _ path: String) -> [String] {
    guard case .object(let members) = value else { return [] }
    let others = members.filter { schema["properties"]?[$0.key] == nil }
    if rest == false { return others.map { "\(path): '\($0.key)' is not described" } }
    return others.flatMap { problems($0.value, rest, at: "\(path).\($0.key)") }
  }
}
