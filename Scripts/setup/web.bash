# shellcheck shell=bash
# Puts the third-party files of the pages into a folder: htmx and its SSE extension, CodeMirror, two fonts.
# Sourced after python.bash.

readonly htmx_wheel=django-htmx==1.29.0 # carries htmx 2.0.10
readonly font_tools=(fonttools==4.68.0 brotli==1.2.1)
readonly web_packages=(esbuild libjs-codemirror fonts-inter-variable fonts-jetbrains-mono)

readonly codemirror_parts=(
  lib/codemirror
  mode/sql/sql mode/python/python mode/javascript/javascript mode/yaml/yaml mode/markdown/markdown
  addon/edit/matchbrackets addon/edit/closebrackets addon/comment/comment addon/selection/active-line
  addon/hint/show-hint addon/hint/sql-hint addon/display/placeholder addon/runmode/runmode
)

# Latin, punctuation, and the arrows, signs and keys that the pages show.
readonly font_characters=U+0020-007E,U+00A0-017F,U+2010-2026,U+2030,U+2032,U+2033,U+2039,U+203A,U+20AC,U+2122,\
U+2190-2193,U+2197,U+21B5,U+2212,U+2248,U+2260,U+2264,U+2265,U+2318,U+21E7,U+25CF,U+2713,U+2717

# make_web ENVIRONMENT WORK FOLDER
make_web() {
  local environment=$1 work=$2 folder=$3
  mkdir -p "$folder/fonts" "$folder/../licences" || return
  unpack_packages "$work/debian" "${web_packages[@]}" || return
  make_htmx "$environment" "$work" "$folder" || return
  make_codemirror "$work/debian" "$folder" || return
  make_fonts "$environment" "$work" "$folder/fonts" || return
  copy_licences "$work" "$folder/../licences"
}

make_htmx() {
  fetch_wheel "$1" "$2" "$htmx_wheel" || return
  unzip -qo "$2"/django_htmx-*.whl -d "$2/htmx" || return
  cp "$2/htmx/django_htmx/static/django_htmx/htmx-2.min.js" "$3/htmx.min.js" || return
  cp "$2/htmx/django_htmx/static/django_htmx/ext/hx-sse-2.min.js" "$3/hx-sse.min.js"
}

make_codemirror() {
  local source=$1/usr/share/javascript/codemirror folder=$2 esbuild=$1/usr/bin/esbuild part
  for part in "${codemirror_parts[@]}"; do
    cat "$source/$part.js" || return
    echo ';' # a part may end without one
  done >"$1/codemirror.js" || return
  "$esbuild" --log-level=warning --minify --legal-comments=none "$1/codemirror.js" >"$folder/codemirror.min.js" || return
  cat "$source/lib/codemirror.css" "$source/addon/hint/show-hint.css" >"$1/codemirror.css" || return
  "$esbuild" --log-level=warning --minify --loader=css <"$1/codemirror.css" >"$folder/codemirror.min.css"
}

make_fonts() {
  local bin=$1/bin work=$2 folder=$3 fonts=$2/debian/usr/share/fonts/truetype weight
  "$bin/pip" -q --disable-pip-version-check --retries 5 install "${font_tools[@]}" || return
  "$bin/fonttools" varLib.instancer "$fonts/inter-vf/Inter-roman.var.ttf" wght=400:700 -o "$work/inter.ttf" || return
  subset_font "$bin" "$work/inter.ttf" "$folder/inter-latin.woff2" \
    kern,liga,calt,ccmp,locl,mark,mkmk,tnum,case,cv05,ss03,zero,cv11 || return
  for weight in Regular:400 SemiBold:600; do
    subset_font "$bin" "$fonts/jetbrains-mono/JetBrainsMono-${weight%:*}.ttf" \
      "$folder/jetbrains-mono-${weight#*:}.woff2" kern,ccmp,locl,mark,zero || return
  done
}

# subset_font BIN SOURCE TARGET FEATURES
subset_font() {
  "$1/pyftsubset" "$2" --unicodes="$font_characters" --layout-features="$4" --flavor=woff2 --output-file="$3"
}

copy_licences() {
  local work=$1 folder=$2 package
  for package in libjs-codemirror fonts-inter-variable fonts-jetbrains-mono; do
    cp "$work/debian/usr/share/doc/$package/copyright" "$folder/$package.txt" || return
  done
  cp "$work"/htmx/django_htmx-*.dist-info/licenses/LICENSE "$folder/django-htmx.txt" || return
  printf '%s\n' "htmx and its SSE extension: BSD Zero Clause (SPDX 0BSD), by Big Sky Software." \
    "The files come out of the wheel $htmx_wheel, whose own text is in django-htmx.txt." >"$folder/htmx.txt"
}
