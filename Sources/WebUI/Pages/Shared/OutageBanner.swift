import Checking
import Domain
import Foundation

/// Something that does not work now, and on which alarms depend, in a line for people.
struct OutageBanner: Sendable {
  var subject: Outage.Subject
  var icon: StateIcon
  var title: String
  var href: String
  var error: String
  /// What follows from it.
  var effect: String
  var since: TimeText

  /// Everything that does not work now, data sources first.
  static func all(_ service: CheckerService) async throws -> [OutageBanner] {
    let now = service.now()
    let outages = try await service.outages().sorted { $0.subject.kind > $1.subject.kind }
    var banners: [OutageBanner] = []
    for outage in outages { banners.append(try await make(outage, service, now)) }
    return banners
  }

  static func of(_ subject: Outage.Subject, _ service: CheckerService) async throws -> OutageBanner? {
    guard let outage = try await service.outages().of(subject) else { return nil }
    return try await make(outage, service, service.now())
  }

  private static func make(_ outage: Outage, _ service: CheckerService, _ now: Date) async throws -> OutageBanner {
    OutageBanner(
      subject: outage.subject,
      icon: StateIcon(.err, isHidden: true, isLarge: true), title: title(outage.subject), href: href(outage.subject),
      error: outage.error, effect: try await effect(outage.subject, service),
      since: TimeText(Words.lasting(since: outage.since, now: now), outage.since))
  }

  private static func title(_ subject: Outage.Subject) -> String {
    switch subject {
    case .dataSource(let name): "Data source \(name) cannot be reached"
    case .action(let name): "Action \(name) cannot deliver"
    }
  }

  private static func href(_ subject: Outage.Subject) -> String {
    switch subject {
    case .dataSource(let name): Link.dataSource(name)
    case .action(let name): Link.action(name)
    }
  }

  private static func effect(_ subject: Outage.Subject, _ service: CheckerService) async throws -> String {
    switch subject {
    case .dataSource(let name):
      let stopped = try await service.stoppedCheckers(by: name)
      let tried = stopped.tried == stopped.all ? "" : ", and \(Words.number(stopped.tried)) of them tried"
      let checkers = stopped.all == 0 ? "" : "\(Words.count(stopped.all, "checker")) cannot run\(tried). "
      return checkers + "It is tried every 15 seconds; what could not run is run again once it is back."
    case .action: return "What it should deliver waits, or was given up. Mend the action, or send a test from its page."
    }
  }
}
