import Foundation
import GRDB

/// Invents the rows of the shop.
struct Shop {
  var random: SplitMix64
  let now: Date

  private static let span: Double = 60 * 86_400
  private static let countries = ["PT", "ES", "FR", "DE", "IT", "NL", "SE", "PL"]
  private static let firstNames = ["ana", "ines", "tomas", "mira", "joao", "lena", "pablo", "nora", "emil", "sofia"]
  private static let lastNames = [
    "silva", "lind", "okafor", "costa", "weber", "rossi", "novak", "berg", "marin", "duval",
  ]
  private static let things = ["lamp", "chair", "desk", "shelf", "rug", "vase", "clock", "stool", "mirror", "bench"]
  private static let looks = ["oak", "linen", "brass", "walnut", "cotton", "glass", "steel", "cork", "marble", "paper"]

  mutating func insertUsers(_ database: Database) throws {
    let insert = try database.makeStatement(sql: "INSERT INTO users VALUES (?, ?, ?, ?, ?, ?)")
    for id in 1...ShopDatabase.users {
      let name = "\(pick(Self.firstNames)).\(pick(Self.lastNames)).\(id)"
      // 57 people signed up through a form that forgot to ask.
      let hasNoEmail = id > ShopDatabase.users - 1100 && id % 19 == 0 && id <= ShopDatabase.users - 17
      let email: String? = hasNoEmail ? nil : id % 1237 == 0 ? "\(name)[at]example.com" : "\(name)@example.com"
      let age = id == ShopDatabase.users ? 360 : Self.span * (1 - Double(id) / Double(ShopDatabase.users))
      try insert.execute(arguments: [id, name, email, pick(Self.countries), time(age), time(age * uniform())])
    }
  }

  mutating func insertProducts(_ database: Database) throws {
    let insert = try database.makeStatement(sql: "INSERT INTO products VALUES (?, ?, ?, ?)")
    for id in 1...200 {
      let sku = "SKU-" + String(100_000 + id * 37)
      let price = (5 + 395 * uniform()).rounded() - 0.1
      try insert.execute(arguments: [id, sku, "\(pick(Self.looks)) \(pick(Self.things))", price])
    }
  }

  mutating func insertOrders(_ database: Database) throws {
    let insertOrder = try database.makeStatement(sql: "INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
    let insertPayment = try database.makeStatement(sql: "INSERT INTO payments VALUES (?, ?, ?, ?, ?, ?)")
    for id in 1...ShopDatabase.orders {
      let order = order(id)
      try insertOrder.execute(arguments: [
        id, order.user, order.product, order.status, order.amount, order.currency, order.paidAge.map(time),
        order.shippedAge.map(time), time(order.age),
      ])
      guard let paidAge = order.paidAge else { continue }
      // Some refunds were booked as payments below zero.
      let amount = id % 5501 == 0 ? -order.amount : order.amount
      try insertPayment.execute(arguments: [
        id, id, amount, order.currency, pick(["card", "card", "transfer", "wallet"]), time(paidAge),
      ])
    }
  }

  private struct Order {
    var user: Int
    var product: Int
    var status: String
    var amount: Double
    var currency: String
    var age: Double
    var paidAge: Double?
    var shippedAge: Double?
  }

  private mutating func order(_ id: Int) -> Order {
    let age = 240 + Self.span * (1 - Double(id) / Double(ShopDatabase.orders))
    var order = Order(
      user: Int.random(in: 1...ShopDatabase.users, using: &random), product: Int.random(in: 1...200, using: &random),
      status: "delivered", amount: ((5 + 395 * uniform()) * 100).rounded() / 100,
      currency: pick(["EUR", "EUR", "EUR", "GBP", "SEK"]), age: age)
    let isCancelled = uniform() < 0.04
    if isCancelled {
      order.status = "cancelled"
      return order
    }
    order.paidAge = age - min(age / 2, 4 * 3600 * uniform())
    if age > 20 * 3600 {
      order.shippedAge = max(60, age - 19 * 3600)
      if age < 4 * 86_400 { order.status = "shipped" }
    } else {
      order.status = "paid"
    }
    // The label printer was out on one afternoon, and an importer cannot spell.
    if age > 30 * 3600, age < 34 * 3600, id % 8 == 0 {
      order.shippedAge = nil
      order.status = "paid"
    }
    if id % 9973 == 0 { order.status = "shiped" }
    return order
  }

  private mutating func uniform() -> Double { Double.random(in: 0..<1, using: &random) }

  private mutating func pick(_ choices: [String]) -> String {
    choices[Int.random(in: 0..<choices.count, using: &random)]
  }

  /// `2026-11-24 03:41:00`, in UTC, so many seconds before now.
  private func time(_ age: Double) -> String {
    now.addingTimeInterval(-age).formatted(
      .verbatim(
        "\(year: .padded(4))-\(month: .twoDigits)-\(day: .twoDigits) \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits):\(second: .twoDigits)",
        timeZone: .gmt, calendar: Calendar(identifier: .gregorian)))
  }
}
