# shellcheck shell=bash
# Puts the Zig compiler into a folder: the tests build the example in Zig with it. Sourced after python.bash.

readonly zig_version=0.17.1

# make_zig ENVIRONMENT WORK FOLDER
make_zig() {
  local environment=$1 work=$2 folder=$3
  fetch_wheel "$environment" "$work" "ziglang==$zig_version" || return
  unzip -qo "$work"/ziglang-*.whl 'ziglang/zig' 'ziglang/lib/*' 'ziglang/LICENSE' -d "$work/zig" || return
  mkdir -p "$folder" "$folder/../licences" || return
  cp "$work/zig/ziglang/LICENSE" "$folder/../licences/zig.txt" || return
  mv -- "$work/zig/ziglang"/* "$folder/" || return
  chmod +x "$folder/zig" || return
  "$folder/zig" version >&2
}
