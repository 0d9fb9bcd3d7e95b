import Domain

/// The plan that most kinds share: count the rows for which `offence` is true.
///
/// SQL's three-valued logic decides about NULL: where the offence is unknown, the row does not count.
func countPlan(_ scan: Scan, offence: String) -> RulePlan {
  RulePlan(
    metrics: [.aggregate(scan.count(where: offence)), .aggregate(scan.count())], sample: .rows(condition: offence)
  ) { values in
    .count(values[0].count, of: values[1].count)
  }
}
