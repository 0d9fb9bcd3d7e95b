import Domain

/// What a channel for people says about an event: its title and text, and what stands beside them.
struct Message: Sendable {
  var title: String
  var text: String
  /// The template failed, and why; empty when it did not.
  var note: String
  var situation: Situation
  /// Addresses of the pages, where they are known. Some channels show the first few alone, so what one does about an
  /// alarm stands before what one reads about it.
  var links: [(label: String, url: String)]

  /// `event` has only those rows that may leave.
  init(_ event: Event, _ templates: Templates, links: Links) {
    let context = TemplateContext(event, links: links)
    let value = context.value(for: templates)
    let title = templates.render("title_template", value)
    let text = templates.render("template", value)
    self.title = title.text
    self.text = text.text + Self.others(event, templates)
    note = Templates.note(title, text)
    situation = context.situation
    let runbook = event.runbook.isEmpty ? nil : links.runbook(event.checker)
    let all = [
      ("Open", links.page(of: event)), ("Acknowledge", context.acknowledge), ("Snooze 1 h", context.snooze),
      ("Runbook", runbook), ("Run", links.run(of: event)),
    ]
    self.links = all.compactMap { label, url in url.flatMap { $0.isEmpty ? nil : (label, $0) } }
  }

  /// The other alarms, for a template that does not show them: nobody misses one because of it.
  static func others(_ event: Event, _ templates: Templates, key: String = "template") -> String {
    guard let group = event.group, !templates.showsAlarms(key) else { return "" }
    let escaping = templates.escaping(key)
    let lines = group.alarms.dropFirst().prefix(50).map { member in
      let text = "\(member.checker): \(TextLimit.oneLine(TextLimit.cut(member.place + member.summary, utf16: 500)))"
      return "- \(Situation.icon(of: member)) \(Situation.heading(of: member)): \(escaping.apply(to: text))"
    }
    return "\n\n" + lines.joined(separator: "\n")
  }

  /// The text and, where a template failed, the note below it.
  var body: String { note.isEmpty ? text : text + "\n\n" + note }
}
