package import Domain

/// One kind of rule: what a user sets, what is asked of the database, and what the answer means.
///
/// A new kind is one file in `Kinds/` and one line in `RuleCatalogue`.
package protocol RuleKind: Sendable {
  /// The value of `check` in files and the API: `row_count`.
  var key: String { get }
  /// In the form: `row count`.
  var title: String { get }
  /// The exact semantics, NULL and empty data included, in a few sentences.
  var help: String { get }
  var parameters: [RuleParameter] { get }
  var takesPercent: Bool { get }
  /// What holds when the user gives no threshold; `nil`: the user must give one.
  var defaultThreshold: Threshold? { get }
  /// What it counts are rows that are wrong, each by itself.
  var hasFailingRows: Bool { get }
  /// What the rule says about no rows, or a NULL value.
  var defaultOnEmpty: OnEmpty { get }

  /// Problems beyond required parameters and their types.
  func problems(with rule: Rule) -> [RuleProblem]
  /// The rule in English without its threshold: `missing email in users`.
  func subject(of rule: Rule) -> String
  /// The unit of what is measured, when it is not a percentage: `rows`, `hours`.
  func unit(of rule: Rule) -> String
  /// Why a number is no answer to what the rule asks, in words, though its threshold may hold.
  func objection(to number: ExactDecimal, _ rule: Rule) -> String?
  /// What to ask the database.
  func plan(_ rule: Rule, scan: Scan) -> RulePlan
}

extension RuleKind {
  package func problems(with rule: Rule) -> [RuleProblem] { [] }
  package func unit(of rule: Rule) -> String { "rows" }
  package func objection(to number: ExactDecimal, _ rule: Rule) -> String? { nil }
  package var takesPercent: Bool { true }
  package var hasFailingRows: Bool { true }
  package var defaultOnEmpty: OnEmpty { .pass }
  package var defaultThreshold: Threshold? { .equal(ExactDecimal(0)) }
}

/// A field that is particular to a kind of rule.
package struct RuleParameter: Sendable, Hashable {
  package enum Kind: Sendable, Hashable {
    /// The name of one column of the dataset.
    case column
    case columns
    /// A list of literals.
    case values
    /// One literal: a number, a date, a text.
    case scalar
    case text
    /// A regular expression of the database.
    case pattern
    /// A piece of SQL: a condition, or an aggregate.
    case sql
    case boolean
    case choice([String])
  }

  package var key: String
  package var label: String
  package var help: String
  package var kind: Kind
  package var isRequired: Bool
  /// Other names under which a file may give it.
  package var aliases: [String]

  package init(
    _ key: String, label: String, help: String = "", kind: Kind, isRequired: Bool = false, aliases: [String] = []
  ) {
    self.key = key
    self.label = label
    self.help = help
    self.kind = kind
    self.isRequired = isRequired
    self.aliases = aliases
  }
}

/// What is wrong with a rule, and how to mend it.
package struct RuleProblem: Error, Hashable, Sendable {
  /// The field at fault: `check`, `where`, `must_be_between`, `column` ...
  package var field: String
  package var message: String

  package init(field: String, message: String) {
    self.field = field
    self.message = message
  }
}

/// What one rule asks of the database and how the answer is read.
package struct RulePlan: Sendable {
  /// SQL expressions, one value each, in the order that `read` takes them.
  package var metrics: [Metric]
  package var read: @Sendable ([Cell]) -> Measurement
  package var sample: SampleSource?
  /// What stands after FROM for the failing rows with the rule's keys; `nil` where `sample` says it.
  package var failingRows: String?

  package init(
    metrics: [Metric], sample: SampleSource?, failingRows: String? = nil,
    read: @escaping @Sendable ([Cell]) -> Measurement
  ) {
    self.metrics = metrics
    self.sample = sample
    self.failingRows = failingRows
    self.read = read
  }
}

/// One value to be measured.
package enum Metric: Hashable, Sendable {
  /// An aggregate over the scan; many share one SELECT.
  case aggregate(String)
  /// A whole SELECT of one row and so many columns, a value each: it would spoil a shared scan (`count(DISTINCT)`).
  case statement(String, columns: Int = 1)
}

/// The failing rows of a rule.
package enum SampleSource: Hashable, Sendable {
  /// The scan's rows for which the condition is true.
  case rows(condition: String?)
  /// A whole SELECT that names the columns and orders by what matters.
  case statement(String)
}

/// What the database measured for one rule.
package enum Measurement: Sendable, Hashable {
  /// So many rows, of so many that were looked at.
  case count(Int64, of: Int64)
  /// One number.
  case value(Cell)
  /// There was nothing to measure.
  case empty
  /// The answer makes no sense, for this reason.
  case unusable(String)
}
