// What a component would gain if two took its place.
#pragma once

#include <cstddef>
#include <optional>

#include "em/effort.hpp"
#include "engine/engine.hpp"
#include "mogul/options.hpp"
#include "search/membership.hpp"

namespace mogul {

struct Split {
  double gain;     ///< of the log-likelihood, at least; in nats
  Mixture halves;  ///< K = 2; their mixing weights are shares of that of the component
};

/// Eight steps of EM with two components on the rows weighted by r_k, from the component cut along its main axis. A
/// lower bound of the gain is sum_n w_n r_nk (log p2(x_n) - log N_k(x_n)). A covariance that all components share is
/// held.
/// @param row  what one row weighs: row_weight()
/// @return  nothing where a half is left with too few rows
/// @source  Ueda, Nakano, Ghahramani, Hinton (2000), SMEM algorithm for mixture models, Neural Computation 12(9)
std::optional<Split> split(Engine& engine, const Mixture& mixture, std::size_t component, const Members& members,
                           const FitOptions& options, double row, Effort& effort);

}  // namespace mogul
