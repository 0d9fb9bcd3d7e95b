import CheckFiles
import Checking

extension ImportReport.Change {
  /// The keys of the check file that differ.
  var fields: [String] {
    switch versions {
    case .dataSource(let old, let new): CheckFileDifferences.fields(old, new)
    case .dataset(let old, let new): CheckFileDifferences.fields(old, new)
    case .checker(let old, let new): CheckFileDifferences.fields(old, new)
    case .action(let old, let new): CheckFileDifferences.fields(old, new)
    case .library(let old, let new): CheckFileDifferences.fields(old, new)
    case .routing(let old, let new): CheckFileDifferences.fields(old, new)
    }
  }

  /// `checker shop/c0: schedule, rules[1].must_be_less_than`.
  var line: String {
    let fields = fields
    return fields.isEmpty ? name : "\(name): \(CheckFileDifferences.text(fields))"
  }
}
