// The start of EM: every start yields statistics, and the M-step makes the first model of them.
#pragma once

#include <cstddef>

#include "kernel/engine.hpp"
#include "mogul/options.hpp"

namespace mogul {

struct Start {
  Stats stats;                  ///< with the moments that options.covariance needs
  std::size_t n_seed_rows = 0;  ///< rows that k-means or k-means++ looked at
};

/// The statistics of the rows under the partition or responsibilities that options.init asks for.
/// Random starts depend on options.seed and restart only. options.init is not a Mixture.
/// @throws  invalid_argument if labels or responsibilities do not fit the rows
Start initialise(Engine& engine, const FitOptions& options, std::size_t restart);

}  // namespace mogul
