# shellcheck shell=bash
# Shared by the scripts that start and stop test servers; sourced, never run.

fail() {
  printf '%s\n' "$@" >&2
  exit 70
}

# is_listening PORT: whether something on the loopback address takes connections there.
is_listening() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# free_port: prints a loopback port that nobody uses, below the range from which the kernel picks ports for clients.
free_port() {
  local port attempt
  for attempt in {1..50}; do
    port=$((20000 + RANDOM % 12000))
    is_listening "$port" || {
      printf '%s\n' "$port"
      return
    }
  done
  fail "No free port was found in $attempt attempts."
}

# wait_until SECONDS COMMAND...: polls until the command succeeds; fails after that many seconds.
wait_until() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < deadline)) || return 1
    sleep 0.1
  done
}

is_gone() { ! kill -0 "$1" 2>/dev/null; }

# end_process PID SECONDS: asks the process to end, and ends it hard when it has not done so in time.
end_process() {
  [[ -n $1 ]] || return 0
  kill -TERM "$1" 2>/dev/null || return 0
  wait_until "$2" is_gone "$1" && return
  kill -KILL "$1" 2>/dev/null || true
  wait_until 5 is_gone "$1"
}
