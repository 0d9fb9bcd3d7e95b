import Domain

/// QuickJS, in a module. Every run has an instance of its own, which starts from the snapshot in the module.
final class JavaScriptRuntime: ScriptRuntime {
  let language = ScriptLanguage.javascript
  private let files: GuestFiles
  private let module = Once<CompiledModule>()

  init(_ files: GuestFiles) { self.files = files }

  func prepare(_ engine: Engine) throws(GuestTrouble) { _ = try compiled(engine) }

  private func compiled(_ engine: Engine) throws(GuestTrouble) -> CompiledModule {
    try module.get { () throws(GuestTrouble) in
      let (bytes, cache) = try files.find("javascript.wasm")
      return try ModuleLibrary.module(
        bytes, engine: engine, functions: Self.functions, exports: HostFunctions.checkExports, cache: cache,
        digest: ModuleBytes.digest(of: bytes), byteCount: bytes.count)
    }
  }

  func report(_ host: HostCalls, _ engine: Engine) -> GuestReport {
    do throws(GuestTrouble) {
      let module = try compiled(engine)
      host.restartClock()
      var report = ModuleRun.report(module, host, exports: ["check"])
      report.translateFault(host)
      let hasEnded = report.trouble == nil || report.trouble?.reason == .noVerdict
      if hasEnded, let told = ScriptTrouble.read(host.script.trouble, host.limits) {
        report.trouble = told
      }
      return report
    } catch {
      return host.report(trouble: error, fuel: 0)
    }
  }

  /// What `Guests/javascript/guest.c` imports.
  private static let functions = HostFunctions(["host": texts + others])

  private static let texts: [HostFunction] = [
    reply("context") { (frame) throws(GuestTrouble) in try frame.host.scriptContext() },
    reply("history") { (frame) throws(GuestTrouble) in try frame.host.scriptHistory() },
    reply("source") { (frame) throws(GuestTrouble) in Array(frame.host.scriptSource.source.utf8) },
    reply("file_name") { (frame) throws(GuestTrouble) in Array(frame.host.scriptSource.fileName.utf8) },
    reply("library", "ii") { (frame) throws(GuestTrouble) in try frame.host.scriptLibrary(try frame.text()) },
    reply("dataset", "ii") { (frame) throws(GuestTrouble) in try frame.host.scriptDataset(try frame.text()) },
    reply("column", "iii") { (frame) throws(GuestTrouble) in
      try frame.host.scriptColumn(try frame.text(), Int(frame.int32())).bytes
    },
    reply("measure", "iiiiii") { (frame) throws(GuestTrouble) in
      try frame.host.scriptMeasure(try frame.text(), try frame.text(), try frame.text())
    },
  ]

  private static let others: [HostFunction] = [
    HostFunction("take", "i") { (frame) throws(GuestTrouble) in
      let reply = frame.host.script.reply
      frame.host.script.reply = []
      try frame.bytes(at: frame.unsigned(), count: reply.count, "buffer").copyBytes(from: reply)
    },
    HostFunction("report", "ii") { (frame) throws(GuestTrouble) in try frame.host.scriptReport(try frame.text()) },
    HostFunction("trouble", "ii") { (frame) throws(GuestTrouble) in frame.host.script.trouble = try frame.text() },
    HostFunction("log", "ii", "i") { (frame) throws(GuestTrouble) in
      let isOpen = try frame.host.scriptLog(try frame.text())
      frame.give(Int32(isOpen ? 1 : 0))
    },
    HostFunction("is_trial", "", "i") { (frame) throws(GuestTrouble) in
      frame.give(Int32(frame.host.task.isTrial ? 1 : 0))
    },
  ]

  /// A function that gives how many bytes `take` will copy.
  private static func reply(
    _ name: String, _ parameters: String = "",
    _ body: @escaping @Sendable (inout HostFrame) throws(GuestTrouble) -> [UInt8]
  ) -> HostFunction {
    HostFunction(name, parameters, "i") { (frame) throws(GuestTrouble) in
      let bytes = try body(&frame)
      guard bytes.count < Int(Int32.max) else { throw frame.host.tooMuchData("") }
      frame.host.script.reply = bytes
      frame.give(Int32(bytes.count))
    }
  }
}

extension HostFrame {
  /// A text of any length; what is not UTF-8 in it is shown as �.
  fileprivate mutating func text() throws(GuestTrouble) -> String {
    String(decoding: try bytes("text"), as: UTF8.self)
  }
}
