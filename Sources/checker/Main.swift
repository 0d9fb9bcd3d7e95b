import CheckerApp

@main
struct Main {
  static func main() async {
    await CheckerCommand.runProgram()
  }
}
