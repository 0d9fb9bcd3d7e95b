import Foundation
import HTTPTypes
package import Hummingbird
import NIOCore

/// What is known about a request before its handler runs.
package struct WebContext: RequestContext {
  package var coreContext: CoreRequestContextStorage
  package var visit = Visit()
  /// The fields of a form that was posted; empty for other requests.
  package var form = FormData()
  package let remoteAddress: String

  package init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    remoteAddress = source.channel.remoteAddress?.ipAddress ?? ""
  }

  /// Who did it, for versions and mutes.
  package var author: String { visit.user?.name ?? "nobody" }

  /// A part of the path, percent-decoded.
  package func name(_ parameter: String) throws -> String {
    guard let raw = parameters.get(parameter), let name = raw.removingPercentEncoding, !name.isEmpty else {
      throw WebProblem.notFound("There is nothing at this address.")
    }
    return name
  }
}

/// Who asks, and how.
package struct Visit: Sendable {
  /// `light` or `dark`; `nil` follows the system.
  package var theme: String?
  /// Asked by htmx: answer with a fragment.
  package var isHTMX = false
  /// Path and query.
  package var path = "/"
  package var csrf = ""
  /// `nil` until signed in.
  package var user: User?
  /// Signing out makes sense.
  package var hasSession = false
  /// What the last form did, shown once.
  package var notice: String?

  package struct User: Sendable {
    package var name: String
  }

  var isAPI: Bool { path == "/api" || path.hasPrefix("/api/") }
}

extension Request {
  /// A value of the query string; empty when there is none.
  package func query(_ name: String) -> String {
    FormData(encoded: (uri.query ?? "").utf8)[name]
  }
}
