# shellcheck shell=bash
# Puts wasmtime's shared library, the engine that runs users' code, into a folder. Sourced after python.bash.

readonly wasmtime_version=50.0.1

# make_wasmtime ENVIRONMENT WORK FOLDER
make_wasmtime() {
  local environment=$1 work=$2 folder=$3
  fetch_wheel "$environment" "$work" "wasmtime==$wasmtime_version" || return
  unzip -qo "$work"/wasmtime-*.whl 'wasmtime/*/_libwasmtime.so' 'wasmtime-*/licenses/*' -d "$work/wasmtime" || return
  mkdir -p "$folder" "$folder/../licences" || return
  cp "$work"/wasmtime/wasmtime-*.dist-info/licenses/LICENSE* "$folder/../licences/wasmtime.txt" || return
  mv -f "$work"/wasmtime/wasmtime/*/_libwasmtime.so "$folder/libwasmtime.so" || return
  prove_wasmtime "$work" "$folder"
}

# prove_wasmtime WORK FOLDER: loads the library just as the product does, so that a bad download shows up here.
prove_wasmtime() {
  cat >"$1/prove-wasmtime.c" <<'C'
#include <dlfcn.h>
#include <stdio.h>
int main(int count, char **arguments) {
  void *library = count == 2 ? dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL) : 0;
  if (library && dlsym(library, "wasmtime_module_new")) return 0;
  fprintf(stderr, "wasmtime does not load: %s\n", dlerror());
  return 1;
}
C
  c_compiler -o "$1/prove-wasmtime" "$1/prove-wasmtime.c" -ldl && "$1/prove-wasmtime" "$2/libwasmtime.so"
}
