import CheckFiles
import Checking
import Domain
import Foundation
import HTTPTypes

/// `/health`.
enum ServiceAPI: APIResource {
  static let path = "/health"

  /// A checker that is due for longer, in seconds, counts as late.
  private static let patience: Double = 120
  /// Due for so long, nothing was late: the scheduler does not work.
  private static let longestDelay: Double = 900

  static let endpoints: [Endpoint] = [
    Endpoint(
      .get, path, "getHealth", "service",
      "Whether the service works; 503 when its store, to read or to write, or its scheduler does not. Open to everybody, but tells those who "
        + "are not signed in its `status` alone",
      content: .json(Schema.ref("Health"))
    ) { call in
      guard call.context.visit.user == nil else { return try await whole(call) }
      let late = try? await lateness(call).seconds
      let isWell = (late.map { $0 <= longestDelay } ?? false) && call.store.writeTrouble == nil
      return answer(["status": isWell ? "ok" : "unavailable"], isWell: isWell)
    }
  ]

  /// When the next checker is due, and how long it waits.
  private static func lateness(_ call: APICall) async throws(StoreError) -> (due: Date?, seconds: Double) {
    let due = try await call.store.nextDue()
    return (due, due.map { max(0, call.now.timeIntervalSince($0)) } ?? 0)
  }

  private static func whole(_ call: APICall) async throws -> APIAnswer {
    let (due, late) = try await lateness(call)
    let counts = try await call.store.counts()
    let states: [Delivery.State] = [.waiting, .sending, .delivered, .failed, .withheld, .grouped]
    let trouble = call.store.writeTrouble
    let isWell = late <= longestDelay && trouble == nil
    return answer(
      [
        "status": !isWell ? "unavailable" : late > patience ? "late" : "ok", "version": .string(ProgramVersion.text),
        "store": trouble == nil ? "ok" : "refuses_writes", "store_problem": .optional(trouble),
        "scheduler": ["next_due": .time(due), "late_seconds": .milliseconds(late)],
        "deliveries": .object(states.map { JSONValue.Member($0.rawValue, .integer(counts[$0] ?? 0)) }),
      ], isWell: isWell)
  }

  private static func answer(_ value: JSONValue, isWell: Bool) -> APIAnswer {
    var answer = APIAnswer.json(value)
    if !isWell { answer.status = .serviceUnavailable }
    return answer
  }

  static let schemas: [(name: String, schema: JSONValue)] = [
    (
      "Health",
      Schema.object([
        Schema.required(
          "status",
          Schema.choice(
            ["ok", "late", "unavailable"],
            "`late`: a checker is due for two minutes and more; `unavailable`, with 503: for a quarter of an hour, or the "
              + "store refuses what is written")),
        Schema.optional("version", Schema.text("Of the program")),
        Schema.optional(
          "store",
          Schema.choice(
            ["ok", "refuses_writes"],
            "`refuses_writes`: pages are shown, and nothing is run or saved until it is mended")),
        Schema.optional("store_problem", Schema.orNull(Schema.text("Why it refuses writes, and what to do"))),
        Schema.optional(
          "scheduler",
          Schema.object([
            Schema.required("next_due", Schema.orNull(Schema.time("When the next checker is due"))),
            Schema.required("late_seconds", Schema.number("How long that one waits already")),
          ])),
        Schema.optional(
          "deliveries",
          Schema.object(
            ["waiting", "sending", "delivered", "failed", "withheld", "grouped"].map {
              Schema.required($0, Schema.integer())
            })),
      ])
    )
  ]
}
