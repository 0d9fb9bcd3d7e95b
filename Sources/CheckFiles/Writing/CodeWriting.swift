package import Domain
import Foundation

extension CheckFileWriter {
  static func write(_ body: CheckerBody, module bytes: [UInt8]?, _ out: inout YAMLText) {
    switch body {
    case .rules(let rules): out.list("rules", rules, write)
    case .script(let script):
      out.nested("script") { out in
        out.field("language", script.language.rawValue)
        out.field("source", script.source)
      }
    // Its schedule and grace stand where those of all checkers do; the grace is given here, so that it is seen.
    case .heartbeat: break
    case .module(let module):
      out.nested("module") { out in
        out.field("file_name", module.fileName)
        if let bytes {
          out.field(
            "base64", Data(bytes).base64EncodedString(options: [.lineLength76Characters, .endLineWithLineFeed]))
        } else {
          out.field("sha256", module.digest)
          out.raw("size", "\(module.byteCount)")
        }
      }
      out.texts("datasets", module.datasets)
    }
    if case .heartbeat = body { return }
    if !body.limits.isStandard { out.nested("limits") { write(body.limits, &$0) } }
    if !body.parameters.isEmpty {
      out.nested("parameters") { out in
        for (name, value) in body.parameters.sorted(by: { $0.key < $1.key }) {
          out.field(YAMLText.quotedIfNeeded(name), value)
        }
      }
    }
    out.list("fixtures", body.fixtures, write)
  }

  private static func write(_ limits: CodeLimits, _ out: inout YAMLText) {
    if let seconds = limits.seconds { out.raw("seconds", CodeLimits.text(seconds)) }
    if let memory = limits.memoryMiB { out.raw("memory_mib", "\(memory)") }
    if let data = limits.dataMiB { out.raw("data_mib", "\(data)") }
  }

  static func write(_ library: Library, _ out: inout YAMLText) {
    out.field("name", library.fileName)
    out.field("source", library.source)
  }

  private static func write(_ fixture: Fixture, _ out: inout YAMLText) {
    out.field("name", fixture.name)
    out.field("expect", fixture.expected.rawValue)
    if let now = fixture.now { out.raw("now", MomentText.write(now)) }
    if fixture.datasets.isEmpty { return }
    out.nested("datasets") { out in
      for rows in fixture.datasets { out.raw(YAMLText.quotedIfNeeded(rows.dataset), flow(rows)) }
    }
  }

  /// The datasets of a fixture as a page shows them.
  package static func text(of datasets: [Fixture.Rows]) -> String {
    datasets.map { rows in
      let name = YAMLText.quotedIfNeeded(rows.dataset)
      if rows.rows.isEmpty { return "\(name): \(flow(rows))\n" }
      return "\(name):\n" + rows.rows.map { "  - \(mapping(rows.columns, $0))\n" }.joined()
    }.joined()
  }

  private static func flow(_ rows: Fixture.Rows) -> String {
    if rows.rows.isEmpty {
      return "{columns: [\(rows.columns.map(YAMLText.quotedIfNeeded).joined(separator: ", "))], rows: []}"
    }
    return "[\(rows.rows.map { mapping(rows.columns, $0) }.joined(separator: ", "))]"
  }

  private static func mapping(_ columns: [String], _ row: [Cell]) -> String {
    "{\(zip(columns, row).map { "\(YAMLText.quotedIfNeeded($0)): \(scalar($1))" }.joined(separator: ", "))}"
  }

  private static func scalar(_ cell: Cell) -> String {
    switch cell {
    case .null, .boolean, .integer, .double, .decimal: cell.text
    case .text(let text): YAMLText.quotedIfNeeded(text)
    case .binary: YAMLText.quotedIfNeeded(cell.text)
    }
  }
}
