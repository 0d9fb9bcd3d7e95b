import Checking
import Domain
import Foundation

struct ActionListModel: Sendable {
  var rows: [Row]
  var isEmpty: Bool
  var kinds: [Kind]
  var deliveries: [DeliveryRow]
  var waiting: String?
  /// Shows or hides the messages of every run.
  var runMessages: RunMessages.Toggle?

  struct Kind: Sendable {
    var title: String
    var href: String
    var icon: String
  }

  struct Row: Sendable {
    var name: String
    var href: String
    var icon: String
    var about: String
    var lastIcon: StateIcon?
    var last: String
    var isProblem: Bool
    var isEnabled: Bool
  }

  init(
    _ actions: [Action], kinds: [ChannelKind], deliveries: [Delivery], latest: [Delivery],
    counts: [Delivery.State: Int], outages: [Outage] = [], at time: Date
  ) {
    let titles = Dictionary(kinds.map { ($0.key, $0.title) }, uniquingKeysWith: { $1 })
    self.kinds = kinds.map {
      Kind(title: $0.title, href: Link.query("/actions/new", [("channel", $0.key)]), icon: Self.icon($0.key))
    }
    rows = actions.sorted { $0.name < $1.name }.map { action in
      let last = latest.first { $0.action == action.name }
      let place = Self.place(action)
      var row = Row(
        name: action.name, href: Link.action(action.name), icon: Self.icon(action.channel),
        about: [titles[action.channel] ?? action.channel, place].filter { !$0.isEmpty }.joined(separator: ", "),
        lastIcon: nil, last: "Nothing sent yet", isProblem: false, isEnabled: action.isEnabled)
      if let last {
        let shown = DeliveryRow(last, at: time)
        row.lastIcon = shown.icon
        row.last =
          last.lastError.map { "\(shown.word): \($0)" } ?? "\(shown.word), \(Words.ago(last.createdAt, now: time))"
        row.isProblem = last.lastError != nil
      }
      if let outage = outages.of(.action(action.name)) {
        row.lastIcon = StateIcon(.err, isHidden: true)
        row.last = "Cannot deliver any more, since \(Words.ago(outage.since, now: time)): \(outage.error)"
        row.isProblem = true
      }
      return row
    }
    isEmpty = actions.isEmpty
    self.deliveries = deliveries.map { DeliveryRow($0, at: time) }
    let open = (counts[.waiting] ?? 0) + (counts[.sending] ?? 0)
    waiting = open > 0 ? "\(Words.count(open, "delivery", "deliveries")) waiting" : nil
  }

  static func icon(_ channel: String) -> String { channel == "rabbitmq" ? "queue" : "hook" }

  /// The receiver's host: the rest of an address may be a secret.
  private static func place(_ action: Action) -> String {
    guard let url = action.settings["url"], let parts = URLComponents(string: SecretText.masked(url)) else { return "" }
    return (parts.host ?? "") + (parts.port.map { ":\($0)" } ?? "")
  }
}

/// One delivery in a list.
struct DeliveryRow: Sendable {
  var when: TimeText
  var what: String
  var checker: String
  var checkerHref: String?
  /// Of an alarm of one row.
  var row: String?
  var action: String
  var icon: StateIcon
  var word: String
  var attempts: String
  var error: String?
  var reason: String?
  var resend: String?

  init(_ delivery: Delivery, at time: Date) {
    when = .ago(delivery.createdAt, now: time)
    switch delivery.event.subject {
    case .alarm(let transition):
      what = transition.notice?.rawValue.replacing("_", with: " ").capitalizedFirst ?? "Alarm"
    case .runFinished: what = "Run"
    case .test: what = "Test"
    }
    checker = delivery.event.checker.description
    if let about = delivery.event.about { checker = about.words.capitalizedFirst }
    if delivery.event.subject != .test, delivery.event.about == nil {
      checkerHref = Link.checker(delivery.event.checker)
    }
    row = delivery.event.row?.text
    action = delivery.action
    attempts = delivery.attempts > 1 ? "\(delivery.attempts) tries" : ""
    error = delivery.lastError
    reason = delivery.reason.isEmpty ? nil : delivery.reason.capitalizedFirst
    switch delivery.state {
    case .waiting:
      icon = StateIcon(delivery.lastError == nil ? .run : .err, isHidden: true)
      word = delivery.lastError == nil ? "Waiting" : "Next try \(Words.due(delivery.nextAttemptAt, now: time))"
    case .sending:
      icon = StateIcon(.run, isHidden: true)
      word = "Sending"
    case .delivered:
      icon = StateIcon(.ok, isHidden: true)
      word = "Delivered"
    case .failed:
      icon = StateIcon(.err, isHidden: true)
      word = "Given up"
    case .withheld:
      icon = StateIcon(.mute, isHidden: true)
      word = "Withheld"
    case .grouped:
      icon = StateIcon(.ok, isHidden: true)
      word = "In another message"
    }
    if delivery.state == .failed { resend = "/deliveries/\(delivery.id)/resend" }
  }
}

struct ActionModel: Sendable {
  var heading: String
  var action: String
  var original: String
  var read: String
  var isStored: Bool
  var banner: FormBanner?
  var channel: String
  var channelTitle: String
  var kinds: [FormChoice]
  var name: FormField
  var settings: [Setting]
  var templates: TemplatesModel?
  var notices: [FormChoice]
  var noticesProblem: String?
  var isDefault: Bool
  var isEnabled: Bool
  /// For channels of which one message may tell of several alarms.
  var grouping: [FormField]
  var fallback: FormField
  var delete: String
  /// Where all that was given up is sent again, and how much that is.
  var resendAll: String?
  var failed = ""
  /// Shows or hides the messages of every run.
  var runMessages: RunMessages.Toggle?
  var deliveries: [DeliveryRow]
  var test: ActionTestModel?

  struct Setting: Sendable {
    var field: FormField?
    var key: String
    var label: String
    var help: String
    var problem: String?
    var choices: [FormChoice] = []
    var isChoice = false
    var isBoolean = false
    var isTrue = false
  }

  init(
    _ form: ActionForm, kind: ChannelKind, problems: FormProblems, banner: FormBanner?, deliveries: [Delivery],
    test: ActionTestModel?, templates: (model: TemplatePreviewModel, hasEvent: Bool), at time: Date
  ) {
    self.templates = TemplatesModel(
      form, kind: kind, problems: problems, previews: templates.model, hasEvent: templates.hasEvent)
    heading = form.original ?? "New action: \(kind.title)"
    action = form.original.map(Link.action) ?? "/actions/new"
    original = form.original ?? ""
    read = form.read
    isStored = form.original != nil
    channel = kind.key
    channelTitle = kind.title
    kinds = []
    name = FormField("name", "Name", value: form.name, problem: problems.at("name"), placeholder: "alarms-payments")
    settings = kind.settings.filter { kind.defaultTemplates[$0.key] == nil }.map {
      Self.setting($0, form.settings[$0.key] ?? "", problems.at("settings.\($0.key)"))
    }
    let words: [AlarmTransition.Notice: String] = [
      .red: "Red: an assertion failed", .error: "Error: a checker could not run", .stale: "Stale: no run came",
      .resolved: "Resolved: green again", .reminder: "Reminder: still open",
      .acknowledged: "Acknowledged: somebody looks after it",
      .silenceEnding: "Silence ending: what it hides is still open",
    ]
    notices = AlarmTransition.Notice.allCases.map {
      FormChoice($0.rawValue, words[$0], isChosen: form.notices.contains($0))
    }
    noticesProblem = problems.at("notices")
    isDefault = form.isDefault
    isEnabled = form.isEnabled
    grouping = kind.tellsOfGroups ? Self.grouping(form, problems) : []
    fallback = FormField(
      "fallback", "When it cannot deliver any more (optional)", value: form.fallback,
      help: "The name of the action that tells of it. Empty: any other that takes every checker.",
      problem: problems.at("fallback"))
    delete = form.original.map { Link.action($0) + "/delete" } ?? ""
    self.deliveries = deliveries.map { DeliveryRow($0, at: time) }
    let failed = deliveries.count { $0.state == .failed }
    if failed > 0, let name = form.original {
      resendAll = Link.action(name) + "/resend"
      self.failed = Words.count(failed, "delivery", "deliveries")
    }
    self.test = test
    self.banner = banner
    if banner == nil, !problems.isEmpty {
      let shown =
        ["name", "notices", "fallback"] + (kind.tellsOfGroups ? ["group_by", "group_wait", "group_interval"] : [])
        + kind.settings.map { "settings.\($0.key)" }
      self.banner = FormBanner(
        "Not saved. \(Words.count(problems.all.count, "thing")) to mend, marked below.", problems.others(than: shown))
    }
  }

  private static func grouping(_ form: ActionForm, _ problems: FormProblems) -> [FormField] {
    [
      FormField(
        "group_by", "One message for alarms with the same (optional)", value: form.groupBy,
        help: "namespace, data_source, owner, severity or tag:NAME, with commas. Empty: a message for each alarm.",
        problem: problems.at("group_by"), placeholder: "namespace"),
      FormField(
        "group_wait", "The first waits for others (optional)", value: form.groupWait, help: "30s unless you say so.",
        problem: problems.at("group_wait"), placeholder: "30s"),
      FormField(
        "group_interval", "Pause between two messages (optional)", value: form.groupInterval,
        help: "5m unless you say so.", problem: problems.at("group_interval"), placeholder: "5m"),
    ]
  }

  private static func setting(_ setting: ChannelSetting, _ value: String, _ problem: String?) -> Setting {
    var shown = Setting(key: setting.key, label: setting.label, help: setting.help, problem: problem)
    switch setting.kind {
    case .boolean:
      shown.isBoolean = true
      shown.isTrue = ["true", "yes", "on", "1"].contains(value.lowercased())
    case .choice(let choices):
      shown.isChoice = true
      shown.choices = choices.map { FormChoice($0, isChosen: $0 == value) }
    case .text, .lines, .number, .secret, .url:
      let isMasked = value == SecretText.mask || SecretText.masked(value).contains(SecretText.mask)
      let help = isMasked ? "\(SecretText.mask) stands for what is stored. Leave it to keep that." : setting.help
      shown.field = FormField(
        "s.\(setting.key)", setting.label + (setting.isRequired ? "" : " (optional)"), value: value, help: help,
        problem: problem, isCode: setting.kind == .url)
      shown.field?.isLong = setting.kind == .lines
    }
    return shown
  }
}

/// How a test delivery went.
struct ActionTestModel: Sendable {
  var css: String
  var icon: StateIcon
  var title: String
  var detail: String

  /// `note` says what was wrong with its words.
  init(delivered milliseconds: Double, note: String?) {
    css = note == nil ? "ok" : "err"
    icon = StateIcon(note == nil ? .ok : .err, isHidden: true, isLarge: true)
    title = note == nil ? "Delivered" : "Delivered, with the default words"
    detail =
      "The receiver took a test event in \(Words.duration(milliseconds))." + (note.map { " \($0)" } ?? "")
  }

  init(failed message: String) {
    css = "err"
    icon = StateIcon(.err, isHidden: true, isLarge: true)
    title = "Not delivered"
    detail = FormProblems.sentence(message)
  }
}
