# How long steps run and what they say meanwhile. ./dev and its other scripts read this file.
# shellcheck shell=bash

say() { printf '\n== %s\n' "$*"; }
stop() { printf 'dev: %s\n' "$*" >&2; exit 1; }
jobs() { nproc 2>/dev/null || echo 2; }

# live NAME LOG COMMAND...: the command's output goes to LOG. Every 10 s a line says how far it is; if it fails, the end
# of LOG is shown.
live() {
  local name=$1 log=$2 started=$SECONDS code=0 ticker
  shift 2
  mkdir -p "${log%/*}"
  : >"$log"
  while sleep 10 >/dev/null 2>&1 && kill -0 "$$" 2>/dev/null; do
    printf '   %s, %d s: %.100s\n' "$name" $((SECONDS - started)) "$(tail -n 1 "$log")"
  done &
  ticker=$!
  "$@" >"$log" 2>&1 || code=$?
  kill "$ticker" 2>/dev/null || true
  wait "$ticker" 2>/dev/null || true
  ((code == 0)) || tail -n "${live_tail:-40}" "$log" >&2
  return "$code"
}

# retry COMMAND...: for downloads; three attempts.
retry() {
  local attempt
  for attempt in 1 2 3; do
    "$@" && return
    echo "dev: attempt $attempt of 3 failed" >&2
    ((attempt == 3)) || sleep $((attempt * 5))
  done
  return 1
}

# fingerprint PATH...: one hash of the names and contents of all files there.
fingerprint() {
  find "$@" -name __pycache__ -prune -o -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum
}

# The project's files: with git, those that it does not ignore; else all but what builds put beside them.
project_files() {
  local entry
  if git rev-parse --git-dir >/dev/null 2>&1; then
    git ls-files --cached --others --exclude-standard | while read -r entry; do [[ ! -e $entry ]] || printf '%s\n' "$entry"; done
    return
  fi
  for entry in * .ci .clang-format .clang-tidy; do
    [[ $entry == build || -e $entry/pyvenv.cfg || -e $entry/CMakeCache.txt ]] || printf '%s\n' "$entry"
  done
}

# unchanged NAME KEY: whether NAME passed with the same key before, which is said, and --all was not given.
unchanged() {
  local file=build/passed/$1
  [[ -z "${run_all:-}" && -f $file && "$(head -n 1 "$file")" == "$2" ]] || return 1
  say "unchanged since $(date -r "$file" '+%Y-%m-%d %H:%M'): $1$(tail -n +2 "$file"); ./dev test --all runs it again"
}

# passed NAME KEY [RESULT]
passed() {
  mkdir -p build/passed
  printf '%s\n%s\n' "$2" "${3:+ ($3)}" >"build/passed/$1"
}

# --- Building -------------------------------------------------------------------------------------------------------

# configure PRESET [-D...]
configure() {
  live "cmake --preset $1" "build/cmake_$1.log" cmake --preset "$@" || stop "cmake --preset $* failed"
}

# build PRESET TARGET...: on a terminal with ninja's own line; elsewhere with warnings and errors only. In CI a compiler's
# warning is an error.
build() {
  local preset=$1 code=0
  local command=(cmake --build "build/$preset" -j "$(jobs)")
  shift
  (($# == 0)) || command+=(--target "$@")
  if [[ -t 1 ]]; then
    "${command[@]}"
    return
  fi
  live_tail=0 live "building $preset" "build/build_$preset.log" "${command[@]}" || code=$?
  sed '/^\[[0-9]*\/[0-9]*\] /d; /^ninja: no work to do/d' "build/build_$preset.log"
  [[ -z "${CI:-}" ]] || ! grep -q 'warning: .*\[-W' "build/build_$preset.log" || code=1
  return "$code"
}

# Without address randomisation: the sanitizers of gcc 12 and clang 14 do not know the memory layout of newer kernels.
fixed_layout() {
  if setarch -R true 2>/dev/null; then setarch -R "$@"; else "$@"; fi
}

# run_ctest [ctest arguments]: prints what failed and ctest's summary; the whole output is in build/ctest_release.log.
run_ctest() {
  local log=build/ctest_release.log code=0
  local command=(ctest --test-dir build/release --output-on-failure --no-tests=error --no-label-summary -j 2 "$@")
  live_tail=0 live "C++ tests" "$log" "${command[@]}" || code=$?
  awk '!/^ *[0-9]+\/[0-9]+ Test +#[0-9]+: .* Passed +[0-9.]+ sec$/ && !/^ *Start +[0-9]+: / &&
       !/^(Internal ctest|Test project|    Start|$)/' "$log"
  return "$code"
}

cpp_files() {
  find include src apps python tests bench examples \( -name '*.cpp' -o -name '*.hpp' \) -print | LC_ALL=C sort
}
