import ArgumentParser

/// `checker serve`: the service with its pages, schedules and alarms.
struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Start the service: pages, API, schedules and alarms.",
    discussion: """
      Set CHECKER_ADMIN_PASSWORD to listen on an address other than loopback. Ctrl C, or SIGTERM, stops it after the \
      runs that are under way.
      """)

  @OptionGroup var options: ServiceOptions

  func run() async throws {
    try await ServiceRuntime(options: options).run()
  }
}
