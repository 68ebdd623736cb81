#!/usr/bin/env bash
# Runs what README.md prints: its sh blocks line by line, after its programs (the cpp, cmake and python blocks) were
# written to the files that their first line names. Stops at the first command that fails. ./dev fresh calls this in a
# bare Debian 12; it installs packages and writes outside the project, so call it nowhere else.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
quick_seconds=60  # README.md says of ./dev demo and ./dev test that a second run takes seconds
commands=/tmp/readme_commands
outcome=()

# Prints the lines of sh blocks, and writes the others to the file of their first line, "// NAME" or "# NAME".
extract() {
  awk '
    /^```/ { kind = inside ? "" : substr($0, 4); inside = !inside; named = 0; next }
    kind == "sh" { print }
    kind == "cpp" || kind == "cmake" || kind == "python" {
      if (!named) { file = $2; named = 1; system("mkdir -p \"$(dirname " file ")\"") }
      print >file
    }
  ' README.md
}

run() {
  local started=$SECONDS code=0
  printf '\n$ %s\n' "$1"
  bash -c "$1" </dev/null || code=$?
  outcome+=("$(printf '%5d s  %s' $((SECONDS - started)) "$1")")
  ((code == 0)) || end "failed with exit status $code: $1"
}

run_again() {
  local started=$SECONDS
  run "$1"
  ((SECONDS - started <= quick_seconds)) || end "the second run took $((SECONDS - started)) s, and README.md says seconds: $1"
}

end() {
  printf '\n== commands of README.md\n'
  printf '%s\n' "${outcome[@]}"
  [[ -z "${1:-}" ]] || { printf 'FAILED: %s\n' "$1" >&2; exit 1; }
}

extract >"$commands"
mapfile -t lines <"$commands"
for line in "${lines[@]}"; do
  command=${line%%  #*}
  [[ -n ${command// /} ]] || continue
  run "$command"
  case "$command" in "./dev demo"* | "./dev test"*) run_again "$command" ;; esac
done
end
