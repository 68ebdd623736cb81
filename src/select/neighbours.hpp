// Starts of a fit of K components from fits of K - 1 and K + 1.
#pragma once

#include <cstddef>
#include <vector>

#include "em/effort.hpp"
#include "engine/engine.hpp"
#include "mogul/options.hpp"

namespace mogul {

/// The mixtures in which one component has become two: of those components that gain most by it, the best first.
/// @param options  of the fit that led to the mixture
/// @param row      row_weight()
/// @cost           one pass, and some seventeen of two components over the rows of each
std::vector<Mixture> with_one_split(Engine& engine, const Mixture& mixture, const FitOptions& options, double row,
                                    std::size_t n_most, Effort& effort);

/// The mixtures in which two components have become one, with the mean and covariance of both: of those pairs that lose
/// least by it, the best first. Told from the parameters alone.
/// @param sum_weights  of the rows
std::vector<Mixture> with_one_merged(const Mixture& mixture, double sum_weights, std::size_t n_most);

}  // namespace mogul
