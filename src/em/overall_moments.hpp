// The mean and covariance of all rows, from the statistics of any mixture: what is within its components and between
// them.
#pragma once

#include <vector>

#include "mogul/covariance_family.hpp"
#include "mogul/options.hpp"
#include "mogul/stats.hpp"

namespace mogul {

/// Covariance of all rows, one component's share in the given family, plus reg_covar: the second
/// moment within and between the components about the mean of all rows.
/// @param mean  receives the mean of all rows (D)
std::vector<double> overall_covariance(const Stats& stats, CovarianceFamily family, const RegCovar& reg_covar,
                                       std::vector<double>& mean);

/// What reg_covar adds to the variance of each feature (D), in the data's unit squared; a relative one is a share of
/// the variances that the statistics tell. All are equal for a spherical family.
std::vector<double> added_variances(const Stats& stats, CovarianceFamily family, const RegCovar& reg_covar);

}  // namespace mogul
