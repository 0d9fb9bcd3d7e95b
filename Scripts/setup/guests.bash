# shellcheck shell=bash
# Builds the guests that run scripts, from Guests/: CPython and QuickJS as WebAssembly that imports nothing but our own
# functions. Sourced after wasmtime.bash.

readonly componentize_version=0.25.1
readonly quickjs_version=0.17.0.2
readonly wasi_packages=(wasi-libc libclang-rt-14-dev-wasm32)
readonly quickjs_files=(quickjs libregexp libunicode dtoa)

# guest_sources ROOT: prints the files that the guests are made of.
guest_sources() {
  find "$1/Guests" -type f ! -name '*.md' ! -name '*.json' ! -path '*/__pycache__/*' | LC_ALL=C sort
}

# make_guests ENVIRONMENT WORK FOLDER
make_guests() {
  local environment=$1 work=$2 folder=$3 sources=$root/Guests
  mkdir -p "$folder" "$folder/../licences" || return
  "$environment/bin/pip" -q --disable-pip-version-check --retries 5 install --only-binary=:all: \
    "componentize-py==$componentize_version" "wasmtime==$wasmtime_version" wheel setuptools || return
  make_python "$environment" "$work/guest-python" "$sources/python" "$folder/python.wasm" || return
  make_javascript "$environment" "$work/guest-javascript" "$sources/javascript" "$folder/javascript.wasm" || return
  copy_guest_licences "$environment" "$work" "$folder/../licences"
}

# make_python ENVIRONMENT WORK SOURCES TARGET
make_python() {
  mkdir -p "$2" && cp -r "$3/app.py" "$3/business_calendar.py" "$3/checker" "$2/" || return
  "$1/bin/python" "$3/make_time_zones.py" /usr/share/zoneinfo "$2/checker" || return
  "$1/bin/componentize-py" -d "$3/wit" -w script componentize --stub-wasi app -p "$2" -o "$4"
}

# make_javascript ENVIRONMENT WORK SOURCES TARGET
make_javascript() {
  local environment=$1 work=$2 sources=$3 target=$4 tools quickjs wasi file
  tools=$(dirname "$(readlink -f "$(command -v swift)")")
  mkdir -p "$work" && unpack_packages "$work/debian" "${wasi_packages[@]}" || return
  "$environment/bin/pip" -q --disable-pip-version-check --retries 5 download --no-binary=:all: --no-deps \
    --no-build-isolation -d "$work" "quickjs-ng==$quickjs_version" || return
  tar -xzf "$work"/quickjs_ng-*.tar.gz -C "$work" || return
  quickjs=$(echo "$work"/quickjs_ng-*/upstream-quickjs) wasi=$work/debian/usr
  "$sources/make-prelude" "$sources" >"$work/prelude.h" || return
  local options=(
    --target=wasm32-wasi -isystem "$wasi/include/wasm32-wasi" -O2 -w -mbulk-memory -msign-ext -D_GNU_SOURCE -DNDEBUG
    -D_WASI_EMULATED_SIGNAL -D_WASI_EMULATED_PROCESS_CLOCKS -I "$quickjs" -I "$work"
  )
  for file in "${quickjs_files[@]}"; do
    "$tools/clang" "${options[@]}" -c "$quickjs/$file.c" -o "$work/$file.o" || return
  done
  "$tools/clang" "${options[@]}" -c "$sources/guest.c" -o "$work/guest.o" || return
  "$tools/wasm-ld" --no-entry --export-memory --stack-first -z stack-size=1048576 --strip-all --gc-sections \
    -L "$wasi/lib/wasm32-wasi" "$work"/*.o -lc -lm -lwasi-emulated-signal -lwasi-emulated-process-clocks \
    "$(find "$wasi" -name libclang_rt.builtins-wasm32.a)" -o "$work/guest.wasm" || return
  "$environment/bin/python" "$sources/snapshot.py" "$work/guest.wasm" "$target"
}

# copy_guest_licences ENVIRONMENT WORK FOLDER
copy_guest_licences() {
  local environment=$1 work=$2 folder=$3 packages package
  packages=$("$environment/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))') || return
  find "$packages"/componentize_py-*.dist-info -type f -iname "LICENSE*" -exec cat {} + >"$folder/componentize-py.txt" || return
  cat "$work"/guest-javascript/quickjs_ng-*/LICENSE >"$folder/quickjs-ng.txt" || return
  for package in "${wasi_packages[@]}"; do
    cp "$work/guest-javascript/debian/usr/share/doc/$package/copyright" "$folder/$package.txt" || return
  done
  printf '%s\n' "The Python guest holds CPython 3.14, under the Python Software Foundation License Version 2," \
    "as it comes in componentize-py $componentize_version (see componentize-py.txt)." \
    "Copyright (c) 2001 Python Software Foundation; all rights reserved." >"$folder/cpython.txt"
}
