// Which rows belong to a component, and what the mixture loses without it: one pass.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/engine.hpp"

namespace mogul {

/// Rows with a responsibility of more than 1e-3, ascending, and w_n r_nk of each.
struct Members {
  std::vector<std::size_t> rows;
  std::vector<double> weights;
};

struct Membership {
  std::vector<Members> members;  ///< (K)
  /// (K), by how much the log-likelihood changes where component j is taken away and its weight shared out:
  ///   l_j = sum_n w_n log(1 - r_nj) - N log(1 - p_j)
  std::vector<double> losses;
};

/// @cost  one pass; memory O(N + K x blocks)
Membership membership(Engine& engine, const Mixture& mixture);

}  // namespace mogul
