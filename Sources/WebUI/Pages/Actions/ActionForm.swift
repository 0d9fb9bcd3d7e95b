import Checking
import Domain
import Foundation

/// An action as it stands in the form. Secrets are masked.
struct ActionForm: Sendable {
  var name = ""
  var channel = ""
  /// By the setting's key.
  var settings: [String: String] = [:]
  var notices = Set(AlarmTransition.Notice.allCases)
  var isDefault = true
  var isEnabled = true
  /// `namespace, owner`; empty: each alarm alone.
  var groupBy = ""
  var groupWait = ""
  var groupInterval = ""
  var fallback = ""
  var original: String?
  /// The fingerprint of the action that was read; empty for one that is new.
  var read = ""
  /// Templates are tried on the newest event that it was sent, else on a made-up one.
  var previewsLatest = true

  init(channel: ChannelKind) {
    self.channel = channel.key
    for setting in channel.settings { settings[setting.key] = setting.defaultValue }
  }

  init(_ action: Action, kind: ChannelKind?) {
    name = action.name
    channel = action.channel
    for setting in kind?.settings ?? [] {
      let value = action.settings[setting.key] ?? ""
      settings[setting.key] = value.isEmpty ? setting.defaultValue : Self.masked(value, setting)
    }
    notices = action.notices
    isDefault = action.isDefault
    isEnabled = action.isEnabled
    groupBy = action.grouping?.by.joined(separator: ", ") ?? ""
    groupWait = action.grouping.map { DurationText.write($0.waitSeconds) } ?? ""
    groupInterval = action.grouping.map { DurationText.write($0.intervalSeconds) } ?? ""
    fallback = action.fallback ?? ""
    original = action.name
  }

  init(_ form: FormData) {
    name = form.trimmed("name")
    channel = form.trimmed("channel")
    for field in form.fields where field.name.hasPrefix("s.") {
      // Browsers end lines with two characters.
      settings[String(field.name.dropFirst(2))] = field.value.replacing("\r\n", with: "\n")
        .trimmingCharacters(in: .whitespacesAndNewlines)
    }
    notices = Set(form.all("notices").compactMap(AlarmTransition.Notice.init(rawValue:)))
    isDefault = form["default"] == "true"
    isEnabled = form["enabled"] == "true"
    groupBy = form.trimmed("group_by")
    groupWait = form.trimmed("group_wait")
    groupInterval = form.trimmed("group_interval")
    fallback = form.trimmed("fallback")
    original = form.optional("original")
    read = form["read"]
    previewsLatest = form["preview_event"] != "sample"
  }

  private static func masked(_ value: String, _ setting: ChannelSetting) -> String {
    switch setting.kind {
    case .secret: SecretText.masked(secret: value)
    case .url: SecretText.masked(value)
    case .text, .lines, .number, .boolean, .choice: value
    }
  }

  /// The action, with what is stored in the place of masks, and what keeps it from being one.
  func action(kind: ChannelKind, stored: Action?) -> (action: Action, problems: [FieldProblem]) {
    var problems: [FieldProblem] = []
    var read: [String: String] = [:]
    for setting in kind.settings {
      let value = settings[setting.key] ?? ""
      let old = stored?.channel == channel ? stored?.settings[setting.key] : nil
      let plain: String?
      switch setting.kind {
      case .secret: plain = SecretText.unmasked(secret: value, stored: old)
      case .url: plain = SecretText.unmasked(value, stored: old)
      case .text, .lines, .number, .boolean, .choice: plain = value
      }
      guard let plain else {
        let message = "the address leads somewhere else than the stored password: write the password again, or ${NAME}"
        problems.append(FieldProblem(field: "settings.\(setting.key)", message: message))
        continue
      }
      if let standard = kind.defaultTemplates[setting.key], Self.isDefault(plain, of: standard) { continue }
      if !plain.isEmpty, plain != setting.defaultValue { read[setting.key] = plain }
    }
    if notices.isEmpty { problems.append(FieldProblem(field: "notices", message: "choose at least one")) }
    if let problem = NameRule.problem(with: name) { problems.append(FieldProblem(field: "name", message: problem)) }
    let action = Action(
      name: name, channel: channel, settings: read, notices: notices, isDefault: isDefault, isEnabled: isEnabled,
      grouping: grouping(&problems), fallback: fallback.isEmpty ? nil : fallback)
    return (action, problems)
  }

  private func grouping(_ problems: inout [FieldProblem]) -> RoutingTree.Grouping? {
    let by = groupBy.split(whereSeparator: { $0 == "," || $0.isWhitespace }).map(String.init)
    if by.isEmpty { return nil }
    var grouping = RoutingTree.Grouping(by: by)
    for (key, text, path) in [
      ("group_wait", groupWait, \RoutingTree.Grouping.waitSeconds),
      ("group_interval", groupInterval, \.intervalSeconds),
    ] where !text.isEmpty {
      guard let seconds = DurationText.seconds(text), (0...86_400).contains(seconds) else {
        problems.append(FieldProblem(field: key, message: "a time from 0s to 1d, such as 30s or 5m"))
        continue
      }
      grouping[keyPath: path] = seconds
    }
    return grouping
  }
}
