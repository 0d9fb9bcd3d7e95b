package import Domain

extension Rule {
  /// The fields in which it has SQL of its own, `where` first.
  package var sqlFields: [String] {
    let parameters = RuleCatalogue.kind(check)?.parameters ?? []
    return (filter == nil ? [] : ["where"])
      + parameters.filter { $0.kind == .sql && self.parameters[$0.key] != nil }.map(\.key)
  }
}

extension PushDown.Request {
  /// A statement that says whether the SQL of one field makes sense by itself, as a condition.
  package func statement(of field: String, _ dialect: SQLDialect) -> String? {
    guard let sql = field == "where" ? rule.filter : rule.text(field) else { return nil }
    let from =
      switch source {
      case .table(let path): dialect.quotedPath(path)
      case .query(let sql): RowSource.subquery(sql)
      }
    return "SELECT 1 FROM \(from) WHERE (\(sql)\n)"
  }
}
