// Which of two partitions of the same rows is the better start.
#pragma once

#include "engine/engine.hpp"
#include "start/units.hpp"

namespace mogul {

/// The classification log-likelihood of a partition under one covariance for all components, in standard units and up
/// to a constant; larger is better. One covariance, as a cluster that happens to be flat would otherwise win.
///
///   sum_k n_k log(n_k / n) - n / 2 log |W + 1e-6 I|,   W = sum_k sum_(n in k) u_n u_n^T / n,  u = (x - mean_k) / scale
///
/// @param stats  of a partition, with diagonal, pooled or full moments; W is diagonal under diagonal ones
/// @param units  standard_units()
/// @source       Friedman, Rubin (1967), the criterion |W|; Symons (1981), with the sizes
double partition_criterion(const Stats& stats, const Units& units);

}  // namespace mogul
