import Domain
import Testing

@Suite("Secrets in addresses") struct AddressSecretsTests {
  @Test(
    "What is written out is found, and nothing else",
    arguments: [
      ("postgresql://ro:s3cret@db:5432/shop", "postgresql://ro:<user>@db:5432/shop"),
      ("postgresql://ro:p@ss:w/o?rd@db/shop", "postgresql://ro:<user>@db/shop"),
      ("postgresql://ro:${SHOP_PASSWORD}@db/shop", "postgresql://ro:${SHOP_PASSWORD}@db/shop"),
      ("postgresql://ro:x${A}${B}@db/shop", "postgresql://ro:<user>@db/shop"),
      (
        "postgresql://db/shop?user=ro&sslpassword=a&password=b",
        "postgresql://db/shop?user=ro&sslpassword=<sslpassword>&password=<password>"
      ),
      ("host=db password='it\\'s so' dbname=shop", "host=db password=<password> dbname=shop"),
      ("http://a:one,two@h1:9093, http://b:two@h2", "http://a:<user>@h1:9093, http://b:<user>@h2"),
      ("http://a:odd://one@h1", "http://a:<user>@h1"),
      ("./shop.db", "./shop.db"), ("amqp://127.0.0.1:5672", "amqp://127.0.0.1:5672"),
    ])
  func found(text: String, shown: String) {
    #expect(AddressSecrets.replacing(in: text) { key, _ in "<\(key)>" } == shown)
  }

  @Test("A variable's name says what it is of", arguments: [("shop-eu", "SHOP_EU_PASSWORD"), ("2nd", "_2ND_PASSWORD")])
  func names(owner: String, name: String) {
    #expect(EnvironmentVariable.name(for: "password", of: owner) == name)
    #expect(EnvironmentVariable.names(in: "a ${\(name)} b ${not this}") == [name])
  }
}
