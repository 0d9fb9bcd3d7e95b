import Domain
import Foundation
import GRDB

/// What SQLite or a document that cannot be read means to a person.
func storeError(_ error: any Error, file: String) -> StoreError {
  switch error {
  case let error as StoreError: error
  case let error as DatabaseError: storeError(error, file: file)
  case let error as DecodingError:
    .unavailable("The store \(file) holds something that this version cannot read: \(error)")
  default: .unavailable("The store \(file) failed: \(error)")
  }
}

private func storeError(_ error: DatabaseError, file: String) -> StoreError {
  switch error.resultCode {
  case .SQLITE_FULL:
    .unavailable("The disk that holds the store \(file) is full. Free some space. Nothing was half written.")
  case .SQLITE_BUSY, .SQLITE_LOCKED:
    .unavailable("The store \(file) is locked by another program. Close what has it open.")
  case .SQLITE_CORRUPT, .SQLITE_NOTADB:
    .unavailable("The store \(file) is damaged. Move it away and put a backup in its place.")
  case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
    .unavailable(
      "The store \(file) cannot be written to. Give its folder and files to the user that runs the service.")
  case .SQLITE_IOERR:
    .unavailable("The disk that holds the store \(file) failed: \(error.message ?? "input/output error").")
  case .SQLITE_TOOBIG: .unavailable("A value is too large for the store \(file): at most 1 GB.")
  default: .unavailable("The store \(file) failed: \(error.message ?? "error") (SQLite \(error.extendedResultCode)).")
  }
}

extension StoreError {
  /// `checker shop/emails`: there is none.
  static func missing(_ kind: String, _ name: some CustomStringConvertible) -> StoreError {
    .notFound("There is no \(kind) \(name).")
  }

  static func taken(_ kind: String, _ name: some CustomStringConvertible) -> StoreError {
    .conflict("There is already \("aeiou".contains(kind.prefix(1)) ? "an" : "a") \(kind) \(name). Choose another name.")
  }
}
