// Part of every executable of tests: their properties draw the same problems on every run, so that none fails by
// chance. RC_PARAMS="seed=N max_success=M" in the environment explores others.
#include <cstdlib>

namespace {

// rapidcheck reads it at its first property.
[[maybe_unused]] const int kFixedSeed = setenv("RC_PARAMS", "seed=20240229 max_success=100", /*overwrite=*/0);

}  // namespace
