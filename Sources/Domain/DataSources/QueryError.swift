/// Why a query gave no rows. Never holds a credential.
package struct QueryError: Error, Hashable, Codable, Sendable {
  package enum Kind: String, Codable, Sendable {
    /// The settings cannot be used: an unset variable, an unreadable URI, an unknown option.
    case configuration
    /// The database cannot be reached, refuses us, or went away.
    case connection
    /// The text is not one read-only query.
    case notReadOnly
    case syntax
    case unknownTable
    case unknownColumn
    case permission
    case timeout
    case cancelled
    /// More rows or bytes than the limit.
    case tooLarge
    /// Anything else that the database said: a division by zero, a value out of range.
    case other
  }

  package var kind: Kind
  /// One sentence or two: what is wrong, and how to mend it.
  package var message: String
  /// The database's own code, such as `42P01`.
  package var code: String?
  /// Where in the query, in characters from 1.
  package var position: Int?
  package var hint: String?

  /// The code of an error of `connection`: for as long as a connection is waited for, nobody answered.
  package static let silence = "no answer"

  package init(_ kind: Kind, _ message: String, code: String? = nil, position: Int? = nil, hint: String? = nil) {
    self.kind = kind
    self.message = message
    self.code = code
    self.position = position
    self.hint = hint
  }
}
