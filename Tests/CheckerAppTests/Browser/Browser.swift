import Foundation
import TestSupport

/// Chromium as a user sees it, driven over WebDriver (W3C Recommendation) by the machine's own chromedriver.
final class Browser: Sendable {
  private let driver: SpawnedProgram
  private let address: String
  private let profile: TemporaryFolder

  init() async throws {
    let environment = ProcessInfo.processInfo.environment
    guard let program = environment["TEST_CHROMEDRIVER"], let chromium = environment["TEST_CHROMIUM"] else {
      throw ProgramError("TEST_CHROMEDRIVER is not set; run ./test")
    }
    profile = try TemporaryFolder()
    let driver = try SpawnedProgram([program, "--port=0"])
    self.driver = driver
    let port = try await wait(for: "chromedriver") { () -> String? in
      driver.output.firstMatch(of: /started successfully on port (\d+)/).map { String($0.1) }
    }
    let options: [String: Any] = [
      "binary": chromium,
      "args": [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-dev-shm-usage",
        "--user-data-dir=\(profile.path)",
      ],
    ]
    let capabilities: [String: Any] = [
      "capabilities": ["alwaysMatch": ["goog:chromeOptions": options, "goog:loggingPrefs": ["browser": "ALL"]]]
    ]
    let answer = try await Self.send("POST", "http://127.0.0.1:\(port)/session", capabilities) as? [String: Any]
    guard let session = answer?["sessionId"] as? String else { throw ProgramError("no session: \(answer ?? [:])") }
    address = "http://127.0.0.1:\(port)/session/\(session)"
  }

  func close() async throws {
    _ = try await Self.send("DELETE", address, nil)
    driver.signal(SIGTERM)
    _ = try await driver.end()
  }

  func open(_ url: String) async throws { _ = try await Self.send("POST", address + "/url", ["url": url]) }

  /// The value of an expression, as text.
  func value(_ expression: String) async throws -> String {
    let answer = try await Self.send(
      "POST", address + "/execute/sync", ["script": "return String(\(expression))", "args": [Any]()])
    return answer as? String ?? ""
  }

  func run(_ script: String) async throws {
    _ = try await Self.send("POST", address + "/execute/sync", ["script": script, "args": [Any]()])
  }

  /// The text of the first element that a selector finds; empty when there is none.
  func text(_ selector: String) async throws -> String {
    try await value("(document.querySelector(\(Self.quoted(selector))) || {innerText: ''}).innerText")
  }

  func click(_ selector: String) async throws {
    let found =
      try await Self.send(
        "POST", address + "/element", ["using": "css selector", "value": selector]) as? [String: Any]
    guard let element = found?.values.first as? String else { throw ProgramError("nothing at \(selector)") }
    _ = try await Self.send("POST", address + "/element/\(element)/click", [String: Any]())
  }

  func type(_ text: String, into selector: String) async throws {
    let found =
      try await Self.send(
        "POST", address + "/element", ["using": "css selector", "value": selector]) as? [String: Any]
    guard let element = found?.values.first as? String else { throw ProgramError("nothing at \(selector)") }
    _ = try await Self.send("POST", address + "/element/\(element)/value", ["text": text])
  }

  /// What the page asks, in a box of the browser's own.
  func question() async throws -> String {
    try await Self.send("GET", address + "/alert/text", nil) as? String ?? ""
  }

  func answer(_ isYes: Bool) async throws {
    _ = try await Self.send("POST", address + (isYes ? "/alert/accept" : "/alert/dismiss"), [String: Any]())
  }

  /// One key, wherever the focus is.
  func press(_ key: String) async throws {
    let keys: [[String: Any]] = ["keyDown", "keyUp"].map { ["type": $0, "value": key] }
    let source: [String: Any] = ["type": "key", "id": "keyboard", "actions": keys]
    _ = try await Self.send("POST", address + "/actions", ["actions": [source]])
  }

  func resize(width: Int, height: Int) async throws {
    _ = try await Self.send("POST", address + "/window/rect", ["width": width, "height": height])
  }

  /// As a phone of that many pixels shows it; windows are not as narrow.
  func narrow(to width: Int) async throws {
    let parameters: [String: Any] = ["width": width, "height": 700, "deviceScaleFactor": 1, "mobile": true]
    _ = try await Self.send(
      "POST", address + "/goog/cdp/execute", ["cmd": "Emulation.setDeviceMetricsOverride", "params": parameters])
  }

  /// Light or dark, as the system would ask for.
  func prefer(_ scheme: String) async throws {
    let parameters: [String: Any] = ["features": [["name": "prefers-color-scheme", "value": scheme]]]
    _ = try await Self.send(
      "POST", address + "/goog/cdp/execute", ["cmd": "Emulation.setEmulatedMedia", "params": parameters])
  }

  /// What the page complained about: errors of scripts, and whatever the Content-Security-Policy forbade.
  func complaints() async throws -> [String] {
    let entries = try await Self.send("POST", address + "/se/log", ["type": "browser"]) as? [[String: Any]] ?? []
    return entries.filter { $0["level"] as? String == "SEVERE" }.compactMap { $0["message"] as? String }
      // Chromium asks nobody about unsaved text where no hand has touched the page.
      .filter { !$0.contains("'beforeunload'") }
  }

  /// A picture of the window, into the folder of test results.
  func screenshot(_ name: String) async throws {
    let answer = try await Self.send("GET", address + "/screenshot", nil)
    guard let text = answer as? String, let data = Data(base64Encoded: text) else { throw ProgramError("no picture") }
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../../.test-results/screenshots").standardizedFileURL
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try data.write(to: folder.appendingPathComponent(name + ".png"))
  }

  private static func quoted(_ text: String) -> String { "\"" + text.replacing("\"", with: "\\\"") + "\"" }

  /// By curl: Foundation's own client does not read the headers that chromedriver writes.
  private static func send(_ method: String, _ url: String, _ body: [String: Any]?) async throws -> Any? {
    let content = try body.map { String(decoding: try JSONSerialization.data(withJSONObject: $0), as: UTF8.self) }
    let data = try await Command.run(
      "/usr/bin/env", "curl", "-sS", "--max-time", "120", "-X", method, "-H", "Content-Type: application/json",
      "--data-binary", content ?? "", url)
    let object = try JSONSerialization.jsonObject(with: Data(data.utf8)) as? [String: Any]
    let value = object?["value"]
    if let error = value as? [String: Any], let message = error["message"] as? String, error["error"] != nil {
      throw ProgramError("\(method) \(url): \(message.prefix(400))")
    }
    return value
  }
}
