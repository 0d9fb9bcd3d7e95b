import Domain
import Rules

/// Writes check files that `CheckFileReader` reads back to the same values, in the order a person would write them.
package enum CheckFileWriter {
  /// Several files in one text, below a comment of some lines.
  package static func write(_ files: [CheckFile], comment: [String] = []) -> String {
    comment.map { "# \($0)\n" }.joined() + files.map { write($0) }.joined(separator: CheckFileReader.separator)
  }

  package static func write(_ file: CheckFile) -> String {
    var out = YAMLText()
    out.line("version: \(CheckFile.version)")
    out.field("namespace", file.namespace)
    out.list("data_sources", file.dataSources, write)
    out.list("datasets", file.datasets, write)
    out.list("libraries", file.libraries, write)
    out.list("checkers", file.checkers) { checker, out in write(checker, module: file.modules[checker.id], &out) }
    out.list("actions", file.actions, write)
    if let tree = file.routing {
      if tree.routes.isEmpty {
        out.raw("routing", "{}")
      } else {
        out.nested("routing") { RoutingText.write(tree, &$0) }
      }
    }
    return out.text
  }

  private static func write(_ source: DataSource, _ out: inout YAMLText) {
    let standard = QueryLimits()
    out.field("name", source.name)
    out.field("driver", source.driver.rawValue)
    out.field("uri", source.uri)
    out.optional("description", source.description)
    if source.limits.timeoutSeconds != standard.timeoutSeconds { out.raw("timeout", "\(source.limits.timeoutSeconds)") }
    if source.limits.maxRows != standard.maxRows { out.raw("max_rows", "\(source.limits.maxRows)") }
    if source.limits.maxBytes != standard.maxBytes { out.raw("max_bytes", "\(source.limits.maxBytes)") }
    if source.maxConnections != 4 { out.raw("max_connections", "\(source.maxConnections)") }
    out.mapping("options", source.options)
  }

  private static func write(_ dataset: Dataset, _ out: inout YAMLText) {
    out.field("name", dataset.id.name)
    out.field("data_source", dataset.dataSource)
    out.optional("description", dataset.description)
    out.field("sql", dataset.sql)
  }

  private static func write(_ checker: Checker, module: [UInt8]?, _ out: inout YAMLText) {
    out.field("name", checker.id.name)
    out.optional("description", checker.description)
    if let schedule = checker.schedule {
      out.field("schedule", schedule.text)
      if schedule.timeZone != "UTC" { out.field("timezone", schedule.timeZone) }
    }
    if checker.severity != .warning { out.field("severity", checker.severity.rawValue) }
    out.optional("owner", checker.owner)
    out.texts("tags", checker.tags)
    out.texts("actions", checker.actions)
    if !checker.isEnabled { out.raw("enabled", "false") }
    out.optional("runbook", checker.runbook)
    if let source = checker.dataSource { out.field("data_source", source) }
    var policy = checker.alarm
    if checker.body.isPushed { policy.staleAfterSeconds = AlarmPolicy.standard.staleAfterSeconds }
    write(policy, &out)
    if checker.body.isPushed {
      let grace = checker.alarm.staleAfterSeconds.map(DurationText.write)
      out.nested("heartbeat") { $0.field("grace", grace ?? AlarmPolicyText.never) }
    }
    write(checker.body, module: module, &out)
  }

  private static func write(_ policy: AlarmPolicy, _ out: inout YAMLText) {
    let fields = AlarmPolicyText.fields(policy)
    if fields.isEmpty { return }
    out.nested("alarm") { out in
      for (key, value) in fields {
        switch value {
        case .text(let text): out.field(key, text)
        case .number(let number): out.raw(key, "\(number)")
        case .list(let texts): out.texts(key, texts)
        }
      }
    }
  }

  private static func write(_ action: Action, _ out: inout YAMLText) {
    out.field("name", action.name)
    out.field("channel", action.channel)
    out.mapping("settings", action.settings)
    if action.notices.count != AlarmTransition.Notice.allCases.count {
      out.texts("notices", action.notices.map(\.rawValue).sorted())
    }
    if !action.isDefault { out.raw("default", "false") }
    if !action.isEnabled { out.raw("enabled", "false") }
    if let grouping = action.grouping {
      out.texts("group_by", grouping.by)
      out.field("group_wait", DurationText.write(grouping.waitSeconds))
      out.field("group_interval", DurationText.write(grouping.intervalSeconds))
    }
    if let fallback = action.fallback { out.field("fallback", fallback) }
  }

  private static func bounds(of threshold: Threshold) -> String {
    let bounds = threshold.bounds.map(\.description)
    return bounds.count == 2 ? "[\(bounds[0]), \(bounds[1])]" : bounds[0]
  }

  static func write(_ rule: Rule, _ out: inout YAMLText) {
    out.field("check", rule.check)
    out.field("dataset", rule.dataset)
    if let name = rule.name { out.field("name", name) }
    for parameter in RuleCatalogue.kind(rule.check)?.parameters ?? [] {
      switch rule.parameters[parameter.key] {
      case .scalar(let value): out.raw(parameter.key, YAMLText.scalar(value))
      case .list(let values): out.raw(parameter.key, "[\(values.map(YAMLText.scalar).joined(separator: ", "))]")
      case nil: break
      }
    }
    if let filter = rule.filter { out.field("where", filter) }
    if rule.percent { out.raw("percent", "true") }
    if let threshold = rule.threshold { out.raw(threshold.key, bounds(of: threshold)) }
    if let recovery = rule.recovery { out.raw("recovery", "{\(recovery.key): \(bounds(of: recovery))}") }
    if rule.level != .fail { out.field("level", rule.level.rawValue) }
    if let onEmpty = rule.onEmpty { out.field("on_empty", onEmpty.rawValue) }
    out.texts("keys", rule.keys)
    if rule.sampleSize != Rule.defaultSampleSize { out.raw("sample_size", "\(rule.sampleSize)") }
    if let message = rule.message { out.field("message", message) }
  }
}
