# shellcheck shell=bash
# Running a long command so that ending the script ends the command too. Sourced, never run.

# run_interruptibly COMMAND...: runs the command and gives its exit code. A shell that waits for a command in the
# foreground acts on a signal only once the command has ended, so the command runs in the background. There it would
# ignore ^C, unless told otherwise. The caller's EXIT trap runs after the command is gone.
run_interruptibly() {
  local interruptible
  env --default-signal=INT,QUIT -- "$@" <&0 &
  interruptible=$!
  trap 'end_tree "$interruptible" INT; exit 130' INT
  trap 'end_tree "$interruptible" TERM; exit 143' TERM
  trap 'end_tree "$interruptible" TERM; exit 129' HUP
  wait "$interruptible"
}

# end_tree PID SIGNAL: sends the signal to a process and to all that it started, then waits for the process to end.
end_tree() {
  trap '' INT TERM HUP
  signal_tree "$1" "$2"
  wait "$1" || true
}

signal_tree() {
  local children child
  children=$(cat "/proc/$1"/task/*/children 2>/dev/null || true) # any of its threads may have started one
  kill -s "$2" "$1" 2>/dev/null || true
  for child in $children; do signal_tree "$child" "$2"; done
}
