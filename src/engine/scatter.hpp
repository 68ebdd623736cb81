// Second moments out of statistics, in the shape that a family needs. For the M-step and the gradient.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "mogul/stats.hpp"

namespace mogul {

/// A second moment in the shape that `Moments` stores: a number, D values or a packed lower triangle.
using Scatter = std::vector<double>;

/// A component's second moment in the coarser shape that a family needs.
/// @param second  as statistics with moments `from` have it
/// @param to      what `from` provides
Scatter coarsened(std::span<const double> second, Moments from, Moments to, std::size_t n_features);

}  // namespace mogul
