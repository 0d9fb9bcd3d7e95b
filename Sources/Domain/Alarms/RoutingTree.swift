/// Which actions hear of which alarms, as a tree: the first branch that fits takes an alarm, deeper ones first.
package struct RoutingTree: Hashable, Codable, Sendable {
  package var routes: [Route]

  package init(routes: [Route] = []) { self.routes = routes }

  package struct Route: Hashable, Codable, Sendable {
    /// All must hold; empty takes every alarm.
    package var matchers: [AlarmMatcher]
    /// Names of actions; empty takes those of the branch that it stands in.
    package var actions: [String]
    /// What is sent together; `nil` as the branch it stands in says, at the top: nothing.
    package var grouping: Grouping?
    /// Others beside it are looked at too.
    package var continues: Bool
    package var routes: [Route]

    package init(
      matchers: [AlarmMatcher] = [], actions: [String] = [], grouping: Grouping? = nil, continues: Bool = false,
      routes: [Route] = []
    ) {
      self.matchers = matchers
      self.actions = actions
      self.grouping = grouping
      self.continues = continues
      self.routes = routes
    }
  }

  /// Alarms that share these are told of in one message.
  package struct Grouping: Hashable, Codable, Sendable {
    /// `namespace`, `data_source`, `owner`, `severity`, `checker`, or a tag as `tag:NAME`; empty: all in one group.
    package var by: [String]
    /// How long the first alarm of a group waits for others, in seconds.
    package var waitSeconds: Double
    /// How long after a message the next one about the same group comes, in seconds.
    package var intervalSeconds: Double

    package static let keys = ["namespace", "data_source", "owner", "severity", "checker"]
    package static let standardWait: Double = 30
    package static let standardInterval: Double = 300

    package init(by: [String], waitSeconds: Double = standardWait, intervalSeconds: Double = standardInterval) {
      self.by = by
      self.waitSeconds = waitSeconds
      self.intervalSeconds = intervalSeconds
    }

    /// What names the group of an alarm: `namespace=shop owner=Ana`.
    package func key(of subject: AlarmSubject) -> String {
      by.map { name in
        let value =
          switch name {
          case "namespace": subject.checker.namespace
          case "data_source": subject.dataSources.sorted().joined(separator: ",")
          case "owner": subject.owner
          case "severity": subject.severity.rawValue
          case "checker": subject.checker.description
          default: Self.tag(name).map { subject.tags.contains($0) ? "yes" : "no" } ?? ""
          }
        return "\(name)=\(value)"
      }.joined(separator: " ")
    }

    /// `orders` of `tag:orders`.
    package static func tag(_ key: String) -> String? {
      key.hasPrefix("tag:") && key.count > 4 ? String(key.dropFirst(4)) : nil
    }

    /// `nil` when `key` can be grouped by, else what is wrong.
    package static func problem(with key: String) -> String? {
      if keys.contains(key) || tag(key) != nil { return nil }
      let nearest = Spelling.nearest(to: key, among: keys).map { "; did you mean '\($0)'?" } ?? ""
      return "there is no grouping by '\(key)': there are \(keys.joined(separator: ", ")) and tag:NAME\(nearest)"
    }
  }

  /// Where an alarm goes.
  package struct Destination: Hashable, Sendable {
    package var action: String
    /// The place of its route in the tree, from 1: `2.1`; empty when no route sends it there.
    package var path: String
    package var grouping: Grouping?
    /// `nil`: sent alone.
    package var groupKey: String?

    package init(action: String, path: String = "", grouping: Grouping? = nil, groupKey: String? = nil) {
      self.action = action
      self.path = path
      self.grouping = grouping
      self.groupKey = groupKey
    }
  }

  /// One route that was looked at on the way.
  package struct Step: Hashable, Sendable {
    package var path: String
    package var depth: Int
    package var matchers: [AlarmMatcher]
    package var isTaken: Bool
    /// It fits, and one below it takes the alarm.
    package var leadsOn = false
    /// `tag=orders does not hold`, `all of it holds`, `not looked at: 1 took it`.
    package var reason: String
  }

  /// Where `subject` goes, and why: every route that was looked at, in order.
  package func explain(_ subject: AlarmSubject) -> (destinations: [Destination], steps: [Step]) {
    var walk = Walk(subject: subject)
    _ = walk.visit(routes, path: "", depth: 0, actions: [], grouping: nil)
    var seen = Set<String>()
    return (walk.destinations.filter { seen.insert($0.action).inserted }, walk.steps)
  }

  /// The names of all actions in it.
  package var actions: Set<String> {
    func names(_ routes: [Route]) -> Set<String> {
      routes.reduce(into: []) { $0.formUnion($1.actions + names($1.routes)) }
    }
    return names(routes)
  }

  /// The actions that some route names beside `action`.
  package func actionsBeside(_ action: String) -> Set<String> {
    func find(_ routes: [Route]) -> Set<String> {
      routes.reduce(into: []) { found, route in
        if route.actions.contains(action) { found.formUnion(route.actions) }
        found.formUnion(find(route.routes))
      }
    }
    return find(routes).subtracting([action])
  }

  /// What is wrong with a route, by its path in the tree's text: `routes[0].routes[1]`, or a key of it.
  package struct Problem: Hashable, Sendable {
    package var path: String
    package var message: String
  }

  /// Actions that are not among the `known`, and routes that take alarms and lead to no action.
  package func problems(knownActions known: [String]) -> [Problem] {
    func find(_ routes: [Route], _ parent: String, _ place: String, hasActions: Bool) -> [Problem] {
      routes.enumerated().flatMap { index, route -> [Problem] in
        let path = "\(parent.isEmpty ? "" : parent + ".")routes[\(index)]"
        let place = place.isEmpty ? "\(index + 1)" : "\(place).\(index + 1)"
        let unknown = route.actions.filter { !known.contains($0) }.map { name in
          let nearest = Spelling.nearest(to: name, among: known).map { "; did you mean '\($0)'?" } ?? ""
          return Problem(path: path + ".actions", message: "there is no action '\(name)'\(nearest)")
        }
        let hasActions = hasActions || !route.actions.isEmpty
        if !route.routes.isEmpty { return unknown + find(route.routes, path, place, hasActions: hasActions) }
        if hasActions { return unknown }
        let message = "route \(place) sends to nobody: name actions in it, or in one above it"
        return [Problem(path: path, message: message)]
      }
    }
    return find(routes, "", "", hasActions: false)
  }

  /// The same with another name of an action.
  package func renaming(_ action: String, to name: String) -> RoutingTree {
    func renamed(_ route: Route) -> Route {
      var route = route
      route.actions = route.actions.map { $0 == action ? name : $0 }
      route.routes = route.routes.map(renamed)
      return route
    }
    return RoutingTree(routes: routes.map(renamed))
  }

  private struct Walk {
    let subject: AlarmSubject
    var destinations: [Destination] = []
    var steps: [Step] = []

    /// `true` when one of them took the alarm.
    mutating func visit(
      _ routes: [Route], path: String, depth: Int, actions: [String], grouping: Grouping?
    ) -> Bool {
      var isTaken = false
      var taker: String?
      for (index, route) in routes.enumerated() {
        let own = path.isEmpty ? "\(index + 1)" : "\(path).\(index + 1)"
        if let taker {
          note(route, own, depth, isTaken: false, "not looked at: \(taker) took it")
          continue
        }
        if let wrong = route.matchers.first(where: { !$0.matches(subject) }) {
          note(route, own, depth, isTaken: false, "\(wrong.text) does not hold")
          continue
        }
        note(route, own, depth, isTaken: true, route.matchers.isEmpty ? "takes every alarm" : "all of it holds")
        let step = steps.count - 1
        if !take(route, own, depth, actions: actions, grouping: grouping) {
          steps[step].isTaken = false
          steps[step].leadsOn = true
          steps[step].reason =
            "\(route.matchers.isEmpty ? "fits every alarm" : "all of it holds"): one below it takes it"
        }
        isTaken = true
        if !route.continues { taker = own }
      }
      return isTaken
    }

    /// `false` when one below it took the alarm.
    private mutating func take(
      _ route: Route, _ path: String, _ depth: Int, actions: [String], grouping: Grouping?
    ) -> Bool {
      let actions = route.actions.isEmpty ? actions : route.actions
      let grouping = route.grouping ?? grouping
      if visit(route.routes, path: path, depth: depth + 1, actions: actions, grouping: grouping) { return false }
      let key = grouping?.key(of: subject)
      destinations += actions.map { Destination(action: $0, path: path, grouping: grouping, groupKey: key) }
      return true
    }

    private mutating func note(_ route: Route, _ path: String, _ depth: Int, isTaken: Bool, _ reason: String) {
      steps.append(Step(path: path, depth: depth, matchers: route.matchers, isTaken: isTaken, reason: reason))
    }
  }
}
