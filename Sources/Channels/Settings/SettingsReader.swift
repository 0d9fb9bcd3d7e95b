import Domain

/// Reads an action's settings by what a channel declares, and fills in `${NAME}` from the environment.
struct SettingsReader {
  private let declared: [ChannelSetting]
  private let settings: [String: String]
  private let environment: [String: String]

  /// Throws for a setting that the channel does not have, and for a required one that is missing.
  init(
    _ settings: [String: String], declared: [ChannelSetting], environment: [String: String]
  ) throws(ChannelSettingsError) {
    self.declared = declared
    self.settings = settings
    self.environment = environment
    let keys = declared.map(\.key)
    for key in settings.keys.sorted() where !keys.contains(key) {
      let near = Spelling.nearest(to: key, among: keys).map { ". Is \($0) meant?" } ?? ""
      throw ChannelSettingsError(
        key: key, message: "there is no setting '\(key)'. There are \(keys.joined(separator: ", "))\(near)")
    }
    for setting in declared where setting.isRequired && raw(setting.key).isEmpty {
      throw setting.missing
    }
  }

  /// As the user wrote it, or the default.
  func raw(_ key: String) -> String {
    let written = settings[key]?.trimmingASCIISpace ?? ""
    return written.isEmpty ? declared.first { $0.key == key }?.defaultValue ?? "" : written
  }

  /// With the environment's values in place.
  func text(_ key: String) throws(ChannelSettingsError) -> String { try filled(raw(key), key: key) }

  func boolean(_ key: String) throws(ChannelSettingsError) -> Bool {
    let text = try text(key).lowercased()
    switch text {
    case "true", "yes", "on", "1": return true
    case "false", "no", "off", "0", "": return false
    default: throw ChannelSettingsError(key: key, message: "'\(key)' is true or false")
    }
  }

  /// A text that ends up in a header or a path: refused when it holds a control character or a space.
  func token(_ key: String) throws(ChannelSettingsError) -> String {
    let text = try text(key)
    if text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value < 0x7F }) { return text }
    throw ChannelSettingsError(key: key, message: "'\(key)' has letters, digits and signs of ASCII, and no spaces")
  }

  func integer(_ key: String, in range: ClosedRange<Int>) throws(ChannelSettingsError) -> Int {
    if let number = Int(try text(key)), range.contains(number) { return number }
    throw ChannelSettingsError(
      key: key, message: "'\(key)' is a whole number, \(range.lowerBound) to \(range.upperBound)")
  }

  func choice(_ key: String, of choices: [String]) throws(ChannelSettingsError) -> String {
    let text = try text(key)
    if choices.contains(text) { return text }
    throw ChannelSettingsError(key: key, message: "'\(key)' is one of \(choices.joined(separator: ", "))")
  }

  /// `text` with each `${NAME}` replaced by the variable's value, verbatim.
  func filled(_ text: String, key: String) throws(ChannelSettingsError) -> String {
    var result = ""
    var rest = text[...]
    while let start = rest.firstRange(of: "${") {
      result += rest[..<start.lowerBound]
      guard let end = rest[start.upperBound...].firstIndex(of: "}") else {
        throw ChannelSettingsError(key: key, message: "'\(key)' has '${' without '}'. Write it as ${NAME}")
      }
      let name = String(rest[start.upperBound..<end])
      guard let value = environment[name] else {
        throw ChannelSettingsError(
          key: key, message: "the environment has no variable '\(name)', which '\(key)' names. Set it and start again")
      }
      result += value
      rest = rest[rest.index(after: end)...]
    }
    return result + rest
  }

  /// All values that settings take from the environment.
  var allVariables: [String] { declared.flatMap { variables(in: $0.key) } }

  /// The values that `text` takes from the environment: never to be shown.
  func variables(in key: String) -> [String] {
    raw(key).matches(of: /\$\{([^}]*)\}/).compactMap { environment[String($0.output.1)] }
  }
}

extension String {
  var trimmingASCIISpace: String {
    let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r" || $0 == "\r\n" }
    guard let first = firstIndex(where: { !isSpace($0) }), let last = lastIndex(where: { !isSpace($0) }) else {
      return ""
    }
    return String(self[first...last])
  }
}
