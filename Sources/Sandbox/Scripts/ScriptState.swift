/// What the host functions of a script's guest keep between calls, for one run.
struct ScriptState {
  /// What `take` will copy into a module.
  var reply: [UInt8] = []
  /// How the guest says that the script ended, in JSON; empty when all was well.
  var trouble = ""
  /// Bytes that the script has logged.
  var loggedBytes = 0
}
