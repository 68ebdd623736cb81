// Statistics of rows under a given partition or given responsibilities.
#pragma once

#include "engine/engine.hpp"

namespace mogul {

/// Two passes: one for the components' means, one for the moments about them, so that clusters far
/// apart or far from the origin lose no digits. An empty component is put at the first row.
Stats partition_stats(Engine& engine, const ResponsibilitySource& source, std::size_t n_components, Moments moments);

/// Every row wholly in component 0.
ResponsibilitySource everywhere();

/// A mixture whose most probable component is the nearest mean; `variance` only sets the scale.
Mixture distance_model(Matrix means, double variance);

/// The mean over features of the variance of all rows, at least 1e-300.
double mean_variance(Engine& engine);

/// The moments of all rows as one component, about their mean.
Stats overall_stats(Engine& engine, Moments moments);

/// What a row of positive weight weighs in the mean, at most 1: weights above are counts of rows, others may be in any
/// unit, in which the log-likelihood is as well.
double row_weight(Engine& engine);

}  // namespace mogul
