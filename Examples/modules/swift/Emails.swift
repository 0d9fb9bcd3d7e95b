@_expose(wasm, "check") @_cdecl("check")
public func check() {
  let users = Rows("users")
  let email = users.column("email")
  var missing = 0
  while users.next() {
    if users.isNull(email) { missing += 1 }
  }
  if missing > 1 {
    fail("\(missing) users have no email, more than one")
  } else {
    ok("at most one user has no email")
  }
}
