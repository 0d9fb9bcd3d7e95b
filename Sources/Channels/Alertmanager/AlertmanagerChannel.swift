package import Domain
import Foundation

/// Sends alerts to every replica of a Prometheus Alertmanager, version 2 of its API.
///
/// Alertmanager forgets what nobody repeats: an alert ends by itself at `endsAt`, four times the interval of repeats from
/// now, as Prometheus does it. Whoever sends must therefore repeat it, see `resendInterval`.
package struct AlertmanagerChannel: TemplatedChannel {
  package static let key = "alertmanager"
  package static let title = "Prometheus Alertmanager"
  static let templates: [TemplateSlot] = [.title("{{message}}"), .body(TemplateSlot.defaultText, .plain)]
  package static let settings: [ChannelSetting] =
    [
      ChannelSetting(
        key: "urls", label: "Addresses",
        help: "Of all replicas, with commas between them: http://am-1:9093, http://am-2:9093. No load balancer.",
        kind: .url, isRequired: true),
      ChannelSetting(
        key: "labels", label: "More labels", help: "One a line: team = payments. They say who is told, never what.",
        kind: .lines),
      ChannelSetting(
        key: "token", label: "Bearer token", help: "Where a proxy asks for one; ${NAME} keeps it out of the store.",
        kind: .secret),
      ChannelSetting(
        key: "resend_seconds", label: "Repeat every, in seconds",
        help: "Alertmanager drops an alert after four misses.",
        kind: .number, defaultValue: "60"),
    ] + templates.map(\.setting) + CommonSettings.declared(perMinute: 0)

  var wording: Wording { Wording(templates: templates, rows: rows, links: links) }

  private let replicas: [(address: HTTPAddress, receiver: HTTPReceiver)]
  private let templates: Templates
  private let rows: RowPolicy
  private let links: Links
  private let gate: RateGate
  private let labels: [String: String]
  private let token: String
  private let resendSeconds: Int

  init(_ setup: ChannelSetup) throws(ChannelSettingsError) {
    let reader = try setup.reader(Self.settings)
    let common = try CommonSettings(reader)
    let urls = try reader.text("urls").split(whereSeparator: { $0 == "," || $0.isWhitespace })
    guard (1...20).contains(urls.count) else {
      throw ChannelSettingsError(key: "urls", message: "'urls' names 1 to 20 addresses")
    }
    token = try reader.token("token")
    labels = try AlertLabels.read(try reader.text("labels"))
    resendSeconds = try reader.integer("resend_seconds", in: 10...3600)
    templates = try Templates(Self.templates, reader, isLenient: setup.isLenient)
    rows = common.rows
    links = setup.links
    gate = RateGate(perMinute: common.perMinute)
    var replicas: [(HTTPAddress, HTTPReceiver)] = []
    for url in urls {
      let address = try HTTPAddress(String(url), key: "urls")
      replicas.append(
        (address, HTTPReceiver(address, secrets: [token] + reader.allVariables, caFile: common.caFile)))
    }
    self.replicas = replicas
  }

  package var wantsEveryRun: Bool { false }
  package var resendInterval: Double? { Double(resendSeconds) }

  /// Returns when one replica has it at least, as Prometheus does: the next repeat brings it to the others.
  package func send(_ event: Event) async throws(DeliveryError) {
    try await gate.pass()
    let body = JSON.array(alerts(for: rows.applied(to: event), now: Date())).encoded
    let login = token.isEmpty ? [] : [(name: "Authorization", value: "Bearer \(token)")]
    let failures = await withTaskGroup(of: DeliveryError?.self) { group in
      for (address, receiver) in replicas {
        group.addTask {
          do throws(DeliveryError) {
            try await receiver.post(
              body, to: address.appending("/api/v2/alerts"), headers: [HTTPReceiver.json] + login)
            return nil
          } catch {
            return error
          }
        }
      }
      return await group.reduce(into: [DeliveryError?]()) { $0.append($1) }
    }
    let errors = failures.compactMap { $0 }
    if errors.count == failures.count, let worst = errors.first(where: \.isTransient) ?? errors.first { throw worst }
  }

  package func close() async {
    for (_, receiver) in replicas { await receiver.close() }
  }

  /// Red and error are alerts of their own, and so is each severity. What is resolved ends all of them, and what changes
  /// its severity ends those of the others: an alert that Alertmanager does not know and that has ended is told to nobody.
  func alerts(for event: Event, now: Date) -> [JSON] {
    let situation = Situation(event)
    let validUntil = now + 4 * Double(resendSeconds)
    switch situation.kind {
    case .problem:
      let errors = situation.endsTrouble ? Severity.allCases.map { ended(event, "error", $0, situation.since) } : []
      return [alert(event, "red", event.severity, from: situation.since, to: validUntil)]
        + otherSeverities(of: event, "red", situation.since) + errors
    case .trouble:
      return [alert(event, "error", event.severity, from: situation.since, to: validUntil)]
        + otherSeverities(of: event, "error", situation.since)
    case .resolved:
      let began = situation.previousSince ?? situation.since
      return ["red", "error"].flatMap { state in Severity.allCases.map { ended(event, state, $0, began) } }
    case .test: return [alert(event, "test", event.severity, from: now, to: now + 60)]
    case .acknowledged, .ending, .finished: return []
    }
  }

  private func otherSeverities(of event: Event, _ state: String, _ start: Date) -> [JSON] {
    Severity.allCases.filter { $0 != event.severity }.map { ended(event, state, $0, start) }
  }

  private func ended(_ event: Event, _ state: String, _ severity: Severity, _ start: Date) -> JSON {
    alert(event, state, severity, from: start, to: event.time)
  }

  private func alert(
    _ event: Event, _ state: String, _ severity: Severity, from start: Date, to end: Date
  ) -> JSON {
    let message = Message(event, templates, links: links)
    var annotations = [
      "summary": TextLimit.cut(message.title, utf16: 1000), "description": TextLimit.cut(message.body, utf16: 8000),
      "checker_description": TextLimit.cut(TextLimit.oneLine(event.description), utf16: 1000),
      "owner": TextLimit.cut(TextLimit.oneLine(event.owner), utf16: 200),
    ]
    annotations["runbook_url"] = event.runbook.isEmpty ? nil : links.runbook(event.checker)
    // What is known by another severity ends; who hears of that needs no more than what it was.
    if severity != event.severity { annotations = annotations.filter { $0.key == "summary" } }
    // Labels say which alarm it is. A value among them would make a new alert of every run.
    let own = [
      "alertname": event.alarmName.name, "namespace": event.alarmName.namespace, "checker": "\(event.alarmName)",
      "severity": severity.rawValue, "state": state, "row": event.row?.text ?? "", "row_id": event.rowID ?? "",
    ]
    var members: [String: JSON] = [
      "labels": Self.object(labels.merging(own) { $1 }), "annotations": Self.object(annotations),
      "startsAt": .string(TimeWords.rfc3339(min(start, end))), "endsAt": .string(TimeWords.rfc3339(end)),
    ]
    if let link = links.page(of: event) { members["generatorURL"] = .string(link) }
    return .object(members)
  }

  private static func object(_ texts: [String: String]) -> JSON {
    .object(texts.filter { !$0.value.isEmpty }.mapValues { .string($0) })
  }
}

extension DeliveryError {
  var isTransient: Bool {
    if case .transient = self { true } else { false }
  }
}

/// Labels as a user writes them: one a line, a name, `=`, a value.
enum AlertLabels {
  private static let own = ["alertname", "namespace", "checker", "severity", "state", "row", "row_id"]

  static func read(_ text: String) throws(ChannelSettingsError) -> [String: String] {
    var labels: [String: String] = [:]
    for line in text.split(whereSeparator: \.isNewline).map({ String($0).trimmingASCIISpace }) where !line.isEmpty {
      let parts = line.split(separator: "=", maxSplits: 1).map { String($0).trimmingASCIISpace }
      guard parts.count == 2, parts[0].wholeMatch(of: /[a-zA-Z_][a-zA-Z0-9_]{0,99}/) != nil, parts[1].utf8.count <= 500
      else {
        throw ChannelSettingsError(
          key: "labels", message: "each line of 'labels' is a name, '=' and a value, as in team = payments")
      }
      guard !own.contains(parts[0]) else {
        throw ChannelSettingsError(key: "labels", message: "the label '\(parts[0])' is set already: leave it out")
      }
      labels[parts[0]] = TextLimit.oneLine(parts[1])
    }
    return labels
  }
}
