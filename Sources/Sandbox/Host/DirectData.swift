import Domain

/// Data that answers without a task to wait in: it is asked and replies on threads of its own.
protocol DirectData: GuestData {
  /// A reply is read on the thread of the guest that waits for it.
  typealias Reply<Value> = @Sendable (@escaping @Sendable () -> Result<Value, GuestDataError>) -> Void

  /// Calls `reply` at most once; returns what withdraws the question.
  func ask(_ dataset: String, _ reply: @escaping Reply<ResultSet>) -> RunSignal.Withdrawal

  func askMeasure(
    _ dataset: String, expression: String, filter: String?, _ reply: @escaping Reply<MeasuredValue>
  ) -> RunSignal.Withdrawal
}

extension RunSignal.Waited {
  fileprivate func read<Read>() -> RunSignal.Waited<Read> where Value == @Sendable () -> Read {
    switch self {
    case .answered(let answer): .answered(answer())
    case .timedOut: .timedOut
    case .cancelled: .cancelled
    }
  }
}

extension GuestData {
  /// Blocks the guest's thread until the rows are there.
  func wait(
    for dataset: String, _ signal: RunSignal, seconds: Double
  ) -> RunSignal.Waited<Result<ResultSet, GuestDataError>> {
    if let direct = self as? any DirectData {
      return signal.wait(seconds: seconds, asking: { direct.ask(dataset, $0) }).read()
    }
    return signal.wait(seconds: seconds) {
      do throws(GuestDataError) {
        return .success(try await self.dataset(dataset))
      } catch {
        return .failure(error)
      }
    }
  }

  /// Blocks the guest's thread until the aggregate is there.
  func wait(
    forMeasureOf dataset: String, expression: String, filter: String?, _ signal: RunSignal, seconds: Double
  ) -> RunSignal.Waited<Result<MeasuredValue, GuestDataError>> {
    if let direct = self as? any DirectData {
      let ask = { reply in direct.askMeasure(dataset, expression: expression, filter: filter, reply) }
      return signal.wait(seconds: seconds, asking: ask).read()
    }
    return signal.wait(seconds: seconds) {
      do throws(GuestDataError) {
        return .success(try await self.measure(dataset, expression: expression, filter: filter))
      } catch {
        return .failure(error)
      }
    }
  }
}
