import Checking
import Domain
import Foundation

/// A silence as it stands in the form.
struct SilenceForm: Sendable {
  /// By the matcher's field: values with commas between them.
  var values: [AlarmMatcher.Field: String] = [:]
  /// Conditions that the fields above cannot say, one a line.
  var more = ""
  var starts = ""
  /// The key of a length, or `until`.
  var length = "4h"
  var until = ""
  var hours = ""
  var comment = ""

  /// A new one; the query may fill its fields.
  init(query: (String) -> String) {
    for field in AlarmMatcher.Field.allCases { values[field] = query(field.rawValue) }
    comment = query("comment")
  }

  init(_ silence: Silence) {
    var others: [AlarmMatcher] = []
    for matcher in silence.matchers {
      if matcher.isNegated || values[matcher.field] != nil {
        others.append(matcher)
      } else {
        values[matcher.field] = matcher.values.joined(separator: ", ")
      }
    }
    more = others.map(\.text).joined(separator: "\n")
    starts = Self.text(silence.startsAt)
    length = silence.endsAt == nil ? "open" : "until"
    until = silence.endsAt.map(Self.text) ?? ""
    hours = silence.hours?.text ?? ""
    comment = silence.comment
  }

  init(_ form: FormData) {
    for field in AlarmMatcher.Field.allCases { values[field] = form.trimmed(field.rawValue) }
    more = form["more"]
    starts = form.trimmed("starts")
    length = form.trimmed("for")
    until = form.trimmed("until")
    hours = form.trimmed("hours")
    comment = form.trimmed("comment")
  }

  /// As `<input type=datetime-local>` takes it, in UTC.
  private static func text(_ time: Date) -> String { String(Words.iso(time).prefix(16)) }

  /// The silence, and what keeps it from being one.
  func silence(id: Int64, author: String, now: Date) -> (silence: Silence, problems: [FieldProblem]) {
    var problems: [FieldProblem] = []
    let matchers = matchers(&problems)
    let start = starts.isEmpty ? now : time(starts, "starts", &problems) ?? now
    let end: Date?
    switch length {
    case "until": end = time(until, "until", &problems)
    default:
      let known = PauseLength.snoozes.first { $0.key == length }
      if known == nil { problems.append(FieldProblem(field: "for", message: "choose how long it lasts")) }
      end = known?.end(start)
    }
    var quiet: QuietHours?
    if !hours.isEmpty {
      do throws(AlarmMatcherError) { quiet = try QuietHours.parse(hours) } catch {
        problems.append(FieldProblem(field: "hours", message: error.message))
      }
    }
    let silence = Silence(
      id: id, matchers: matchers, startsAt: start, endsAt: end, hours: quiet, author: author, comment: comment)
    return (silence, problems)
  }

  /// Problems of conditions beside the field that the condition was written in.
  func placed(_ problems: [FieldProblem]) -> [FieldProblem] {
    problems.map { problem in
      guard problem.field == "matchers", more.allSatisfy(\.isWhitespace) else { return problem }
      let written = AlarmMatcher.Field.allCases.filter { !(values[$0] ?? "").isEmpty }
      let named = written.first { field in
        values[field]?.split(separator: ",").contains {
          problem.message.hasPrefix("'\($0.trimmingCharacters(in: .whitespaces))'")
        }
          ?? false
      }
      guard let field = named ?? (written.count == 1 ? written.first : nil) else { return problem }
      return FieldProblem(field: field.rawValue, message: problem.message)
    }
  }

  private func matchers(_ problems: inout [FieldProblem]) -> [AlarmMatcher] {
    let fields = AlarmMatcher.Field.allCases.compactMap { field -> (String, String)? in
      guard let value = values[field], !value.isEmpty else { return nil }
      return (field.rawValue, "\(field.rawValue)=\(value)")
    }
    let lines = more.split(whereSeparator: \.isNewline).map { ("more", String($0)) }
      .filter { !$0.1.allSatisfy(\.isWhitespace) }
    return (fields + lines).compactMap { name, text in
      do throws(AlarmMatcherError) { return try AlarmMatcher.parse(text) } catch {
        problems.append(FieldProblem(field: name, message: error.message))
        return nil
      }
    }
  }

  private func time(_ text: String, _ field: String, _ problems: inout [FieldProblem]) -> Date? {
    if let time = MomentText.read(text) { return time }
    problems.append(FieldProblem(field: field, message: "write a time as in 2026-11-24 18:00 (UTC)"))
    return nil
  }
}
