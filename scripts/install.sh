# What must be installed: Debian packages and Python environments. ./dev reads this file.
# shellcheck shell=bash

build_packages=(g++ ccache cmake ninja-build zlib1g-dev libhwy-dev libeigen3-dev libfmt-dev libcli11-dev nlohmann-json3-dev)
test_packages=(libgtest-dev libgmock-dev librapidcheck-dev librsvg2-bin)
browser_packages=(chromium libatomic1)  # the second for the driver of playwright
python_packages=(python3 python3-dev python3-venv)
bench_packages=(python3 python3-venv libbenchmark-dev libarmadillo-dev libopencv-ml-dev libopenblas0-pthread)
format_packages=(clang-format)
check_packages=(clang clang-format clang-tidy libclang-rt-dev shellcheck eslint)
fresh_packages=(mmdebstrap git ca-certificates)

python_test_requirements=(scikit-learn pytest pytest-xdist hypothesis mypy matplotlib pandas polars pyarrow playwright)
anndata_test_requirements=(scikit-learn pytest anndata)  # apart, as anndata needs an older pandas

apt_options=(-q -y --no-install-recommends -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0)

installed() { [[ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" == installed ]]; }

apt_install() {
  export DEBIAN_FRONTEND=noninteractive
  apt-get "${apt_options[@]}" update && apt-get "${apt_options[@]}" install "$@"
}

# need REASON PACKAGE...: installs those that are missing, or stops and says what to do.
need() {
  local reason=$1 package missing=()
  shift
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    stop "this is not Debian (no apt-get), so nothing can be installed here. To $reason, mogul needs what Debian 12 calls:
  $*
Install these, then use CMake directly: cmake --workflow --preset release"
  fi
  for package in "$@"; do installed "$package" || missing+=("$package"); done
  ((${#missing[@]} > 0)) || return 0
  local by_hand="apt-get update && apt-get install -y --no-install-recommends ${missing[*]}"
  ((EUID == 0)) || stop "to $reason, these packages are missing and only root can install them. As root, run
  $by_hand"
  say "installing, to $reason: ${missing[*]}"
  retry live apt-get build/apt.log apt_install "${missing[@]}" || stop "apt-get could not install ${missing[*]}. Check the network and
/etc/apt/sources.list (mogul is made for Debian 12), then run
  $by_hand"
}

# environment NAME PIP_ARGUMENT...: the Python environment build/NAME with what pip installs for these arguments. It is
# made anew when the arguments, the files of requirements among them or Python itself have changed.
environment() {
  local path=build/$1 wanted argument
  shift
  wanted=$(
    python3 -c 'import sys; print(sys.version, sys.prefix)'
    for argument in "$@"; do
      printf '%s\n' "$argument"
      [[ ! -f $argument ]] || cat "$argument"
    done
  )
  [[ ! -f $path/installed || "$(<"$path/installed")" != "$wanted" ]] || return 0
  say "installing from PyPI into $path: $*"
  rm -rf "$path"
  live "python3 -m venv" build/pip.log python3 -m venv "$path"
  retry live pip build/pip.log "$path/bin/python" -m pip install --disable-pip-version-check --progress-bar off \
    --retries 5 "$@" || stop "pip could not install $*. Check the network and pip's configuration (pip config list)"
  printf '%s\n' "$wanted" >"$path/installed"
}

wheel_tools() { environment wheel_tools --require-hashes -r scripts/requirements/build.txt; }
python_tests_environment() { environment python_tests "${python_test_requirements[@]}"; }
anndata_tests_environment() { environment anndata_tests "${anndata_test_requirements[@]}"; }

ruff() {
  environment ruff --require-hashes -r scripts/requirements/lint.txt
  build/ruff/bin/ruff "$@"
}
