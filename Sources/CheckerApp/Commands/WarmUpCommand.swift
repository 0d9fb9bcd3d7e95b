import ArgumentParser
import Domain

/// `checker warm-up`: for set-up, which compiles the sandbox's interpreters once, so that no first script waits for it.
struct WarmUpCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "warm-up", abstract: "Compile the interpreters of scripts ahead of the first script.",
    shouldDisplay: false)

  func run() async {
    await Composition.sandbox(cacheFolder: Composition.userCacheFolder).warmUp(Set(ScriptLanguage.allCases))
  }
}
