package import Checking
import Domain
import Foundation
package import HTTPTypes
package import Hummingbird
import NIOCore

/// Why a request is not answered with what it asked for. Shape of the JSON form: RFC 9457.
package struct WebProblem: Error, Sendable {
  package var status: HTTPResponse.Status
  package var title: String
  /// What, where, and how to mend it.
  package var detail: String
  package var fields: [FieldProblem]
  package var headers: [HTTPField.Name: String] = [:]
  /// Where in a query, in characters from 1.
  package var position: Int?
  /// The database's own code.
  package var code: String?

  package init(
    _ status: HTTPResponse.Status, _ title: String, _ detail: String, fields: [FieldProblem] = []
  ) {
    self.status = status
    self.title = title
    self.detail = detail
    self.fields = fields
  }

  package static func notFound(_ detail: String) -> WebProblem { WebProblem(.notFound, "Not found", detail) }

  package init(_ error: ServiceError) {
    switch error {
    case .invalid(let problems):
      self.init(.unprocessableContent, "Not saved", error.message, fields: problems)
    case .notFound(let message): self.init(.notFound, "Not found", message)
    case .conflict(let message): self.init(.conflict, "Conflict", message)
    case .inUse: self.init(.conflict, "In use", error.message)
    case .query(let problem): self.init(.unprocessableContent, "The query failed", problem.message)
    case .delivery(let message): self.init(.badGateway, "Not delivered", message)
    case .unavailable(let message): self.init(.serviceUnavailable, "The store does not work", message)
    }
  }

  /// Any error as a problem; what we do not know becomes 500 without its text, which may hold anything.
  package init(any error: any Error) {
    switch error {
    case let problem as WebProblem: self = problem
    case let error as ServiceError: self.init(error)
    case let error as StoreError: self.init(ServiceError(error))
    case is NIOTooManyBytesError:
      self.init(.contentTooLarge, "Too large", "A request has at most 1 MiB; one that may bring modules, 12 MiB.")
    case let error as HTTPError where error.body?.isEmpty == false:
      self.init(error.status, error.status.reasonPhrase, error.body ?? "")
    case let error as any HTTPResponseError where error.status == .notFound:
      self.init(.notFound, "Not found", "There is nothing at this address.")
    case let error as any HTTPResponseError:
      self.init(error.status, error.status.reasonPhrase, "")
    default:
      self.init(.internalServerError, "Something went wrong", "The log of the service has the details.")
    }
  }

  /// The problem as `application/problem+json`; `instance` is the address that was asked for.
  package func json(instance: String) -> Response {
    struct Body: Encodable {
      var type = "about:blank"
      var title: String
      var status: Int
      var detail: String
      var instance: String
      var position: Int?
      var code: String?
      var errors: [FieldProblem]?
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let body = Body(
      title: title, status: status.code, detail: detail, instance: instance, position: position, code: code,
      errors: fields.isEmpty ? nil : fields)
    let text = (try? encoder.encode(body)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    var response = Response.text(text, type: "application/problem+json", status: status)
    for (name, value) in headers { response.headers[name] = value }
    return response
  }
}
