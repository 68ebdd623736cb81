// The M-step: statistics -> parameters. A pure function; whether the parameters make a valid mixture is
// asked afterwards (degenerate.hpp), because a degenerate component is repaired elsewhere (revive.hpp).
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "mogul/stats.hpp"

namespace mogul {

/// A mixture's parameters before they are known to be valid; shapes as in Mixture.
struct Parameters {
  CovarianceFamily family;
  std::vector<double> weights;
  Matrix means;
  std::vector<double> covariances;
};

Parameters parameters_of(const Mixture& mixture);

/// What is stored for component k: a matrix, D variances or one.
std::span<const double> covariance_of(const Parameters& parameters, std::size_t k);
double variance_of(const Parameters& parameters, std::size_t k, std::size_t feature);

/// Whether no row belongs to component k, to rounding: N_k <= 10 eps sum(w).
bool is_empty(const Stats& stats, std::size_t k);

/// Weighted counts, means and covariances; what options.update leaves out comes from `current`, whose
/// means the statistics are about. An empty component keeps its mean and what is its own of its covariance.
/// @param current_covariances  valid ones, where iterations of the family start; null at the start of EM
Parameters update_parameters(const Stats& stats, const Parameters& current, const MStepOptions& options,
                             const Covariances* current_covariances = nullptr);

/// Whether second moments about where the means came from may have lost digits, S / n - d d^T being a small
/// difference of large numbers: a mean has moved farther than they resolve (Stats::resolution), or has moved and left a
/// covariance singular; or a covariance has become narrower than they resolve. The statistics should then be taken
/// again in double, about the new means.
bool lost_digits(const Stats& stats, const Parameters& current, const Parameters& next, const Update& update);

/// Covariance of all rows, one component's share in the given family, plus reg_covar: the second
/// moment within and between the components about the mean of all rows.
/// @param mean  receives the mean of all rows (D)
std::vector<double> overall_covariance(const Stats& stats, CovarianceFamily family, const RegCovar& reg_covar,
                                       std::vector<double>& mean);

/// What reg_covar adds to the variance of each feature (D), in the data's unit squared; a relative one is a share of
/// the variances that the statistics tell. All are equal for a spherical family.
std::vector<double> added_variances(const Stats& stats, CovarianceFamily family, const RegCovar& reg_covar);

}  // namespace mogul
