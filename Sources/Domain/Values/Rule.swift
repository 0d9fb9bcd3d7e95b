/// One assertion that a form makes about a dataset. What `check` means, and which parameters it takes, stands in the
/// rule catalogue (target `Rules`).
package struct Rule: Hashable, Codable, Sendable {
  /// The kind's key in the catalogue: `row_count`, `missing` ...
  package var check: String
  /// The dataset's name, bare when it lives in the checker's namespace, else `namespace/name`.
  package var dataset: String
  /// The user's own name for the rule; shown in place of the sentence.
  package var name: String?
  /// What to tell people when the rule does not hold.
  package var message: String?
  package var level: Level
  /// A SQL condition: only rows for which it is true count.
  package var filter: String?
  /// Measure a share of rows, 0 to 100, in place of their number.
  package var percent: Bool
  /// `nil` takes the kind's default.
  package var threshold: Threshold?
  /// What the value must be before a red alarm counts as well again; `nil`: what `threshold` says.
  package var recovery: Threshold?
  /// `nil` takes the kind's default.
  package var onEmpty: OnEmpty?
  /// The columns that name a row to a person; empty shows all columns in the sample.
  package var keys: [String]
  /// How many failing rows to keep, 0 to 1,000.
  package var sampleSize: Int
  /// What is particular to the kind: `column`, `values`, `min` ...
  package var parameters: [String: Parameter]

  package static let defaultSampleSize = 20
  package static let sampleSizes = 0...1000

  package enum Parameter: Hashable, Sendable {
    case scalar(Scalar)
    case list([Scalar])
  }

  package init(
    check: String, dataset: String, name: String? = nil, message: String? = nil, level: Level = .fail,
    filter: String? = nil, percent: Bool = false, threshold: Threshold? = nil, recovery: Threshold? = nil,
    onEmpty: OnEmpty? = nil,
    keys: [String] = [], sampleSize: Int = Self.defaultSampleSize, parameters: [String: Parameter] = [:]
  ) {
    self.check = check
    self.dataset = dataset
    self.name = name
    self.message = message
    self.level = level
    self.filter = filter
    self.percent = percent
    self.threshold = threshold
    self.recovery = recovery
    self.onEmpty = onEmpty
    self.keys = keys
    self.sampleSize = sampleSize
    self.parameters = parameters
  }
}

extension Rule.Parameter: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let list = try? container.decode([Scalar].self) {
      self = .list(list)
    } else {
      self = .scalar(try container.decode(Scalar.self))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .scalar(let value): try container.encode(value)
    case .list(let values): try container.encode(values)
    }
  }
}
