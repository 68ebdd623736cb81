#!/usr/bin/env bash
# gtest_shard.sh PRESET LOGS NAME SHARD: a part of the tests of test_NAME, in the folder where ctest runs them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/run.sh
log=$PWD/$2/$3-$4.log
cd "build/$1/tests/${3%_threads}"
code=0
GTEST_SHARD_INDEX=$4 fixed_layout timeout 900 "./test_$3" >"$log" 2>&1 || code=$?
echo "test_$3, part $4: $(tail -n 1 "$log")"
exit $code
