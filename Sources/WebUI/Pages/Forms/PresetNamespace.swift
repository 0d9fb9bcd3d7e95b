import Domain
import Foundation
import Hummingbird

/// The namespace that a form for something new begins with.
enum PresetNamespace {
  static let cookie = "namespace"
  /// In seconds: half a year.
  private static let lifetime = 180 * 86400

  /// That of the page one comes from, else the one that this browser saved to last.
  static func of(_ request: Request) -> String {
    let named = [request.query("ns"), request.query("namespace")].first { !$0.isEmpty }
    return named ?? last(request) ?? "default"
  }

  private static func last(_ request: Request) -> String? {
    guard let name = request.cookies[cookie]?.value.removingPercentEncoding, NameRule.problem(with: name) == nil else {
      return nil
    }
    return name
  }

  static func remembered(_ namespace: String, _ response: Response) -> Response {
    var response = response
    response.setCookie(
      Cookie(
        name: cookie, value: Link.part(namespace), maxAge: lifetime, path: "/", httpOnly: true, sameSite: .lax))
    return response
  }
}
