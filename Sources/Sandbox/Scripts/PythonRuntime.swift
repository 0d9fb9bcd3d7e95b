import Domain

/// CPython, in a component. Every run has an instance of its own, which starts from the snapshot in the component.
final class PythonRuntime: ScriptRuntime {
  let language = ScriptLanguage.python
  private let files: GuestFiles
  private let component = Once<CompiledComponent>()

  init(_ files: GuestFiles) { self.files = files }

  func prepare(_ engine: Engine) throws(GuestTrouble) { _ = try compiled(engine) }

  private func compiled(_ engine: Engine) throws(GuestTrouble) -> CompiledComponent {
    try component.get { () throws(GuestTrouble) in
      let (code, digest, byteCount) = try files.load("python.wasm", .component, engine)
      return try CompiledComponent(
        code, engine: engine, functions: Self.functions, export: "run", digest: digest, byteCount: byteCount)
    }
  }

  func report(_ host: HostCalls, _ engine: Engine) -> GuestReport {
    do throws(GuestTrouble) {
      let component = try compiled(engine)
      host.restartClock()
      let (source, fileName) = host.scriptSource
      var report = ComponentRun.call(
        component, host, [.string(source), .string(fileName), .boolean(host.task.isTrial)], results: 1
      ) { result in
        ScriptTrouble.read(result?.text ?? "", host.limits)
      }
      report.translateFault(host)
      return report
    } catch {
      return host.report(trouble: error, fuel: 0)
    }
  }

  /// What `Guests/python/wit/script.wit` imports.
  private static let functions: [ComponentFunction] = [
    ComponentFunction("context") { (host, _) throws(GuestTrouble) in .utf8(try host.scriptContext()) },
    ComponentFunction("history") { (host, _) throws(GuestTrouble) in .utf8(try host.scriptHistory()) },
    ComponentFunction("library") { (host, values) throws(GuestTrouble) in
      .utf8(try host.scriptLibrary(try values.text(0)))
    },
    ComponentFunction("dataset") { (host, values) throws(GuestTrouble) in
      .utf8(try host.scriptDataset(try values.text(0)))
    },
    ComponentFunction("column") { (host, values) throws(GuestTrouble) in
      guard case .unsigned32(let index) = values.dropFirst().first else { return .utf8([]) }
      return .utf8(try host.scriptColumn(try values.text(0), Int(index)).latin1)
    },
    ComponentFunction("measure") { (host, values) throws(GuestTrouble) in
      .utf8(try host.scriptMeasure(try values.text(0), try values.text(1), try values.text(2)))
    },
    ComponentFunction("report") { (host, values) throws(GuestTrouble) in
      try host.scriptReport(try values.text(0))
      return nil
    },
    ComponentFunction("log") { (host, values) throws(GuestTrouble) in .boolean(try host.scriptLog(try values.text(0)))
    },
  ]
}

extension GuestReport {
  /// A fault that the engine found, and not the guest, is put in the author's terms.
  mutating func translateFault(_ host: HostCalls) {
    guard let found = trouble, host.stopped == nil, [.trap, .stack, .memory].contains(found.reason),
      found.reason != .memory || found.traceback?.contains("wasm") == true
    else { return }
    trouble = ScriptTrouble.translated(found)
  }
}
