import Domain
import Foundation

/// What a template makes, before anybody saves it.
enum TemplateTrial {
  static func preview(
    _ slot: TemplateSlot, settings: [String: String], event: Event, links: Links
  ) -> TemplatePreview {
    var slot = slot
    if slot.key == "template", let type = settings["content_type"], !type.lowercased().contains("json") {
      slot.escaping = slot.escaping == .json ? .plain : slot.escaping
    }
    slot.isJSON = slot.escaping == .json
    let rows = RowPolicy(settings)
    let setting = [slot.key: settings[slot.key] ?? ""]
    do {
      let reader = try SettingsReader(setting, declared: [slot.setting], environment: [:])
      let templates = try Templates([slot], reader, isLenient: true)
      let value = TemplateContext(rows.applied(to: event), links: links).value(for: templates)
      let made = templates.render(slot.key, value)
      return TemplatePreview(key: slot.key, label: slot.label, text: made.text, problem: made.problem)
    } catch {
      let problem = TemplateProblem(line: nil, message: error.message)
      return TemplatePreview(key: slot.key, label: slot.label, text: "", problem: problem)
    }
  }
}

extension RowPolicy {
  /// As settings say that nobody has checked yet.
  init(_ settings: [String: String]) {
    self.init(
      includesRows: ["true", "yes", "on", "1"].contains(settings["include_rows"]?.lowercased() ?? ""),
      redactedColumns: Set(
        (settings["redact_columns"] ?? "").split(separator: ",").map { String($0).trimmingASCIISpace.lowercased() }))
  }
}

extension Event {
  /// An alarm of the kind that people write templates for.
  static var sample: Event {
    let checker = Checker(
      id: QualifiedName(namespace: "shop", name: "emails"), description: "Every user can be reached",
      severity: .critical, runbook: "Ask the sign-up team.", owner: "sign-up team", tags: ["users", "sign-up"],
      body: .rules([]))
    let now = Date(timeIntervalSince1970: 1_772_452_800)
    let assertion = Assertion(
      name: "users_with_email_null has less than 42 rows", check: "row_count", dataset: "shop/users_with_email_null",
      outcome: .failed, message: "There should be less than 42 users in that state",
      observed: Observation(.integer(57), unit: "rows"), expected: "less than 42 rows",
      sample: Sample(
        columns: ["id", "username"], rows: [[.integer(2), .text("u2")], [.integer(4), .text("u4")]], total: 57))
    let run = Run(
      id: "01KJQ3M8Z5W4T6B9C2D7E1F0GH", checker: checker.id, version: 7, trigger: .schedule, scheduledFor: now,
      startedAt: now, finishedAt: now + 0.25, outcome: .failed, assertions: [assertion])
    let transition = AlarmTransition(
      sequence: 2, from: .green, to: .red, isWarning: false, wasWarning: false, at: run.finishedAt,
      previousSince: now - 100_800, runID: run.id)
    return Event(
      id: run.id + "-red", subject: .alarm(transition), checker: checker, checkerVersion: 7, run: run,
      time: run.finishedAt)
  }
}
