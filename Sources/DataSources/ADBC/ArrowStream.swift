import CADBC
import Domain

/// The names and formats of a result's columns.
struct ArrowFields {
  struct Field {
    var name: String
    /// As Arrow's C data interface writes it: `l` for a 64-bit integer.
    var format: String
    var extensionName: String?
    /// A decimal number of any size as text: Arrow has no type for PostgreSQL's `numeric`.
    var isDecimalText = false
    /// A whole number of any size.
    var isBigNumber = false
    var children: [Field] = []
    /// Of the values, when the column holds indices into a dictionary.
    var dictionary: [Field] = []
  }

  let fields: [Field]

  init(_ schema: ArrowSchema) { fields = Self.field(schema).children }

  var columns: [ColumnDescription] {
    fields.map {
      ColumnDescription(name: $0.name, type: ArrowTypes.type(of: $0), databaseType: ArrowTypes.name(of: $0))
    }
  }

  private static func field(_ schema: ArrowSchema) -> Field {
    let metadata = metadata(schema.metadata)
    let name = metadata["ARROW:extension:name"]
    return Field(
      name: schema.name.map { String(cString: $0) } ?? "", format: schema.format.map { String(cString: $0) } ?? "",
      extensionName: name,
      isDecimalText: metadata["ADBC:postgresql:typname"] == "numeric" && schema.format.map { $0[0] == 0x75 } ?? false,
      isBigNumber: BigNumber.isMeant(extensionName: name, metadata: metadata["ARROW:extension:metadata"]),
      children: (0..<Int(schema.n_children)).compactMap { schema.children[$0].map { field($0.pointee) } },
      dictionary: schema.dictionary.map { [field($0.pointee)] } ?? [])
  }

  /// Metadata is a count, then that many keys and values, each a length and its bytes; all lengths are 32 bits in the
  /// machine's own order.
  private static func metadata(_ metadata: UnsafePointer<CChar>?) -> [String: String] {
    guard var place = metadata.map({ UnsafeRawPointer($0) }) else { return [:] }
    var texts: [String: String] = [:]
    func number() -> Int {
      defer { place += 4 }
      return Int(place.loadUnaligned(as: Int32.self))
    }
    func text() -> String {
      let count = number()
      defer { place += count }
      return String(decoding: UnsafeRawBufferPointer(start: place, count: count), as: UTF8.self)
    }
    for _ in 0..<number() {
      let (key, value) = (text(), text())
      texts[key] = value
    }
    return texts
  }
}

/// Batches of rows as a driver gives them.
final class ArrowStream {
  fileprivate let driver: ADBCDriver
  let pointer: UnsafeMutablePointer<ArrowArrayStream>

  init(_ driver: ADBCDriver) {
    self.driver = driver
    pointer = .allocate(capacity: 1)
    pointer.initialize(to: ArrowArrayStream())
  }

  deinit {
    pointer.pointee.release?(pointer)
    pointer.deallocate()
  }

  /// Reads all rows, or as many as the limits allow.
  func rows(_ query: Query) throws(QueryError) -> ResultSet {
    guard pointer.pointee.release != nil else { throw .noColumns }
    let fields = try schema()
    if fields.fields.isEmpty { throw .noColumns }
    var budget = ResultBudget(query.limits, truncates: query.truncates)
    var builders = zip(fields.columns, fields.fields).map { ColumnBuilder($0, kind: ArrowTypes.kind(of: $1)) }
    while true {
      var batch = ArrowArray()
      try check(pointer.pointee.get_next?(pointer, &batch) ?? 0)
      guard batch.release != nil else { break }
      defer { batch.release?(&batch) }
      if try append(batch, fields, to: &builders, &budget) == .full {
        return ResultSet(columns: builders.map { $0.column() }, rowCount: budget.rows, isTruncated: true)
      }
    }
    return ResultSet(columns: builders.map { $0.column() }, rowCount: budget.rows)
  }

  private func append(
    _ batch: ArrowArray, _ fields: ArrowFields, to builders: inout [ColumnBuilder], _ budget: inout ResultBudget
  ) throws(QueryError) -> ResultBudget.Verdict {
    let columns = fields.fields.indices.compactMap { index in
      batch.children[index].map { ArrowColumn(fields.fields[index], $0, parentOffset: Int(batch.offset)) }
    }
    for row in 0..<Int(batch.length) {
      let size = columns.reduce(0) { $0 + $1.size(of: row) }
      if try budget.admit(size) == .full { return .full }
      for index in columns.indices { columns[index].append(row, to: &builders[index]) }
    }
    return .fits
  }

  private func schema() throws(QueryError) -> ArrowFields {
    var schema = ArrowSchema()
    try check(pointer.pointee.get_schema?(pointer, &schema) ?? 0)
    defer { schema.release?(&schema) }
    return ArrowFields(schema)
  }

  /// Errors while rows are read come from the stream, with the driver's own words when it has them.
  private func check(_ code: Int32) throws(QueryError) {
    guard code != 0 else { return }
    let message = pointer.pointee.get_last_error?(pointer).map { trimmed(String(cString: $0)) }
    var status: AdbcStatusCode = 9
    var state = ""
    if let error = driver.functions.pointee.ErrorFromArrayStream?(pointer, &status) {
      state = withUnsafeBytes(of: error.pointee.sqlstate) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
    throw QueryError(adbcStatus: status, message ?? "The driver failed with error \(code).", state: state)
  }
}
