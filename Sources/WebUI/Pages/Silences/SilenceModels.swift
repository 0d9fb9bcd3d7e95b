import Checking
import Domain
import Foundation

struct SilenceListModel: Sendable {
  var groups: [Group]
  var isEmpty: Bool

  struct Group: Sendable {
    var title: String
    var rows: [Row]
  }

  struct Row: Sendable {
    var id: Int64
    var href: String
    var matchers: [String]
    var comment: String
    var author: String
    var hours: String?
    /// `Ends in 40 min`, `Starts in 2 h`.
    var timing: TimeText?
    var timingText: String?
    var isEnding: Bool
    var hides: String
    var open: [Hidden]
    var hasEnded: Bool
  }

  struct Hidden: Sendable {
    var name: String
    var href: String
  }

  /// Silences about to end while they hide something open, in words.
  var ending: [Ending]

  struct Ending: Sendable {
    var text: String
    var href: String

    static func all(_ views: [SilenceView], now: Date) -> [Ending] {
      views.filter { $0.silence.isEnding(at: now) && !$0.open.isEmpty }.map {
        Ending(
          text: $0.silence.endingWords(open: $0.open.count, at: now).capitalizedFirst + ".",
          href: "/silences/\($0.silence.id)")
      }
    }
  }

  /// What ends within this time is about to end.
  static let soonSeconds: Double = 3600

  init(_ views: [SilenceView], now: Date) {
    let titles: [(Silence.Phase, String)] = [
      (.active, "Active"), (.waiting, "Between their hours"), (.upcoming, "Upcoming"),
      (.expired, "Ended in the last 7 days"),
    ]
    groups = titles.compactMap { phase, title in
      let rows = views.filter { $0.phase == phase }.map { Row($0, now: now) }
      return rows.isEmpty ? nil : Group(title: title, rows: phase == .expired ? rows.reversed() : rows)
    }
    isEmpty = groups.isEmpty
    ending = Ending.all(views, now: now)
  }
}

extension SilenceListModel.Row {
  init(_ view: SilenceView, now: Date) {
    let silence = view.silence
    id = silence.id
    href = "/silences/\(silence.id)"
    matchers = silence.matchers.map(\.text)
    comment = silence.comment
    author = silence.author
    hours = silence.hours?.text
    hasEnded = view.phase == .expired
    let left = silence.endsAt.map { $0.timeIntervalSince(now) }
    isEnding = !hasEnded && left.map { $0 <= SilenceListModel.soonSeconds } ?? false
    switch view.phase {
    case .upcoming:
      timing = TimeText("Starts \(Words.due(silence.startsAt, now: now))", silence.startsAt)
    case .expired: timing = silence.endsAt.map { TimeText("Ended \(Words.ago($0, now: now))", $0) }
    case .active, .waiting: timing = silence.endsAt.map { TimeText("Ends \(Words.due($0, now: now))", $0) }
    }
    timingText = timing == nil ? "Until somebody ends it" : nil
    open = view.phase == .active ? view.open.prefix(10).map { .init(name: "\($0)", href: Link.checker($0)) } : []
    let fits = "Fits \(Words.count(view.matched, "checker"))"
    hides =
      view.phase == .active
      ? view.open.isEmpty
        ? "\(fits); hides nothing now" : "\(fits); hides \(Words.count(view.open.count, "open alarm"))"
      : fits
  }
}

struct SilencePreviewModel: Sendable {
  var text = "Say which alarms it is for."
  var open: [SilenceListModel.Hidden] = []

  init() {}

  init(_ view: SilenceView) {
    let fits =
      view.matched == 0 ? "It fits no checker that is there now" : "It fits \(Words.count(view.matched, "checker"))"
    text = fits + (view.open.isEmpty ? "." : ", of which \(Words.number(view.open.count)) have an open alarm:")
    open = view.open.prefix(20).map { .init(name: "\($0)", href: Link.checker($0)) }
  }
}

struct SilenceFormModel: Sendable {
  var heading: String
  var action: String
  var end: String?
  var banner: FormBanner?
  var fields: [FormField]
  var more: FormField
  var hours: FormField
  var comment: FormField
  var starts: String
  var startsProblem: String?
  var lengths: [PauseLength.Choice]
  var lengthProblem: String?
  var until: String
  var preview: SilencePreviewModel
  var alike: [Alike]
  var hasAlike: Bool

  /// What an alarm has that a silence may match.
  struct Alike: Sendable {
    var text: String
    var href: String
  }

  init(
    _ form: SilenceForm, stored: Silence?, like: Checker?, problems: FormProblems, preview: SilencePreviewModel,
    now: Date
  ) {
    heading = stored.map { "Silence \($0.id)" } ?? "New silence"
    action = stored.map { "/silences/\($0.id)" } ?? "/silences/new"
    end = stored.flatMap { $0.phase(at: now) == .expired ? nil : "/silences/\($0.id)/end" }
    let titles: [(AlarmMatcher.Field, String, String)] = [
      (.namespace, "Namespace", "shop"), (.checker, "Checker", "shop/orders-*"), (.tag, "Tag", "nightly"),
      (.severity, "Severity", "info, warning"), (.owner, "Owner", "Sign-up team"),
      (.dataSource, "Data source", "shop"),
    ]
    fields = titles.map { field, title, example in
      FormField(
        field.rawValue, title, value: form.values[field] ?? "", problem: problems.at(field.rawValue),
        placeholder: example)
    }
    more = FormField(
      "more", "More conditions, one a line", value: form.more,
      help: "Such as tag!=noisy or checker!=shop/orders-*: none of the values may fit.",
      problem: problems.at("more", "matchers"), isCode: true)
    more.isLong = true
    hours = FormField(
      "hours", "Only at these hours", value: form.hours,
      help: "They come back every week. Empty: all the time.", problem: problems.at("hours"),
      placeholder: "mon-fri 22:00-06:00 Europe/Lisbon")
    comment = FormField("comment", "Why", value: form.comment, problem: problems.at("comment"))
    starts = form.starts
    startsProblem = problems.at("starts")
    lengths =
      PauseLength.choices(PauseLength.snoozes.filter { $0.key != "open" }, chosen: form.length)
      + [
        .init(value: "open", text: "Until I end it", isChosen: form.length == "open"),
        .init(value: "until", text: "Until the time below", isChosen: form.length == "until"),
      ]
    lengthProblem = problems.at("for", "until", "ends_at")
    until = form.until
    banner = problems.isEmpty ? nil : FormBanner("Not saved yet")
    self.preview = preview
    alike = like.map(Self.alike) ?? []
    hasAlike = !alike.isEmpty
  }

  private static func alike(_ checker: Checker) -> [Alike] {
    func link(_ text: String, _ values: [(String, String)]) -> Alike {
      Alike(text: text, href: Link.query("/silences/new", values + [("like", "\(checker.id)")]))
    }
    var found = [
      link("This checker", [("checker", "\(checker.id)")]),
      link("Namespace \(checker.id.namespace)", [("namespace", checker.id.namespace)]),
      link(
        "Severity \(checker.severity.rawValue) in \(checker.id.namespace)",
        [("namespace", checker.id.namespace), ("severity", checker.severity.rawValue)]),
    ]
    found += checker.tags.map { link("Tag \($0)", [("tag", $0)]) }
    if !checker.owner.isEmpty { found.append(link("Owner \(checker.owner)", [("owner", checker.owner)])) }
    return found
  }
}
