// For checkers in Embedded Swift: what a module imports from the checker. docs/wasm-abi.md says what each does.

@_extern(wasm, module: "checker", name: "ok") @_extern(c)
func checker_ok(_ message: UnsafeRawPointer?, _ count: Int32)
@_extern(wasm, module: "checker", name: "fail") @_extern(c)
func checker_fail(_ message: UnsafeRawPointer?, _ count: Int32)
@_extern(wasm, module: "checker", name: "open") @_extern(c)
func checker_open(_ name: UnsafeRawPointer?, _ count: Int32) -> Int32
@_extern(wasm, module: "checker", name: "next_row") @_extern(c)
func checker_next_row(_ cursor: Int32) -> Int32
@_extern(wasm, module: "checker", name: "column") @_extern(c)
func checker_column(_ cursor: Int32, _ name: UnsafeRawPointer?, _ count: Int32) -> Int32
@_extern(wasm, module: "checker", name: "is_null") @_extern(c)
func checker_is_null(_ cursor: Int32, _ column: Int32) -> Int32
@_extern(wasm, module: "checker", name: "get_i64") @_extern(c)
func checker_get_i64(_ cursor: Int32, _ column: Int32) -> Int64
@_extern(wasm, module: "checker", name: "get_f64") @_extern(c)
func checker_get_f64(_ cursor: Int32, _ column: Int32) -> Double
@_extern(wasm, module: "checker", name: "get_text") @_extern(c)
func checker_get_text(_ cursor: Int32, _ column: Int32, _ buffer: UnsafeMutableRawPointer?, _ capacity: Int32) -> Int32
@_extern(wasm, module: "checker", name: "log") @_extern(c)
func checker_log(_ line: UnsafeRawPointer?, _ count: Int32)
@_extern(wasm, module: "checker", name: "metric") @_extern(c)
func checker_metric(
  _ dataset: UnsafeRawPointer?, _ count: Int32, _ expression: UnsafeRawPointer?, _ expressionCount: Int32
) -> Double
@_extern(wasm, module: "checker", name: "assert_rows_less_than") @_extern(c)
func checker_assert_rows_less_than(
  _ dataset: UnsafeRawPointer?, _ count: Int32, _ limit: Int64, _ message: UnsafeRawPointer?, _ messageCount: Int32
) -> Int32

func ok(_ message: String) { message.withBytes { checker_ok($0, $1) } }
func fail(_ message: String) { message.withBytes { checker_fail($0, $1) } }
/// A line in the run's log.
func log(_ line: String) { line.withBytes { checker_log($0, $1) } }

/// An aggregate, computed by the database; NaN for NULL.
func metric(_ dataset: String, _ expression: String) -> Double {
  dataset.withBytes { name, count in expression.withBytes { checker_metric(name, count, $0, $1) } }
}

/// Counted by the database: no row comes over. Returns whether it holds.
@discardableResult
func assertRows(of dataset: String, lessThan limit: Int64, _ message: String) -> Bool {
  dataset.withBytes { name, count in
    message.withBytes { checker_assert_rows_less_than(name, count, limit, $0, $1) != 0 }
  }
}

struct Rows {
  private let cursor: Int32

  init(_ dataset: String) { cursor = dataset.withBytes { checker_open($0, $1) } }

  func next() -> Bool { checker_next_row(cursor) != 0 }

  func column(_ name: String) -> Int32 { name.withBytes { checker_column(cursor, $0, $1) } }

  func isNull(_ column: Int32) -> Bool { checker_is_null(cursor, column) != 0 }

  /// 0 for NULL; what is no number ends the run.
  func integer(_ column: Int32) -> Int64 { checker_get_i64(cursor, column) }

  /// NaN for NULL; what is no number ends the run.
  func double(_ column: Int32) -> Double { checker_get_f64(cursor, column) }

  /// As the database writes it; `nil` for NULL.
  func text(_ column: Int32) -> String? {
    let size = checker_get_text(cursor, column, nil, 0)
    if size < 0 { return nil }
    return String(unsafeUninitializedCapacity: Int(size)) { buffer in
      Int(checker_get_text(cursor, column, buffer.baseAddress, size))
    }
  }
}

extension String {
  fileprivate func withBytes<Result>(_ body: (UnsafeRawPointer?, Int32) -> Result) -> Result {
    var copy = self
    return copy.withUTF8 { body($0.baseAddress, Int32($0.count)) }
  }
}
