import Domain
import Sandbox
import Testing

/// Every host function is called with addresses and lengths that lie.
@Suite struct PointerTests {
  /// A function of the host with its type, and where in its arguments a pair of address and length begins.
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var parameters: String
    var results: String
    var pairs: [Int]

    init(_ name: String, _ parameters: String, _ results: String, pairs: [Int]) {
      self.name = name
      self.parameters = parameters
      self.results = results
      self.pairs = pairs
    }

    var testDescription: String { "\(name)(\(parameters)) -> \(results)" }

    private func types(_ letters: String) -> String {
      letters.map { $0 == "I" ? "i64" : $0 == "F" ? "f64" : "i32" }.joined(separator: " ")
    }

    /// Calls the function with `pair` in place of the pair at `position`; the others are names that exist.
    func module(pair: (address: Int64, length: Int64)?, at position: Int) -> String {
      var arguments: [String] = []
      for (index, letter) in parameters.enumerated() {
        let value: Int64 =
          if index == position, let pair { pair.address } else if index == position + 1, let pair {
            pair.length
          } else if pairs.contains(index) { 16 } else if pairs.contains(index - 1) { 5 } else { 0 }
        arguments.append(letter == "F" ? "(f64.const 0)" : "(\(letter == "I" ? "i64" : "i32").const \(value))")
      }
      let drops = String(repeating: "drop ", count: results.count)
      return Guests.module(
        "(call $f \(arguments.joined(separator: " "))) \(drops) \(Guests.sayOK)",
        imports:
          "(import \"checker\" \"\(name)\" (func $f (param \(types(parameters))) (result \(types(results)))))")
    }
  }

  static let cases: [Case] = [
    Case("succeed", "ii", "", pairs: [0]), Case("log", "ii", "", pairs: [0]),
    Case("dataset", "iiii", "i", pairs: [0, 2]), Case("dataset", "ii", "ii", pairs: [0]),
    Case("datasets", "ii", "ii", pairs: [0]), Case("dataset_csv", "iiii", "i", pairs: [0, 2]),
    Case("dataset_json", "iiii", "i", pairs: [0, 2]), Case("dataset_columns", "iiii", "i", pairs: [0, 2]),
    Case("schema", "iiii", "i", pairs: [0, 2]), Case("param", "iiii", "i", pairs: [0, 2]),
    Case("previous", "iii", "i", pairs: [1]), Case("previous_observed", "iii", "F", pairs: [1]),
    Case("open", "ii", "i", pairs: [0]), Case("metric", "iiii", "F", pairs: [0, 2]),
    Case("metric", "iiiiii", "F", pairs: [0, 2, 4]), Case("metric_text", "iiiiii", "i", pairs: [0, 2, 4]),
    Case("assert_no_rows", "iiii", "", pairs: [0, 2]), Case("assert_no_rows", "iiiiii", "i", pairs: [0, 2, 4]),
    Case("assert_rows_less_than", "iiiii", "i", pairs: [0, 3]),
    Case("assert_rows_greater_than", "iiIii", "", pairs: [0, 3]),
    Case("assert_rows_equal", "iiiiIii", "i", pairs: [0, 2, 5]),
    Case("assert_metric_less_than", "iiiiFii", "i", pairs: [0, 2, 5]),
    Case("assert_metric_between", "iiiiFFii", "", pairs: [0, 2, 6]),
  ]

  private static let data: FixedData = {
    var data = Samples.data
    for key in ["users|count(*)", "users|users", "users|users|users", "users|count(*)|users"] {
      data.measures[key] = .integer(3)
    }
    return data
  }()

  private static let previous = [
    GuestContext.PreviousRun(startedAt: Guests.now, outcome: .passed, observed: ["users": 3])
  ]

  @Test(arguments: cases) func goodPointersWork(_ one: Case) async {
    let report = await run(one.module(pair: nil, at: 0))
    #expect(report.trouble == nil)
  }

  @Test(arguments: cases) func badPointersTrapAndHarmNobody(_ one: Case) async {
    let lies: [(Int64, Int64)] = [
      (65536, 1), (65530, 100), (0, 65537), (0, -1), (-1, 1), (-1, -1), (-2, 8), (0x7FFF_FFFF, 0x7FFF_FFFF),
      (16, -0x8000_0000), (-0x8000_0000, 5),
    ]
    for position in one.pairs {
      for lie in lies {
        let report = await run(one.module(pair: lie, at: position))
        #expect(report.trouble?.reason == .trap, "\(one.name) \(lie) at \(position)")
        #expect(report.trouble?.message.contains("outside its memory of 65536 bytes") == true)
      }
    }
  }

  /// Several languages point an empty slice anywhere.
  @Test func anEmptySliceMayPointAnywhere() async {
    let report = await Guests.run(Guests.module("(call $ok (i32.const -1431655766) (i32.const 0))"))
    #expect(report.trouble == nil)
    #expect(report.verdicts.map(\.message) == [""])
  }

  @Test func aNameThatIsNotUTF8IsRefused() async {
    let text = Guests.module(
      "(i32.store (i32.const 64) (i32.const 0xFFFFFFFF)) (drop (call $d (i32.const 64) (i32.const 4) (i32.const 0) (i32.const 0)))",
      imports: "(import \"checker\" \"dataset\" (func $d (param i32 i32 i32 i32) (result i32)))")
    let report = await Guests.run(text)
    #expect(report.trouble?.reason == .trap)
    #expect(report.trouble?.message.contains("not UTF-8") == true)
  }

  @Test func aMessageThatIsNotUTF8IsRepaired() async {
    let report = await Guests.run(
      Guests.module("(i32.store (i32.const 32) (i32.const 0xFF)) (call $ok (i32.const 32) (i32.const 1))"))
    #expect(report.trouble == nil)
    #expect(report.verdicts.map(\.message) == ["\u{FFFD}"])
  }

  private func run(_ text: String) async -> GuestReport {
    await Guests.run(text, data: Self.data, parameters: ["users": "all"], previous: Self.previous)
  }
}
