// The moments of single components out of statistics: where their rows' means are, and their second moments.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/scatter.hpp"
#include "mogul/stats.hpp"

namespace mogul {

/// Whether no row belongs to component k, to rounding: N_k <= 10 eps sum(w).
bool is_empty(const Stats& stats, std::size_t k);

/// From the shift of component k to the mean of its rows (D). The component must not be empty.
std::vector<double> mean_shift(const Stats& stats, std::size_t k);

/// Second moments in the shape that `to` has: what all components have in common, and the rest by component.
Scatter pooled_scatter(const Stats& stats);
Scatter scatter_of(const Stats& stats, std::size_t k, Moments to);

/// Adds scale * v v^T to a scatter in the shape of `moments`.
void add_outer(Scatter& scatter, Moments moments, double scale, std::span<const double> v);

}  // namespace mogul
