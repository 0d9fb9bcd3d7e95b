# shellcheck shell=bash
# Installs Debian packages, only those that are missing. Sourced after common.bash.

# missing_packages NAME...: prints the names that are not installed, in one query of the package database.
missing_packages() {
  local installed name
  installed=" $(dpkg-query -W -f='${Package}:${db:Status-Status} ' -- "$@" 2>/dev/null || true)"
  for name in "$@"; do
    [[ $installed == *" $name:installed "* ]] || printf '%s\n' "$name"
  done
}

# apt_get ARGUMENTS...: apt-get that asks nothing, waits for another one to end and tries downloads again.
apt_get() {
  administrator env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
    -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 -o Dpkg::Use-Pty=0 \
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@"
}

# with_package_lists COMMAND...: runs the command; if it fails, reads the package lists again and tries once more.
# On a new machine there are no lists, and old lists name files that the archive no longer has.
with_package_lists() {
  "$@" && return
  apt_get update && "$@"
}

# A package that carries a server would start it as a service of the system. A policy that denies this is in force while
# packages are installed; whatever policy the machine had comes back afterwards.
readonly service_policy=/usr/sbin/policy-rc.d

deny_services() {
  if [[ -e $service_policy && ! -e $service_policy.before-checker ]]; then
    administrator mv -- "$service_policy" "$service_policy.before-checker" || return
  fi
  printf '#!/bin/sh\nexit 101\n' | administrator tee "$service_policy" >/dev/null || return
  administrator chmod 755 "$service_policy"
}

restore_services() {
  administrator rm -f -- "$service_policy"
  if [[ -e $service_policy.before-checker ]]; then
    administrator mv -- "$service_policy.before-checker" "$service_policy"
  fi
}

install_now() {
  with_package_lists apt_get install --no-install-recommends -- "$@" || return
  # The tests start servers of their own. Those that came with the packages stay off, after a reboot too.
  if [[ -d /run/systemd/system ]]; then
    local name
    for name in "$@"; do
      case $name in postgresql | rabbitmq-server) administrator systemctl disable "$name" || true ;; esac
    done
  fi
}

install_without_services() (
  trap restore_services EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  deny_services && install_now "$@"
)

# install_packages DURATION NAME...: installs what is missing of the named packages, or stops with the line to run.
install_packages() {
  local duration=$1 missing
  shift
  command -v dpkg-query >/dev/null || fail $exit_unavailable \
    "This set-up needs Debian 12 (dpkg-query was not found)." "On another system, install by hand: $*"
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]} == 0)) && return
  can_administrate || fail $exit_unavailable "Debian packages are missing and this user may not install them. Run:" \
    "  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing[*]}" "Then start this again."
  long_step "Installing Debian packages: ${missing[*]}" "$duration" install_without_services "${missing[@]}" ||
    fail $exit_unavailable "The packages could not be installed. Try: apt-get install ${missing[*]}"
}

# unpack_packages FOLDER NAME...: downloads packages and unpacks them into the folder without installing them.
unpack_packages() {
  local folder=$1 package
  shift
  mkdir -p "$folder/packages"
  (cd "$folder/packages" && download_packages "$@") || return
  for package in "$folder"/packages/*.deb; do dpkg-deb -x "$package" "$folder" || return; done
}

download_packages() {
  apt-get -q -o Acquire::Retries=3 download "$@" && return
  can_administrate || {
    say "The package lists are missing or old. Run: sudo apt-get update"
    return 1
  }
  apt_get update && apt-get -q -o Acquire::Retries=3 download "$@"
}
