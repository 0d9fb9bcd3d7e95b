extension Assertion {
  /// How many of the failing rows are shown: `2 of 4`. Of values that repeat, a row is a value and not a failing row.
  package func sampleWords(_ shown: Int, number: (Int) -> String) -> String {
    let total = sample?.total ?? shown
    guard check == "unique" else { return "\(number(shown)) of \(number(total))" }
    return "\(number(shown)) \(shown == 1 ? "value that repeats" : "values that repeat"), "
      + "\(number(total)) surplus \(total == 1 ? "row" : "rows") in all"
  }
}
