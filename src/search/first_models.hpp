// The starts of a search: partitions by the nearest of K seeds, in two metrics, and K random rows.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/engine.hpp"
#include "mogul/options.hpp"

namespace mogul {

/// How many starts of each kind.
struct StartCounts {
  std::size_t standardised = 6;  ///< seeds by distances in standard deviations
  std::size_t whitened = 6;      ///< seeds by distances under the covariance of all rows
  std::size_t random = 4;        ///< K rows, with the covariance of all rows

  std::size_t total() const { return standardised + whitened + random; }
};

/// Statistics whose M-steps are the first models. Seeds are those of k-means++, without Lloyd's iterations. With P the
/// covariance within clusters, a cluster of n_k rows and scatter W_k has Sigma_k = (W_k + P) / (n_k + 1), so that small
/// ones are not singular.
/// @param row       what one row weighs: row_weight()
/// @param n_passes  receives how many of them took a pass over the rows
/// @source  Biernacki, Celeux, Govaert (2003), Choosing starting values for the EM algorithm, CSDA 41
std::vector<Stats> first_models(Engine& engine, const FitOptions& options, const StartCounts& counts, double row,
                                std::size_t& n_passes);

}  // namespace mogul
