import Domain

/// Grows one column value by value.
struct ColumnBuilder {
  enum Kind { case nulls, booleans, integers, doubles, bytes }

  var description: ColumnDescription
  private(set) var kind: Kind
  private(set) var count = 0
  private var validity: [UInt8] = []
  private var booleans: [Bool] = []
  private var integers: [Int64] = []
  private var doubles: [Double] = []
  private var offsets: [Int] = [0]
  private var bytes: [UInt8] = []

  init(_ description: ColumnDescription, kind: Kind) {
    self.description = description
    self.kind = kind
  }

  mutating func appendNull() {
    if validity.isEmpty { fillValidity() }
    appendValidity(false)
    switch kind {
    case .nulls: break
    case .booleans: booleans.append(false)
    case .integers: integers.append(0)
    case .doubles: doubles.append(0)
    case .bytes: offsets.append(bytes.count)
    }
    count += 1
  }

  mutating func append(_ value: Bool) {
    booleans.append(value)
    appended()
  }

  mutating func append(_ value: Int64) {
    integers.append(value)
    appended()
  }

  mutating func append(_ value: Double) {
    doubles.append(value)
    appended()
  }

  mutating func append(_ value: UnsafeRawBufferPointer) {
    bytes.append(contentsOf: value)
    offsets.append(bytes.count)
    appended()
  }

  mutating func append(_ value: some StringProtocol) {
    bytes.append(contentsOf: value.utf8)
    offsets.append(bytes.count)
    appended()
  }

  /// Appends text; what is no UTF-8 (SQLite and databases in SQL_ASCII hand on any bytes) is replaced.
  mutating func appendText(_ value: UnsafeRawBufferPointer) {
    if value.allSatisfy({ $0 < 0x80 }) {
      append(value)
    } else {
      append(String(decoding: value, as: UTF8.self))
    }
  }

  /// Appends what `write` adds to the bytes.
  mutating func append(writing write: (inout [UInt8]) -> Void) {
    write(&bytes)
    offsets.append(bytes.count)
    appended()
  }

  /// Gives a column that had only NULLs so far the kind of its first value.
  mutating func become(_ kind: Kind) {
    guard self.kind == .nulls else { return }
    self.kind = kind
    switch kind {
    case .nulls: break
    case .booleans: booleans = Array(repeating: false, count: count)
    case .integers: integers = Array(repeating: 0, count: count)
    case .doubles: doubles = Array(repeating: 0, count: count)
    case .bytes: offsets = Array(repeating: 0, count: count + 1)
    }
  }

  /// Turns integers into doubles: a whole number met a fraction.
  mutating func promoteToDoubles() {
    guard kind == .integers else { return }
    doubles = integers.map(Double.init)
    integers = []
    kind = .doubles
  }

  /// Turns everything so far into text: the column holds values of several kinds.
  mutating func promoteToText() {
    guard kind != .bytes || description.type == .binary else { return }
    let before = column()
    let count = count
    kind = .bytes
    (booleans, integers, doubles, bytes, offsets) = ([], [], [], [], [0])
    for index in 0..<count {
      if !before.isNull(at: index) { bytes.append(contentsOf: before.cell(at: index).text.utf8) }
      offsets.append(bytes.count)
    }
    description.type = .text
  }

  func column() -> ColumnVector {
    let storage: ColumnVector.Storage =
      switch kind {
      case .nulls: .nulls
      case .booleans: .booleans(booleans)
      case .integers: .integers(integers)
      case .doubles: .doubles(doubles)
      case .bytes: .bytes(offsets: offsets, bytes: bytes)
      }
    return ColumnVector(description: description, validity: validity, storage: storage)
  }

  private mutating func appended() {
    if !validity.isEmpty { appendValidity(true) }
    count += 1
  }

  private mutating func fillValidity() {
    validity = Array(repeating: 0xFF, count: count >> 3)
    if count & 7 != 0 { validity.append((1 << UInt8(count & 7)) - 1) }
    // An empty bitmap means "no NULL", so the first value of all may already need a byte.
    if validity.isEmpty { validity = [0] }
  }

  private mutating func appendValidity(_ isValid: Bool) {
    if count >> 3 >= validity.count { validity.append(0) }
    if isValid { validity[count >> 3] |= 1 << UInt8(count & 7) }
  }
}

/// Counts what a result takes.
struct ResultBudget {
  let limits: QueryLimits
  let truncates: Bool
  private(set) var rows = 0
  private(set) var bytes = 0

  enum Verdict { case fits, full }

  init(_ limits: QueryLimits, truncates: Bool) {
    self.limits = limits
    self.truncates = truncates
  }

  /// Asks for one more row of `size` bytes. `.full`: leave it out, the result is truncated.
  mutating func admit(_ size: Int) throws(QueryError) -> Verdict {
    if rows >= limits.maxRows {
      if truncates { return .full }
      throw QueryError(
        .tooLarge, "The query gave more than \(limits.maxRows) rows, the limit of this data source.",
        hint: "Narrow the query, or raise the row limit.")
    }
    if size > limits.maxBytes - bytes {
      if truncates, rows > 0 { return .full }
      throw Self.tooManyBytes(limits)
    }
    rows += 1
    bytes += size
    return .fits
  }

  static func tooManyBytes(_ limits: QueryLimits) -> QueryError {
    QueryError(
      .tooLarge, "The query gave more than \(limits.maxBytes) bytes, the limit of this data source.",
      hint: "Select fewer columns or rows, or raise the byte limit.")
  }
}
