// What priors change in the M-step: the counts and scatters that a family maximises over, the means and the mixing
// weights.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "mogul/covariance_family.hpp"
#include "mogul/stats.hpp"

namespace mogul {

/// kappa of the mean of component k; 0 where it has no prior, as where it is held.
double mean_shrinkage(const MStepOptions& options, std::size_t k);

/// What the prior of one covariance adds to a_k.
double covariance_count(Layout layout, double dof, double d);

/// Moves the mean of the N_k rows of a component to the posterior mode.
/// @param mean  (D), overwritten
void shrink_mean(std::span<double> mean, double n_k, std::size_t k, const MStepOptions& options);

/// From a_k = N_k and B_k = W_k, about the means of the rows or about held means, to those of the posterior.
///   a_k  gains 1 for the prior of its mean, and nu + D + 1 (matrices), nu + 2 (diagonal) or (nu + 2) / D (spherical)
///   B_k  gains kappa N_k / (kappa + N_k) (x_k - m) (x_k - m)^T, x_k the mean of its rows, and Lambda, s^2 I or s^2 I /
///   D
/// What does not stand for a mean is added once where all components share one covariance.
/// @source  Fraley, Raftery (2007), with the exact mode for every family
void add_prior(Scatters& scatters, const Stats& stats, const CovarianceFamily& family, const MStepOptions& options);

/// N_k + alpha - 1 as shares of their sum; N_k / n without a prior, and 1 / K where weights are equal.
std::vector<double> mixing_weights(const Stats& stats, const MStepOptions& options);

}  // namespace mogul
