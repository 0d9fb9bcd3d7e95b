import Mustache

/// What templates see of a model: its fields by their names, and theirs.
///
/// For each name in a template the engine reads all fields of a value through reflection, and then those of what stands
/// around it. Here each value is read once; lists of alarms are written in a third of the time.
enum TemplateFields {
  static func of(_ value: Any) -> Any? {
    if let text = value as? String { return text }
    if let flag = value as? Bool { return flag }
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    // A field that is `nil` is as if it were not there: the engine looks for it further out.
    case .optional: return mirror.children.first.flatMap { of($0.value) }
    case .collection: return (value as? [Any])?.map { of($0) ?? false } ?? value
    case .struct where !saysItself(value):
      var fields: [String: Any] = [:]
      for case (let name?, let child) in mirror.children { fields[name] = of(child) }
      return fields
    default: return value
    }
  }

  /// Whether it says itself what a template sees of it.
  private static func saysItself(_ value: Any) -> Bool {
    value is any MustacheParent || value is any MustacheCustomRenderable || value is any CustomStringConvertible
  }
}
