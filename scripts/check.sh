# ./dev check: format, lint, sanitizers and fuzzing; ./dev format.
# shellcheck shell=bash

python_folders=(python examples/python)
javascript_folder=src/report/page
scripts=(dev .ci/run scripts/gtest_shard.sh scripts/mounted.sh scripts/pictures.sh scripts/readme.sh)  # dev includes the others

check() {
  need "build and check mogul" "${build_packages[@]}" "${test_packages[@]}" "${check_packages[@]}" "${python_packages[@]}"
  (($# > 0)) || set -- format lint asan tsan fuzz
  local step started code result status=0 summary=()
  for step in "$@"; do
    [[ "$step" =~ ^(format|lint|asan|tsan|fuzz)$ ]] || stop "check: no step $step; steps are format lint asan tsan fuzz"
  done
  for step in "$@"; do
    say "check: $step"
    started=$SECONDS
    set +e
    (set -e; "check_$step")  # not in a condition, where set -e would not act
    code=$?
    set -e
    if ((code == 0)); then result=passed; else result=FAILED status=1; fi
    summary+=("$result  $step ($((SECONDS - started)) s)")
  done
  say "checks"
  printf '%s\n' "${summary[@]}"
  return $status
}

check_format() {
  if cpp_files | xargs clang-format --dry-run --Werror --ferror-limit=1 && ruff format --quiet --check "${python_folders[@]}"; then
    return
  fi
  echo "./dev format puts it right"
  return 1
}

format() {
  need "format the files" "${format_packages[@]}" "${python_packages[@]}"
  cpp_files | xargs clang-format -i
  ruff check --quiet --fix --exit-zero "${python_folders[@]}"
  ruff format --quiet "${python_folders[@]}"
}

nanobind_folder() { build/wheel_tools/bin/python -m nanobind --cmake_dir; }

check_lint() {
  shellcheck --external-sources --check-sourced "${scripts[@]}"
  ruff check "${python_folders[@]}"
  # Debian keeps eslint's modules where only Debian's node looks; its other formatters need more packages.
  NODE_PATH=/usr/share/nodejs eslint --format unix --max-warnings 0 "$javascript_folder"
  wheel_tools
  PATH="$PWD/build/wheel_tools/bin:$PATH" configure release -B build/lint -DMOGUL_BUILD_PYTHON=ON "-Dnanobind_DIR=$(nanobind_folder)"
  # The count of warnings in system headers, which are not shown, is no news.
  find src apps python -name '*.cpp' | LC_ALL=C sort |
    xargs -P "$(jobs)" -n 1 clang-tidy --quiet -p build/lint 2> >(grep -v 'warnings\? generated' >&2)
}

# Builds everything by the debug preset's rules, under which a warning is an error, with a sanitizer: asan by clang, tsan by
# gcc. Then runs tests. CI builds for tsan what these need only, as a warning of gcc ended its Release build before.

# Few repetitions of the properties, as each takes ten times as long here. Left out are the tests under a limit of memory,
# of which the sanitizer reserves terabytes, those of the oracle and of what the Release build publishes, and a few slow
# ones: of many rows, many features, or that measure times. CI has time for neither what makes texts of numbers nor the laws
# of threads, which tsan has.
check_asan() {
  local programs=(base data model covariance engine start acceleration em search select uncertainty use io io_threads laws torture cli)
  local targets=()
  if [[ -z "${CI:-}" ]]; then
    programs+=(report lesson laws_threads)
  else
    targets=("${programs[@]/#/test_}" mogul_cli mogul_python fuzzers)
  fi
  local left_out="-*Memory*:*ManyFeatures*:*ManyPanels*:*ManyNarrow*:*OneInTenMillion*:*Linear*:*Structures/Columns.*:*WheneverItComes*:*AQuarterAtMost*:*AMegabyte*:*ThePicturesAre*:*FindsTheNumberAndTheFamily*"
  wheel_tools
  python_tests_environment
  PATH="$PWD/build/wheel_tools/bin:$PATH" configure asan -DMOGUL_BUILD_PYTHON=ON "-Dnanobind_DIR=$(nanobind_folder)"
  build asan "${targets[@]}"
  RC_PARAMS="seed=20240229 max_success=10" run_gtests asan "$left_out" "${programs[@]}"
  sanitized_python
}

# What runs on several threads, but few repetitions: a race shows at the first.
check_tsan() {
  local programs=(base engine io_threads laws_threads) targets=()
  [[ -z "${CI:-}" ]] || targets=("${programs[@]/#/test_}")
  configure tsan
  build tsan "${targets[@]}"
  RC_PARAMS="seed=20240229 max_success=5" run_gtests tsan "*Thread*:*Engine*:*Determinism*" "${programs[@]}"
}

# run_gtests PRESET FILTER NAME...: the tests of each program test_NAME in a few processes, not one for each test as ctest
# has it: a sanitizer takes half of the time to begin.
run_gtests() {
  local preset=$1 filter=$2 code=0
  local logs=build/gtest_$preset
  shift 2
  rm -rf "$logs"
  mkdir -p "$logs"
  export GTEST_FILTER=$filter GTEST_TOTAL_SHARDS=4
  local name shard
  for name in "$@"; do
    for ((shard = 0; shard < GTEST_TOTAL_SHARDS; shard++)); do printf '%s %d\n' "$name" $shard; done
  done | live "tests of $preset" "$logs/all.log" \
    xargs -P "$(jobs)" -L 1 scripts/gtest_shard.sh "$preset" "$logs" || code=$?
  unset GTEST_FILTER GTEST_TOTAL_SHARDS
  grep -h -A 30 -E 'Failure$|ERROR: |runtime error|WARNING: ThreadSanitizer' "$logs"/*-*.log || true
  awk '/^\[==========\] Running/ { n += $3 } /^\[  PASSED  \]/ { passed += $4 } /^\[  SKIPPED \] [0-9]+ test/ { passed += $4 }
       END { printf "%d%% tests passed, %d tests failed out of %d\n", n ? 100 * passed / n : 0, n - passed, n; exit n == 0 }' \
    "$logs"/*-*.log || code=1
  return "$code"
}

# The tests of the module's functions. Python itself is not instrumented, so the runtime is loaded before it, and before
# libstdc++, whose exceptions it watches; what Python does not free at its end is no leak of ours. The program has a runtime
# of its own. The stub is that of the wheel, which `./dev test` compares.
sanitized_python() {
  local package=build/asan/package runtime
  runtime=$(clang++ -print-file-name="libclang_rt.asan-$(uname -m).so")
  rm -rf "$package"
  mkdir -p "$package"
  cp -r python/mogul "$package"
  cp build/asan/python/_mogul*.so "$package/mogul"
  mkdir "$package/mogul/bin"
  printf '#!/bin/sh\nunset LD_PRELOAD\nexec "%s" "$@"\n' "$PWD/build/asan/apps/mogul/mogul" >"$package/mogul/bin/mogul"
  chmod +x "$package/mogul/bin/mogul"
  (
    cd build/asan/package
    PYTHONPATH=$PWD LD_PRELOAD="$runtime $(g++ -print-file-name=libstdc++.so.6)" ASAN_OPTIONS=detect_leaks=0 \
      fixed_layout ../../python_tests/bin/python -m pytest -q -p no:cacheprovider -n "$(jobs)" --dist worksteal \
      --ignore=../../../python/tests/functions/test_signatures.py ../../../python/tests/functions
  )
}

# Thirty seconds of fuzzing in all, from the kept corpus; what it finds stays in build/fuzz/found.
check_fuzz() {
  configure asan
  build asan fuzzers
  local fuzzers=(build/asan/tests/fuzz/fuzz_*) fuzzer name seconds
  seconds=$((${FUZZ_SECONDS:-30} / ${#fuzzers[@]}))
  mkdir -p build/fuzz/found
  for fuzzer in "${fuzzers[@]}"; do
    name=${fuzzer##*/fuzz_}
    mkdir -p "build/fuzz/corpus/$name"
    if ! fixed_layout "$fuzzer" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
      -artifact_prefix="build/fuzz/found/$name-" "build/fuzz/corpus/$name" "tests/fuzz/corpus/$name" \
      >"build/fuzz/$name.log" 2>&1; then
      tail -n 60 "build/fuzz/$name.log"
      echo "fuzzing $name failed; the input is in build/fuzz/found"
      return 1
    fi
    echo "fuzzed $name for $seconds s: $(awk '/number_of_executed_units/ { print $2 }' "build/fuzz/$name.log") inputs"
  done
}
