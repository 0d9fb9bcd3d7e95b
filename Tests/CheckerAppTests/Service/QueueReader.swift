import Foundation
import TestSupport

/// The queues of one test: a queue for alarms, bound to an exchange, and others that are only read.
final class QueueReader {
  private var queues: [String: TestQueue] = [:]
  private var read: [String: [TestQueue.Message]] = [:]

  /// The first of `names` is bound to everything that `exchange` takes.
  init(_ broker: TestBroker, names: [String], exchange: String) throws {
    for name in names { queues[name] = try TestQueue(broker, name: name) }
    if let first = names.first { try queues[first]?.bind(to: exchange, key: "#") }
  }

  /// What came so far.
  func messages(_ name: String) throws -> [TestQueue.Message] {
    while let message = try queues[name]?.next() { read[name, default: []].append(message) }
    return read[name] ?? []
  }

  /// Waits until so many messages came.
  func read(_ name: String, until count: Int, seconds: Double = 60) async throws {
    var seen = 0
    do {
      try await wait(until: "\(count) messages", seconds: seconds) {
        seen = try messages(name).count
        return seen >= count
      }
    } catch { throw ProgramError("\(name) got \(seen) of \(count) messages") }
  }
}

/// The parts of a CloudEvent that receivers look at.
struct CloudEventObject {
  var id: String
  var type: String
  var subject: String
  var sequence: String
  var state: String
  var text: String

  init(_ message: TestQueue.Message) throws {
    text = String(decoding: message.body, as: UTF8.self)
    guard let object = try JSONSerialization.jsonObject(with: Data(message.body)) as? [String: Any],
      object["specversion"] as? String == "1.0", let data = object["data"] as? [String: Any]
    else { throw ProgramError("no CloudEvent: \(text)") }
    id = object["id"] as? String ?? ""
    type = object["type"] as? String ?? ""
    subject = object["subject"] as? String ?? ""
    sequence = object["sequence"] as? String ?? ""
    state = data["state"] as? String ?? ""
  }
}

/// A message per run, as the queues `succeeded` and `failed` carry it.
struct LegacyMessage {
  var id: String
  var result: String
  var keys: [String]

  init(_ message: TestQueue.Message) throws {
    guard let object = try JSONSerialization.jsonObject(with: Data(message.body)) as? [String: Any] else {
      throw ProgramError("no JSON object: \(String(decoding: message.body, as: UTF8.self))")
    }
    id = object["id"] as? String ?? ""
    result = object["result"] as? String ?? ""
    keys = object.keys.sorted()
  }
}
