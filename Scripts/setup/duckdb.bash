# shellcheck shell=bash
# Puts DuckDB's shared library, with its ADBC entry point, into a folder. Sourced after python.bash.
#
# DuckDB publishes its library inside a Python wheel, as an extension module. Nothing of Python is called on the way that
# we take, but the module names Python's data objects, which the dynamic linker wants to find when it loads the module
# (functions are looked up when called, so never). A library of placeholders with those names stands in for libpython.

readonly duckdb_version=2.0.0

# make_duckdb ENVIRONMENT WORK FOLDER
make_duckdb() {
  local environment=$1 work=$2 folder=$3
  fetch_wheel "$environment" "$work" "duckdb==$duckdb_version" || return
  unzip -qo "$work"/duckdb-*.whl '_duckdb*.so' 'duckdb-*/licenses/*' -d "$work/duckdb" || return
  mkdir -p "$folder" "$folder/../licences" || return
  cp "$work"/duckdb/duckdb-*.dist-info/licenses/LICENSE "$folder/../licences/duckdb.txt" || return
  placeholders_of "$work"/duckdb/_duckdb*.so >"$work/placeholders.c" || return
  c_compiler -shared -fPIC -nostdlib -Wl,-soname,libpython-placeholder.so \
    -o "$folder/libpython-placeholder.so" "$work/placeholders.c" || return
  mv -f "$work"/duckdb/_duckdb*.so "$folder/libduckdb.so" || return
  prove_duckdb "$work" "$folder"
}

# placeholders_of LIBRARY: C source with one object for each of Python's names among the data relocations.
placeholders_of() {
  readelf -rW -- "$1" | awk '
    $3 !~ /JUMP_SLO/ && $5 ~ /^_?Py[A-Za-z0-9_]*$/ && $4 ~ /^0+$/ { names[$5] = 1 }
    END { for (name in names) { printf "char %s[1024];\n", name; count++ } exit count == 0 }'
}

c_compiler() {
  local compiler
  for compiler in clang gcc cc; do
    if command -v "$compiler" >/dev/null; then
      "$compiler" "$@"
      return
    fi
  done
  say "No C compiler was found (clang, gcc or cc). Swift brings clang: is its folder on the PATH?"
  return 1
}

# prove_duckdb WORK FOLDER: loads the library just as the product does, so that a bad download shows up here.
prove_duckdb() {
  cat >"$1/prove.c" <<'C'
#include <dlfcn.h>
#include <stdio.h>
int main(int count, char **arguments) {
  if (count == 3 && dlopen(arguments[1], RTLD_LAZY | RTLD_GLOBAL)) {
    void *library = dlopen(arguments[2], RTLD_LAZY | RTLD_LOCAL);
    if (library && dlsym(library, "duckdb_adbc_init")) return 0;
  }
  fprintf(stderr, "DuckDB does not load: %s\n", dlerror());
  return 1;
}
C
  c_compiler -o "$1/prove" "$1/prove.c" -ldl &&
    "$1/prove" "$2/libpython-placeholder.so" "$2/libduckdb.so"
}
