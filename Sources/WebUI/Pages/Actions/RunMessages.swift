import Domain
import Hummingbird

/// Messages of every run drown those about alarms: lists of deliveries show them only when somebody asks.
struct RunMessages: Sendable {
  var areShown: Bool
  /// `nil` where no action sends any.
  var link: Toggle?

  struct Toggle: Sendable {
    var text: String
    var href: String
  }

  init(_ request: Request, path: String, actions: [Action]) {
    areShown = request.query("runs") == "1"
    guard areShown || actions.contains(where: { $0.settings["every_run"] == "true" }) else { return }
    link =
      areShown
      ? Toggle(text: "Hide messages of every run", href: path)
      : Toggle(text: "Show messages of every run", href: Link.query(path, [("runs", "1")]))
  }
}
