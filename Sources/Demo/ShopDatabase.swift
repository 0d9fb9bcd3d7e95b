package import Foundation
import GRDB

/// Writes the demo's shop: customers, orders and payments of the last sixty days, with honest defects in them.
///
/// The same seed makes the same shop, shifted so that its newest rows are minutes old at `now`.
package enum ShopDatabase {
  package static let users = 5_000
  package static let orders = 40_000

  /// Writes the database at `path`, in place of an older one. Takes about half a second.
  package static func write(to path: String, now: Date) throws {
    let draft = path + ".new"
    try? FileManager.default.removeItem(atPath: draft)
    let queue = try DatabaseQueue(path: draft)
    try queue.write { database in
      try database.execute(sql: schema)
      var shop = Shop(random: SplitMix64(seed: 42), now: now)
      try shop.insertUsers(database)
      try shop.insertProducts(database)
      try shop.insertOrders(database)
    }
    try queue.close()
    if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
    try FileManager.default.moveItem(atPath: draft, toPath: path)
  }

  private static let schema = """
    CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT NOT NULL, email TEXT, country TEXT NOT NULL,
      created_at TEXT NOT NULL, last_seen_at TEXT);
    CREATE TABLE products (id INTEGER PRIMARY KEY, sku TEXT NOT NULL, name TEXT NOT NULL, price REAL NOT NULL);
    CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users, product_id INTEGER NOT NULL,
      status TEXT NOT NULL, amount REAL NOT NULL, currency TEXT NOT NULL, paid_at TEXT, shipped_at TEXT,
      created_at TEXT NOT NULL);
    CREATE TABLE payments (id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL, amount REAL NOT NULL,
      currency TEXT NOT NULL, method TEXT NOT NULL, created_at TEXT NOT NULL);
    CREATE INDEX orders_user ON orders (user_id);
    CREATE INDEX payments_order ON payments (order_id);
    """
}

/// A small deterministic generator. Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators".
struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
