import Domain
import Rules
import Testing

@testable import Checking

@Suite("What a failing connection test says") struct ConnectionAdviceTests {
  @Test(
    "It names the fields to look at",
    arguments: [
      (Driver.postgresql, "FATAL: password authentication failed for user \"ana\"", "user and password in Address"),
      (.postgresql, "FATAL: database \"shp\" does not exist", "the database's name at the end of Address"),
      (.postgresql, "Connection refused. Is the server running?", "host and port in Address"),
      (.postgresql, "server does not support SSL", "sslmode and sslrootcert under Options"),
      (.postgresql, "Data source 'a' has an option 'sslmod'", "Options"),
      (.sqlite, "There is no file", "the path in Address"),
      (
        .postgresql, "The address (uri) of data source 'a' refers to ${DB_PASSWORD}, which is not set.",
        "Address, and the environment of the service"
      ),
      (
        .duckdb, "The option 'delimiter' of data source 'a' refers to ${X}, which is not set.",
        "Options, and the environment of the service"
      ),
    ]) func fields(driver: Driver, detail: String, fields: String)
  {
    let source = DataSource(name: "a", driver: driver, uri: "")
    let step = ConnectionTestStep(title: "Connect", verdict: .failed, detail: detail, milliseconds: 1)
    #expect(step.naming(source).detail == "\(detail) Look at: \(fields).")
    var fine = step
    fine.verdict = .passed
    #expect(fine.naming(source) == fine)
  }

  @Test("Values that repeat are told apart from the rows that are too many") func repeated() {
    let rows: [[Cell]] = [[.text("a"), .integer(4)], [.text("b"), .integer(2)]]
    var assertion = Verdict.assertion(
      for: Rule(check: "unique", dataset: "d", parameters: ["column": .scalar(.text("c"))]), measured: .count(4, of: 9))
    assertion.sample = Sample(columns: ["c", "times"], rows: rows, total: 4)
    #expect(assertion.sampleWords(2) { "\($0)" } == "2 values that repeat, 4 surplus rows in all")
    assertion.check = "missing"
    #expect(assertion.sampleWords(2) { "\($0)" } == "2 of 4")
  }
}
