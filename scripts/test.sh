# ./dev test and ./dev wheel. What has not changed since it passed is neither built nor run again.
# shellcheck shell=bash

run_tests() {
  run_all=
  if [[ "${1:-}" == --all ]]; then
    run_all=yes
    shift
  fi
  (($# <= 1)) || stop "test: too many arguments; it takes --all and then nothing, \"python\" or one regular expression"
  case "${1:-}" in
    -*) stop "test: unknown option $1; the only one is --all" ;;
    "")
      need "build and test mogul" "${build_packages[@]}" "${test_packages[@]}" "${python_packages[@]}"
      select_python_tests
      # What may fail for want of a network comes before the long work.
      wheel_tools
      python_tests_environment
      anndata_tests_environment
      cpp_tests
      python_tests
      ;;
    python) python_tests ;;
    *) cpp_tests "$1" ;;
  esac
}

cpp_tests() {
  local key count
  need "build and test mogul" "${build_packages[@]}" "${test_packages[@]}"
  say "building mogul and its tests (Release)"
  configure release -DMOGUL_BUILD_TESTS=ON -DMOGUL_BUILD_EXAMPLES=ON
  build release
  if [[ -n "${1:-}" ]]; then
    count=$(ctest --test-dir build/release -N -R "$1" | sed -n 's/^Total Tests: //p')
    ((${count:-0} > 0)) || stop "no test's name matches \"$1\"; ctest --test-dir build/release -N lists the names"
    say "running the $count tests whose names match \"$1\""
    run_ctest -R "$1"
    return
  fi
  key=$(cpp_tests_key)
  if unchanged "C++ tests" "$key"; then return; fi
  say "running the C++ tests"
  run_ctest
  passed "C++ tests" "$key" "$(sed -n 's/.*tests passed.* out of \([0-9]*\)$/\1 tests/p' build/ctest_release.log)"
}

# The project's files, which tests read, and the programs, which depend on the compiler and the libraries as well; not
# the program that a test builds.
cpp_tests_key() {
  local files programs
  mapfile -t files < <(project_files)
  mapfile -t programs < <(find build/release/apps build/release/tests build/release/examples -type f -perm -u+x \
    ! -path '*/CMakeFiles/*' ! -path '*/tests/consume/*')
  fingerprint "${files[@]}" "${programs[@]}"
}

# The objects are shared with the Release build, which pip configures for itself and which is then put back as it was.
# auditwheel adds the libraries that Python's hosts need not have.
wheel() {
  local prefix=/usr/local key
  need "build the wheel" "${build_packages[@]}" "${python_packages[@]}"
  wheel_tools
  key=$(wheel_key)
  if [[ -n "$(compgen -G 'build/dist/*.whl')" ]] && unchanged wheel "$key"; then return; fi
  say "building the wheel (Release)"
  rm -rf build/dist
  [[ ! -f build/release/CMakeCache.txt ]] || prefix=$(sed -n 's/^CMAKE_INSTALL_PREFIX:PATH=//p' build/release/CMakeCache.txt)
  PATH="$PWD/build/wheel_tools/bin:$PATH" live "pip wheel" build/wheel.log python -m pip wheel . --verbose --no-deps \
    --disable-pip-version-check --no-build-isolation --wheel-dir build/dist/unrepaired --config-settings=build-dir=build/release
  configure release -DMOGUL_BUILD_PYTHON=OFF "-DCMAKE_INSTALL_PREFIX=$prefix" -U "SKBUILD*"
  PATH="$PWD/build/wheel_tools/bin:$PATH" live auditwheel build/auditwheel.log \
    python -m auditwheel repair build/dist/unrepaired/*.whl --wheel-dir build/dist
  rm -r build/dist/unrepaired
  build/wheel_tools/bin/python -c "from scikit_build_core.build import build_sdist; build_sdist('build/dist')" >build/sdist.log
  printf '%s\n' build/dist/*.whl build/dist/*.tar.gz
  passed wheel "$key" "$(cd build/dist && echo *.whl)"
}

wheel_key() {
  {
    g++ --version
    fingerprint CMakeLists.txt VERSION README.md LICENSE pyproject.toml cmake include src apps python/CMakeLists.txt \
      python/bindings python/mogul build/wheel_tools/installed
  } | sha256sum
}

# build/python_tests: the wheel, and what tests and benchmarks need.
wheel_environment() {
  wheel
  python_tests_environment
  install_wheel build/python_tests
}

# install_wheel ENVIRONMENT
install_wheel() {
  local key mark=$1/wheel
  key=$(fingerprint build/dist/*.whl)
  [[ ! -f $mark || "$(<"$mark")" != "$key" ]] || return 0
  retry live pip build/pip.log "$1/bin/python" -m pip install --disable-pip-version-check --no-deps \
    --force-reinstall build/dist/*.whl
  printf '%s\n' "$key" >"$mark"
}

# Sets python_selection, which pytest's -m takes: every test, or, without a browser, those that need none.
select_python_tests() {
  [[ -z "${python_selection+set}" ]] || return 0
  python_selection=
  # In a subshell, which a missing package ends.
  (need "test mogul's pages in a browser" "${browser_packages[@]}") && return
  python_selection="not browser"
  say "the tests of pages in a browser are left out, as these packages are missing: ${browser_packages[*]}"
}

# With the wheel, away from the sources.
python_tests() {
  local key
  select_python_tests
  wheel_environment
  anndata_tests_environment
  install_wheel build/anndata_tests
  key="$(fingerprint build/dist build/{python,anndata}_tests/installed README.md docs data examples python src/report/page) $python_selection"
  if unchanged "Python tests" "$key"; then return; fi
  say "the wheel alone, in a fresh environment"
  rm -rf build/wheel_alone
  python3 -m venv build/wheel_alone
  retry live pip build/pip.log build/wheel_alone/bin/python -m pip install --disable-pip-version-check --progress-bar off \
    --retries 5 build/dist/*.whl
  (cd build/wheel_alone && bin/mogul --version && bin/python -c \
    "import mogul; print('fitted:', mogul.GaussianMixture(2, random_state=0).fit([[0.0], [1.0], [9.0], [8.0]]).means_.round(3).tolist())")
  say "running the Python tests"
  mkdir -p build/elsewhere
  (cd build/elsewhere && ../python_tests/bin/python -m pytest -q -rs -p no:cacheprovider -n "$(jobs)" --dist worksteal -m "$python_selection" "$OLDPWD/python/tests") 2>&1 | tee build/pytest.log
  say "running the tests with anndata"
  (cd build/elsewhere && ../anndata_tests/bin/python -m pytest -q -rs -p no:cacheprovider "$OLDPWD/python/tests/test_anndata.py")
  passed "Python tests" "$key" "$(sed -n 's/^.*\b\([0-9][0-9]* passed\).*/\1/p' build/pytest.log)"
}
