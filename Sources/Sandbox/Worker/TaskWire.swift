import Domain

extension ScriptLanguage: WireValue {}
extension Outcome: WireValue {}

extension GuestTask.Program: WireValue {
  func write(to writer: inout WireWriter) {
    switch self {
    case .module(let bytes):
      writer.put(false)
      writer.put(numbers: bytes)
    case .script(let language, let source, let fileName):
      writer.put(true)
      writer.put(language)
      writer.put(source)
      writer.put(fileName)
    }
  }

  init(from reader: inout WireReader) throws(WireError) {
    self =
      try reader.value(Bool.self)
      ? .script(try reader.value(), source: try reader.value(), fileName: try reader.value())
      : .module(try reader.numbers())
  }
}

extension GuestContext.PreviousRun: WireValue {
  func write(to writer: inout WireWriter) {
    writer.put(startedAt)
    writer.put(outcome)
    writer.put(observed)
  }

  init(from reader: inout WireReader) throws(WireError) {
    self.init(startedAt: try reader.value(), outcome: try reader.value(), observed: try reader.value())
  }
}

extension GuestContext: WireValue {
  func write(to writer: inout WireWriter) {
    writer.put(namespace)
    writer.put(checker)
    writer.put(runID)
    writer.put(seed)
    writer.put(now)
    writer.put(timeZone)
    writer.put(parameters)
    writer.put(previous)
  }

  init(from reader: inout WireReader) throws(WireError) {
    self.init(
      namespace: try reader.value(), checker: try reader.value(), runID: try reader.value(), seed: try reader.value(),
      now: try reader.value(), timeZone: try reader.value(), parameters: try reader.value(),
      previous: try reader.value())
  }
}

extension GuestLimits: WireValue {
  func write(to writer: inout WireWriter) {
    writer.put(seconds)
    writer.put(dataSeconds)
    for bound in [memoryBytes, moduleBytes, messages, messageBytes, logBytes, datasetBytes, hostCalls] {
      writer.put(bound)
    }
  }

  init(from reader: inout WireReader) throws(WireError) {
    self.init(
      seconds: try reader.value(), dataSeconds: try reader.value(), memoryBytes: try reader.value(),
      moduleBytes: try reader.value(), messages: try reader.value(), messageBytes: try reader.value(),
      logBytes: try reader.value(), datasetBytes: try reader.value(), hostCalls: try reader.value())
  }
}

/// A task without its data, for which the worker asks.
struct TaskOrder: WireValue {
  var program: GuestTask.Program
  var libraries: [String: String]
  var context: GuestContext
  var limits: GuestLimits
  var isTrial: Bool

  init(_ task: GuestTask) {
    program = task.program
    libraries = task.libraries
    context = task.context
    limits = task.limits
    isTrial = task.isTrial
  }

  func task(data: any GuestData) -> GuestTask {
    GuestTask(
      program: program, libraries: libraries, context: context, data: data, limits: limits, isTrial: isTrial)
  }

  func write(to writer: inout WireWriter) {
    writer.put(program)
    writer.put(libraries)
    writer.put(context)
    writer.put(limits)
    writer.put(isTrial)
  }

  init(from reader: inout WireReader) throws(WireError) {
    program = try reader.value()
    libraries = try reader.value()
    context = try reader.value()
    limits = try reader.value()
    isTrial = try reader.value()
  }
}
