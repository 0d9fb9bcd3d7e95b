# shellcheck shell=bash
# A Python that can make virtual environments, for set-up only: the product does not use it. Sourced after debian.bash.

# find_python: prints the first Python 3 that can make a virtual environment with pip in it. A python3 on the PATH may
# be one of pyenv or conda; Debian's own lacks both modules until python3-venv is installed.
find_python() {
  local candidate
  for candidate in "$(command -v python3 || true)" /usr/bin/python3; do
    if [[ -n $candidate ]] && "$candidate" -c 'import ensurepip, venv' 2>/dev/null; then
      printf '%s\n' "$candidate"
      return
    fi
  done
  return 1
}

# make_environment FOLDER: a virtual environment there. Debian forbids pip outside of one (PEP 668).
make_environment() {
  [[ -x $1/bin/pip ]] && return
  local python
  python=$(find_python) || return
  "$python" -m venv "$1"
}

# fetch_wheel ENVIRONMENT FOLDER NAME==VERSION: downloads one wheel. The Python version is fixed so that every machine
# gets the same file, whichever Python it has.
fetch_wheel() {
  "$1/bin/pip" -q --disable-pip-version-check --retries 5 download --no-deps --only-binary=:all: \
    --python-version 3.11 -d "$2" "$3"
}
