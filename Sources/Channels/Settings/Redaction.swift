/// Takes secrets out of texts that people will read.
struct Redaction: Sendable {
  private let secrets: [String]

  /// Longer ones first, so that a secret within a secret leaves nothing behind. Shorter than four characters they
  /// would hide common words and protect nothing.
  init(_ secrets: [String]) {
    self.secrets = Set(secrets).filter { $0.count >= 4 }.sorted { ($1.count, $0) < ($0.count, $1) }
  }

  func apply(to text: String) -> String {
    secrets.reduce(text) { $0.replacing($1, with: "•••") }
  }
}
