/// Words as a sentence lists them.
package enum WordList {
  /// `bus, chat and mail`; nothing of none.
  package static func text(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " and " + last
  }
}
