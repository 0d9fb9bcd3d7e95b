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

func ok(_ message: String) { message.withBytes { checker_ok($0, $1) } }
func fail(_ message: String) { message.withBytes { checker_fail($0, $1) } }

struct Rows {
  private let cursor: Int32

  init(_ dataset: String) { cursor = dataset.withBytes { checker_open($0, $1) } }

  func next() -> Bool { checker_next_row(cursor) != 0 }

  func column(_ name: String) -> Int32 { name.withBytes { checker_column(cursor, $0, $1) } }

  func isNull(_ column: Int32) -> Bool { checker_is_null(cursor, column) != 0 }
}

extension String {
  fileprivate func withBytes<Result>(_ body: (UnsafeRawPointer?, Int32) -> Result) -> Result {
    var copy = self
    return copy.withUTF8 { body($0.baseAddress, Int32($0.count)) }
  }
}
