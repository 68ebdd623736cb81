// Files as mogul writes them, and one edit away from that, for the tests of the JSON readers.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "mogul/error.hpp"
#include "mogul/version.hpp"

namespace mogul::test {

/// A model file as mogul writes it, laid out by hand from docs/formats.md.
inline const std::string kModelFile = R"({
  "schema": "mogul-model/1",
  "mogul_version": ")" MOGUL_VERSION R"(",
  "n_components": 2,
  "n_features": 2,
  "feature_names": ["eruptions", "waiting"],
  "covariance": "full",
  "weights": [0.25, 0.75],
  "means": [
    [2.0, 54.5],
    [-0.0, 1e-07]
  ],
  "covariances": [
    [[1.0, 0.1], [0.1, 33.0]],
    [[1e+16, 0.0], [0.0, 1000000.0]]
  ],
  "settings": {
    "n_components": 2,
    "covariance": "full",
    "search": "none",
    "init": "kmeans",
    "n_init": 1,
    "max_iter": 1000,
    "tol": 1e-06,
    "gain": 0.01,
    "acceleration": "none",
    "reg_covar": 0.0,
    "seed": 18446744073709551615,
    "hold": {"covariances": true},
    "degenerate": "revive"
  },
  "report": {
    "termination": {"reason": "converged", "message": "a \"sentence\""},
    "n_rows": 3,
    "sum_weights": 3.0,
    "iterations": 1,
    "log_likelihood": -9.5,
    "mean_log_likelihood": -3.1666666666666665,
    "entropy": 0.5,
    "history": [-10.0, -9.5],
    "component_sizes": [1.0, 2.0],
    "n_parameters": 11,
    "aic": 41.0,
    "bic": 31.5,
    "icl": 32.0,
    "restarts": [
      {"log_likelihood": 0.0, "iterations": 0, "n_revived": 0, "reason": "max_iter", "failed": true},
      {"log_likelihood": -9.5, "iterations": 1, "n_revived": 0, "reason": "converged", "failed": false}
    ],
    "best_restart": 1,
    "n_regularised": 0,
    "n_revived": 0,
    "n_promoted": 0,
    "n_seed_rows": 3,
    "warnings": ["look at component 1"],
    "passes": 7.5,
    "passes_by_phase": {"starts": 5.5, "convergence": 2.0, "splits": 0.0, "trials": 0.0, "last": 0.0},
    "accepted": 3,
    "rejected": 1,
    "seconds": {"initialise": 0.001, "e_step": 0.002, "m_step": 0.0, "total": 0.004}
  }
}
)";

/// Likewise a file of statistics.
inline const std::string kStatsFile = R"({
  "schema": "mogul-stats/1",
  "mogul_version": ")" MOGUL_VERSION R"(",
  "model": "0123456789abcdef",
  "moments": "full",
  "n_components": 2,
  "n_features": 2,
  "sum_weights": 4.0,
  "log_likelihood": -9.5,
  "entropy": 0.5,
  "map_log_likelihood": -10.25,
  "n": [1.0, 3.0],
  "shift": [
    [2.0, 54.5],
    [-0.0, 1e-07]
  ],
  "first": [
    [0.5, -0.5],
    [0.0, 1e+16]
  ],
  "second": [
    [1.0, 0.1, 33.0],
    [4.0, -0.25, 5e-324]
  ]
}
)";

/// The text with its only `from` replaced by `to`.
inline std::string edited(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  if (at == std::string::npos || text.find(from, at + 1) != std::string::npos) {
    throw std::logic_error("the test's example does not have exactly one " + std::string(from));
  }
  return text.replace(at, from.size(), to);
}

/// What a call refuses its data with; every message must be one line.
template <class Call>
std::string refusal(Call call) {
  try {
    call();
  } catch (const invalid_data& error) {
    const std::string message = error.what();
    return message.find('\n') == std::string::npos ? message : "more than one line: " + message;
  }
  return "accepted";
}

/// Whether a message starts with one text and has another one after it.
inline testing::AssertionResult says(const std::string& message, const std::string& start,
                                     const std::string& later = "") {
  if (message.starts_with(start) && message.find(later, start.size()) != std::string::npos) {
    return testing::AssertionSuccess();
  }
  return testing::AssertionFailure() << '"' << message << "\" is not \"" << start << "..." << later << '"';
}

/// Doubles of every magnitude up to a limit, denormals and both zeros among them.
inline double any_double(std::mt19937_64& random, double limit) {
  if (random() % 16 == 0) return random() % 2 == 0 ? -0.0 : 0.0;
  for (;;) {
    const auto x = std::bit_cast<double>(random() & (random() % 8 == 0 ? 0x800FFFFFFFFFFFFF : ~std::uint64_t{0}));
    if (std::abs(x) <= limit) return x;
  }
}

/// rapidcheck reads RC_PARAMS at its first property; a fixed seed makes the suite the same on every run.
[[maybe_unused]] inline const int kFixedSeed = setenv("RC_PARAMS", "seed=20240229 max_success=100", /*overwrite=*/0);

inline std::vector<double> any_doubles(std::mt19937_64& random, std::size_t size, double limit) {
  std::vector<double> values(size);
  for (double& value : values) value = any_double(random, limit);
  return values;
}

}  // namespace mogul::test
