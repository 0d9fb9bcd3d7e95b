# shellcheck shell=bash
# Shared by the set-up scripts; sourced, never run. Everything it says goes to standard error, because standard output
# belongs to the command that a person asked for.

readonly exit_unavailable=69 # EX_UNAVAILABLE: something on this machine is missing
readonly exit_software=70    # EX_SOFTWARE: a step of ours failed

say() { printf '%s\n' "$*" >&2; }

# fail CODE MESSAGE...: says each message on its own line and ends the script.
fail() {
  local code=$1
  shift
  printf '%s\n' "$@" >&2
  exit "$code"
}

# long_step "TEXT" "HOW LONG" COMMAND...: announces a step, runs it with its output in a log, shows the log if it fails.
long_step() {
  local text=$1 duration=$2 log began=$SECONDS
  shift 2
  log=$(mktemp)
  say "$text (about $duration)"
  if "$@" >"$log" 2>&1; then
    rm -f "$log"
    say "  done in $((SECONDS - began)) s"
  else
    local code=$?
    tail -n 40 "$log" >&2
    rm -f "$log"
    say "This step failed: $text"
    return "$code"
  fi
}

# hash_of FILE...: one hash over the contents of the files.
hash_of() { cat -- "$@" | sha256sum | cut -d' ' -f1; }

# is_stamped STAMP HASH: whether the stamp file holds that hash.
is_stamped() { [[ -f $1 && $(<"$1") == "$2" ]]; }

# administrator COMMAND...: runs a command as root, directly or by sudo.
administrator() {
  if ((EUID == 0)); then "$@"; else sudo -- "$@"; fi
}

# can_administrate: whether `administrator` would work without hanging at a password prompt that nobody sees.
can_administrate() {
  ((EUID == 0)) && return 0
  command -v sudo >/dev/null || return 1
  [[ -t 0 && -t 2 ]] || sudo -n true 2>/dev/null
}
