import CheckFiles

/// Writes JSON Schema, dialect 2020-12, as OpenAPI 3.1 uses it.
enum Schema {
  /// A member of an object.
  struct Member: Sendable {
    var name: String
    var schema: JSONValue
    var isRequired: Bool
  }

  static func text(_ description: String = "") -> JSONValue { described(["type": "string"], description) }

  static func integer(
    _ description: String = "", in range: ClosedRange<Int>? = nil, standard: Int? = nil
  ) -> JSONValue {
    var schema: JSONValue = ["type": "integer"]
    if let range {
      schema = schema.setting("minimum", .integer(range.lowerBound)).setting("maximum", .integer(range.upperBound))
    }
    if let standard { schema = schema.setting("default", .integer(standard)) }
    return described(schema, description)
  }

  static func number(_ description: String = "") -> JSONValue { described(["type": "number"], description) }
  static func boolean(_ description: String = "") -> JSONValue { described(["type": "boolean"], description) }
  static func time(_ description: String = "") -> JSONValue {
    described(["type": "string", "format": "date-time"], description)
  }

  static func choice(_ values: some Sequence<String>, _ description: String = "") -> JSONValue {
    described(["type": "string", "enum": .strings(values)], description)
  }

  static func list(_ item: JSONValue, _ description: String = "") -> JSONValue {
    described(["type": "array", "items": item], description)
  }

  static func texts(_ description: String = "") -> JSONValue { list(text(), description) }

  /// Any names, all values alike.
  static func map(_ value: JSONValue, _ description: String = "") -> JSONValue {
    described(["type": "object", "additionalProperties": value], description)
  }

  static func ref(_ name: String) -> JSONValue { ["$ref": .string("#/components/schemas/\(name)")] }

  static func orNull(_ schema: JSONValue) -> JSONValue { ["anyOf": [schema, ["type": "null"]]] }

  static func required(_ name: String, _ schema: JSONValue) -> Member {
    Member(name: name, schema: schema, isRequired: true)
  }

  static func optional(_ name: String, _ schema: JSONValue) -> Member {
    Member(name: name, schema: schema, isRequired: false)
  }

  /// An object with these members and no other.
  static func object(_ members: [Member], _ description: String = "") -> JSONValue {
    let required = members.filter(\.isRequired).map(\.name)
    var schema: JSONValue = [
      "type": "object", "properties": .object(members.map { JSONValue.Member($0.name, $0.schema) }),
    ]
    if !required.isEmpty { schema = schema.setting("required", .strings(required)) }
    return described(schema.setting("additionalProperties", false), description)
  }

  /// One page of a list.
  static func page(_ item: JSONValue) -> JSONValue {
    object([required("items", list(item)), next])
  }

  static let next = required("next", orNull(text("Give it as `cursor` to go on; null at the end.")))

  static func described(_ schema: JSONValue, _ description: String) -> JSONValue {
    description.isEmpty ? schema : schema.setting("description", .string(description))
  }
}
