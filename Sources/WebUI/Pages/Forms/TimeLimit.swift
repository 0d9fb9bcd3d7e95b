/// What `work` gives within `seconds`, else `fallback`: a page does not wait for a database that hangs.
func within<Value: Sendable>(
  _ seconds: Double, else fallback: Value, _ work: @escaping @Sendable () async -> Value
) async -> Value {
  await withTaskGroup(of: Value?.self) { group in
    group.addTask { await work() }
    group.addTask {
      try? await Task.sleep(for: .seconds(seconds))
      return nil
    }
    defer { group.cancelAll() }
    return await group.next().flatMap(\.self) ?? fallback
  }
}
