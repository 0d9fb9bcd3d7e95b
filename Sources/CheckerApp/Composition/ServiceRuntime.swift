import Channels
import Checking
import Domain
import Foundation
import Persistence
import Synchronization
import WebUI

/// The running service: opens the store, starts schedules, deliveries and pages, and stops them in order.
struct ServiceRuntime {
  let options: ServiceOptions

  /// Runs until SIGINT or SIGTERM. `prepare` fills the store before anything is due.
  func run(prepare: (CheckerService) async throws -> Void = { _ in }) async throws {
    signal(SIGPIPE, SIG_IGN)
    // A file that may not grow further is an error of the store, like a full disk, and no reason to die.
    signal(SIGXFSZ, SIG_IGN)
    try PortTrial.run(options.host, options.port)
    let store = try open()
    let environment = ProcessInfo.processInfo.environment
    let events = Broadcaster { OperatingLog.write($0) }
    let wake = WakeSignal()
    let access = try await AccessControl(store: store)
    if let address = options.publicUrl { try await set(address, access.address) }
    let service = CheckerService(
      store: store, engines: EnginePool(opener: Composition.queryEngines()),
      channels: AddressedChannels(environment: environment, address: access.address),
      sandbox: Composition.sandbox(options),
      now: { Date() }, wake: { wake.send() },
      announce: { events.send($0) }, links: { access.links.links(for: $0, row: $1) },
      hasVariable: { environment[$0] != nil })
    try await store.releaseAllClaims()
    try await prepare(service)
    if let password = environment["CHECKER_ADMIN_PASSWORD"], !password.isEmpty {
      try await set(password, access)
    }
    try await set(token: environment["CHECKER_API_TOKEN"], access)
    let server = try WebServer(
      service: service, access: access,
      settings: WebServerSettings(host: options.host, port: options.port), events: events)
    OperatingLog.write("checker \(ProgramVersion.text) starts, with the store in \(options.data)")
    try await serve(server, service: service, wake: wake)
    OperatingLog.write("stopping: runs under way are finished")
    await service.engines.closeAll()
    await service.sandbox?.close()
    try store.close()
    OperatingLog.write("stopped")
  }

  private func open() throws -> SQLiteStore {
    do {
      let store = try SQLiteStore(folder: options.data)
      for notice in store.notices { Console.complain(notice) }
      return store
    } catch {
      throw StartProblem(ServiceError(error).message)
    }
  }

  private func set(_ password: String, _ access: AccessControl) async throws {
    do {
      try await access.ensurePassword(password)
    } catch let problem as WebProblem {
      throw StartProblem("CHECKER_ADMIN_PASSWORD: \(problem.detail)")
    }
  }

  private func set(token: String?, _ access: AccessControl) async throws {
    do {
      try await access.ensureToken(token?.trimmingCharacters(in: .whitespacesAndNewlines))
    } catch let problem as WebProblem {
      throw StartProblem("CHECKER_API_TOKEN: \(problem.detail)")
    }
  }

  private func set(_ text: String, _ address: PublicAddress) async throws {
    do {
      try await address.set(text)
    } catch let problem as WebProblem {
      throw StartProblem("--public-url: \(problem.fields.first?.message ?? problem.detail)")
    }
  }

  /// Runs all parts until one ends, which a signal brings about; then stops the others and waits for them.
  ///
  /// Schedules and deliveries begin once the address is ours: a start that fails runs and sends nothing.
  private func serve(_ server: WebServer, service: CheckerService, wake: WakeSignal) async throws {
    let background = BackgroundWork(service: service, wake: wake, options: options)
    let (listening, feed) = AsyncStream<Void>.makeStream()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await StopSignal.wait() }
      group.addTask {
        try await server.run { port in
          Self.tell(server.settings, port)
          feed.yield()
        }
      }
      group.addTask { for await _ in listening { await background.run() } }
      defer { group.cancelAll() }
      try await group.next()
      group.cancelAll()
      try await group.waitForAll()
    }
  }

  private static func tell(_ settings: WebServerSettings, _ port: Int) {
    let host = settings.host.contains(":") ? "[\(settings.host)]" : settings.host
    Console.write("Listening on http://\(host):\(port)\n")
  }
}

/// Why the service cannot start; ends the program with status 69.
struct StartProblem: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// Tells whoever waits that there may be work.
final class WakeSignal: Sendable {
  private let listeners = Mutex<[@Sendable () -> Void]>([])

  func listen(_ listener: @escaping @Sendable () -> Void) { listeners.withLock { $0.append(listener) } }

  func send() {
    for listener in listeners.withLock({ $0 }) { listener() }
  }
}
