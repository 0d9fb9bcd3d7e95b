import CheckerApp

@main
struct Main {
  /// On the main thread: what confines itself must do so before there are others.
  @MainActor static func main() async {
    CheckerCommand.serveCodeIfAsked()
    await CheckerCommand.runProgram()
  }
}
