package import Checking
import Domain
import Foundation
package import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

/// Where the service listens, and how it finds its files.
package struct WebServerSettings: Sendable {
  /// An address or a name: `127.0.0.1`, `0.0.0.0`, `::1`.
  package var host: String
  /// 0 takes a free port.
  package var port: Int
  /// The folder with htmx, CodeMirror and the fonts; `nil` looks for it (see `VendorFolder`).
  package var vendorFolder: String?
  /// Takes one line per request; never a secret.
  package var log: @Sendable (String) -> Void

  package init(
    host: String = "127.0.0.1", port: Int = 8080, vendorFolder: String? = nil,
    log: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.host = host
    self.port = port
    self.vendorFolder = vendorFolder
    self.log = log
  }

  /// Only programs on this machine can reach it.
  package var isLoopback: Bool {
    host == "localhost" || host == "::1" || host == "[::1]" || host.hasPrefix("127.")
  }
}

/// Why the server does not run.
package enum WebServerError: Error, Hashable, Sendable {
  /// The address is taken, not ours, or not allowed.
  case cannotListen(String)
  /// Others could reach the service and no password is set.
  case passwordNeeded(String)
  /// A file of the program is missing or damaged.
  case resources(String)
  case stopped(String)

  package var message: String {
    switch self {
    case .cannotListen(let message), .passwordNeeded(let message), .resources(let message), .stopped(let message):
      message
    }
  }
}

/// The pages and the API, over HTTP.
///
/// A new page is a type in `Pages/NAME/` that conforms to `RouteGroup`, and a line in `Routes.reading` or
/// `Routes.editing`; see `RouteGroup`.
package struct WebServer: Sendable {
  package let site: Site
  package let settings: WebServerSettings

  /// Loads templates and static files.
  package init(
    service: CheckerService, access: AccessControl, settings: WebServerSettings, events: Broadcaster = Broadcaster()
  ) throws(WebServerError) {
    let folder = try Resources.folder()
    let vendor = settings.vendorFolder ?? VendorFolder.find()
    site = Site(
      service: service, access: access, events: events,
      templates: try Templates(folder: folder.appending(path: "Templates")),
      files: try StaticFiles(own: folder.appending(path: "Static"), vendor: vendor))
    self.settings = settings
  }

  /// The whole site as an application; tests drive this in-process.
  package func application(
    onServerRunning: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
  ) -> some ApplicationProtocol {
    var logger = Logger(label: "web") { _ in SwiftLogNoOpLogHandler() }
    logger.logLevel = .critical
    return Application(
      router: Routes.router(for: site, settings: settings),
      configuration: ApplicationConfiguration(address: .hostname(settings.host, port: settings.port)),
      onServerRunning: { channel in await onServerRunning(channel.localAddress?.port ?? settings.port) },
      logger: logger)
  }

  /// Listens until the task is cancelled, then finishes the answers under way.
  ///
  /// - Parameter onListening: called once with the port in use.
  package func run(onListening: @escaping @Sendable (_ port: Int) async -> Void) async throws(WebServerError) {
    try await access(allows: settings)
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: [application(onServerRunning: onListening)],
        logger: Logger(label: "web") { _ in SwiftLogNoOpLogHandler() }))
    do {
      try await withTaskCancellationHandler {
        // The group runs in a task of its own, so that cancelling this one stops it gently.
        try await Task { try await group.run() }.value
      } onCancel: {
        site.events.close()
        Task { await group.triggerGracefulShutdown() }
      }
    } catch {
      throw Self.explain(error, settings)
    }
  }

  private func access(allows settings: WebServerSettings) async throws(WebServerError) {
    if let problem = try await site.access.problem(listeningOn: settings) { throw .passwordNeeded(problem) }
  }

  private static func explain(_ error: any Error, _ settings: WebServerSettings) -> WebServerError {
    let place = "\(settings.host):\(settings.port)"
    guard let error = error as? IOError else { return .stopped("the web server stopped: \(error)") }
    switch error.errnoCode {
    case EADDRINUSE:
      return .cannotListen(settings.taken)
    case EADDRNOTAVAIL:
      return .cannotListen("\(settings.host) is not an address of this machine. Choose another with --host.")
    case EACCES:
      return .cannotListen("\(place) needs more rights. Choose a port above 1023 with --port.")
    default: return .cannotListen("cannot listen on \(place): \(error)")
    }
  }
}

extension WebServerSettings {
  /// What to say where another program listens.
  package var taken: String {
    "\(host):\(port) is in use by another program. Stop that program, or choose another port with --port."
  }
}
