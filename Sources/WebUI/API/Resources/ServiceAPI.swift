import CheckFiles
import Checking
import Domain
import Foundation
import HTTPTypes

/// `/health`.
enum ServiceAPI: APIResource {
  /// A checker that is due for longer, in seconds, counts as late.
  private static let patience: Double = 120

  static let endpoints: [Endpoint] = [
    Endpoint(
      .get, "/health", "getHealth", "service", "Whether the service works; 503 when its store does not",
      content: .json(Schema.ref("Health"))
    ) { call in
      let due = try await call.store.nextDue()
      let late = due.map { max(0, call.now.timeIntervalSince($0)) } ?? 0
      let counts = try await call.store.counts()
      let states: [Delivery.State] = [.waiting, .sending, .delivered, .failed, .withheld, .grouped]
      return .json([
        "status": late > patience ? "late" : "ok", "version": .string(ProgramVersion.text), "store": "ok",
        "scheduler": ["next_due": .time(due), "late_seconds": .milliseconds(late)],
        "deliveries": .object(states.map { JSONValue.Member($0.rawValue, .integer(counts[$0] ?? 0)) }),
      ])
    }
  ]

  static let schemas: [(name: String, schema: JSONValue)] = [
    (
      "Health",
      Schema.object([
        Schema.required("status", Schema.choice(["ok", "late"], "`late`: a checker is due for two minutes and more")),
        Schema.required("version", Schema.text("Of the program")),
        Schema.required("store", Schema.choice(["ok"])),
        Schema.required(
          "scheduler",
          Schema.object([
            Schema.required("next_due", Schema.orNull(Schema.time("When the next checker is due"))),
            Schema.required("late_seconds", Schema.number("How long that one waits already")),
          ])),
        Schema.required(
          "deliveries",
          Schema.object(
            ["waiting", "sending", "delivered", "failed", "withheld", "grouped"].map {
              Schema.required($0, Schema.integer())
            })),
      ])
    )
  ]
}
