import Domain

/// What a guest wants to know of the service.
struct WorkerAsk: WireValue, Sendable {
  enum Question: Sendable {
    case rows(dataset: String)
    case measure(dataset: String, expression: String, filter: String?)
  }

  /// Names it within its run.
  var request: UInt64
  var question: Question

  func write(to writer: inout WireWriter) {
    writer.put(request)
    switch question {
    case .rows(let dataset):
      writer.put(false)
      writer.put(dataset)
    case .measure(let dataset, let expression, let filter):
      writer.put(true)
      writer.put(dataset)
      writer.put(expression)
      writer.put(filter)
    }
  }

  init(request: UInt64, _ question: Question) {
    self.request = request
    self.question = question
  }

  init(from reader: inout WireReader) throws(WireError) {
    request = try reader.value()
    question =
      try reader.value(Bool.self)
      ? .measure(dataset: try reader.value(), expression: try reader.value(), filter: try reader.value())
      : .rows(dataset: try reader.value())
  }

  /// The frame that answers it, with what `data` has.
  func answer(from data: any GuestData, job: UInt64) async -> [UInt8] { frame(await answer(from: data), job) }

  /// The same where there is nothing to wait for; `nil` where there is.
  func answerAtOnce(from data: any GuestData, job: UInt64) -> [UInt8]? {
    guard case .rows(let dataset) = question, let held = data.held(dataset) else { return nil }
    return frame(.rows(held), job)
  }

  private func frame(_ answer: WorkerAnswer, _ job: UInt64) -> [UInt8] {
    Frame.bytes(.answer, job) { writer in
      writer.put(request)
      writer.put(answer)
    }
  }

  private func answer(from data: any GuestData) async -> WorkerAnswer {
    do throws(GuestDataError) {
      switch question {
      case .rows(let dataset): return .rows(try await data.dataset(dataset))
      case .measure(let dataset, let expression, let filter):
        return .value(try await data.measure(dataset, expression: expression, filter: filter))
      }
    } catch {
      return .failure(error)
    }
  }
}

enum WorkerAnswer: WireValue, Sendable {
  case rows(ResultSet)
  case value(MeasuredValue)
  case failure(GuestDataError)

  func write(to writer: inout WireWriter) {
    switch self {
    case .rows(let rows):
      writer.put(number: UInt8(0))
      writer.put(rows)
    case .value(let value):
      writer.put(number: UInt8(1))
      writer.put(value)
    case .failure(let error):
      writer.put(number: UInt8(2))
      writer.put(error)
    }
  }

  init(from reader: inout WireReader) throws(WireError) {
    switch try reader.number(UInt8.self) {
    case 0: self = .rows(try reader.value())
    case 1: self = .value(try reader.value())
    case 2: self = .failure(try reader.value())
    default: throw WireError(description: "an answer of no known kind")
    }
  }
}
