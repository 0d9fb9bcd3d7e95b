import Domain

extension GuestTrouble.Reason: WireValue {}

extension GuestTrouble: WireValue {
  func write(to writer: inout WireWriter) {
    writer.put(reason)
    writer.put(message)
    writer.put(traceback)
    writer.put(line)
  }

  init(from reader: inout WireReader) throws(WireError) {
    self.init(try reader.value(), try reader.value(), traceback: try reader.value(), line: try reader.value())
  }
}

extension GuestVerdict: WireValue {
  func write(to writer: inout WireWriter) {
    writer.put(passed)
    writer.put(assertion)
    writer.put(message)
    writer.put(dataset)
    writer.put(observed)
    writer.put(expected)
    writer.put(line)
    writer.put(sample)
    writer.put(isWarning)
  }

  init(from reader: inout WireReader) throws(WireError) {
    self.init(
      passed: try reader.value(), assertion: try reader.value(), message: try reader.value(),
      dataset: try reader.value(), observed: try reader.value(), expected: try reader.value(),
      line: try reader.value(), sample: try reader.value(), isWarning: try reader.value())
  }
}

extension GuestCost: WireValue {
  func write(to writer: inout WireWriter) {
    writer.put(fuel)
    writer.put(memoryBytes)
    writer.put(milliseconds)
    writer.put(hostCalls)
    writer.put(datasetBytes)
  }

  init(from reader: inout WireReader) throws(WireError) {
    self.init(
      fuel: try reader.value(), memoryBytes: try reader.value(), milliseconds: try reader.value(),
      hostCalls: try reader.value(), datasetBytes: try reader.value())
  }
}

extension GuestReport: WireValue {
  func write(to writer: inout WireWriter) {
    writer.put(verdicts)
    writer.put(log)
    writer.put(trouble)
    writer.put(cost)
  }

  init(from reader: inout WireReader) throws(WireError) {
    self.init(
      verdicts: try reader.value(), log: try reader.value(), trouble: try reader.value(), cost: try reader.value())
  }
}

extension ModuleDescription: WireValue {
  func write(to writer: inout WireWriter) {
    writer.put(digest)
    writer.put(byteCount)
    writer.put(imports)
    writer.put(exports)
    writer.put(isComponent)
  }

  init(from reader: inout WireReader) throws(WireError) {
    self.init(
      digest: try reader.value(), byteCount: try reader.value(), imports: try reader.value(),
      exports: try reader.value(), isComponent: try reader.value())
  }
}

extension GuestDataError.Kind: WireValue {}

extension GuestDataError: WireValue {
  func write(to writer: inout WireWriter) {
    writer.put(kind)
    writer.put(message)
  }

  init(from reader: inout WireReader) throws(WireError) { self.init(try reader.value(), try reader.value()) }
}
