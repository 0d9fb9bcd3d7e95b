import ArgumentParser

/// `checker demo`: the service with a shop to look at.
struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Start the service with a demo shop, its checkers and some days of history.",
    discussion: "What you add is kept beside the demo. 'checker serve --data FOLDER' starts empty.")

  @OptionGroup var options: ServiceOptions

  func run() async throws {
    let runtime = ServiceRuntime(options: options)
    try await runtime.run { service in
      try await DemoSetup(service: service, folder: options.data).prepare()
    }
  }
}
