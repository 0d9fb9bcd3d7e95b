import CADBC
import Domain
import Testing

@testable import DataSources

/// Types that only a driver's metadata tells.
@Suite struct ArrowFieldsTests {
  @Test(arguments: [("numeric", ColumnType.decimal, "numeric"), ("inet", .other, "varchar")])
  func aNumericOfPostgreSQLIsANumber(name: String, type: ColumnType, shown: String) {
    let metadata = Self.metadata([
      "ADBC:postgresql:typname": name, "ARROW:extension:name": "arrow.opaque",
      "ARROW:extension:metadata": "{\"type_name\": \"\(name)\", \"vendor_name\": \"PostgreSQL\"}",
    ])
    let columns = "u".withCString { format in
      "n".withCString { title in
        metadata.withUnsafeBufferPointer { bytes in
          var field = ArrowSchema()
          (field.format, field.name, field.metadata) = (format, title, bytes.baseAddress)
          return withUnsafeMutablePointer(to: &field) { field in
            var child: UnsafeMutablePointer<ArrowSchema>? = field
            return withUnsafeMutablePointer(to: &child) { children in
              var row = ArrowSchema()
              (row.n_children, row.children) = (1, children)
              return ArrowFields(row).columns
            }
          }
        }
      }
    }
    #expect(columns == [ColumnDescription(name: "n", type: type, databaseType: shown)])
  }

  /// As Arrow lays it out: a count, then each key and value with its length.
  private static func metadata(_ texts: [String: String]) -> [CChar] {
    func number(_ value: Int) -> [CChar] { withUnsafeBytes(of: Int32(value)) { $0.map { CChar(bitPattern: $0) } } }
    func text(_ value: String) -> [CChar] { number(value.utf8.count) + value.utf8.map { CChar(bitPattern: $0) } }
    return texts.reduce(into: number(texts.count)) { $0 += text($1.key) + text($1.value) }
  }
}
