// The M-step: statistics -> parameters. A pure function; whether the parameters make a valid mixture is
// asked afterwards, because a degenerate component is repaired elsewhere (revive.hpp).
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "mogul/stats.hpp"

namespace mogul {

/// A mixture's parameters before they are known to be valid; shapes as in Mixture.
struct Parameters {
  CovarianceStructure structure;
  std::vector<double> weights;
  Matrix means;
  std::vector<double> covariances;
};

Parameters parameters_of(const Mixture& mixture);

/// Weighted counts, means and covariances; what options.update leaves out comes from `current`, whose
/// means the statistics are about. An empty component keeps its mean and, under the same structure, covariance.
Parameters update_parameters(const Stats& stats, const Parameters& current, const MStepOptions& options);

/// Why a component's parameters are not a Gaussian.
struct Degenerate {
  enum class Cause {
    empty,      ///< no rows
    dependent,  ///< singular: the variance of `feature`, given those before it, is rounding
    rounded,    ///< singular: its variance is below the rounding of values as large as its mean
    tiny,       ///< singular: its variance is below the smallest that a mixture may have
  };
  std::size_t component;
  Cause cause;
  std::size_t feature;  ///< where it is singular
};

/// The components whose covariance is singular; one entry, component 0, for a shared covariance.
///
/// Singular: no Cholesky factor (cholesky.hpp), or a variance, given the features before it, below the
/// rounding of what it was computed from: (8 eps |mean|)^2 of the data, and 16 D eps (variance + move^2)
/// of the moments, the move being that of the mean.
/// @param about  (K, D), what the second moments were about; the means themselves where nothing moved
std::vector<Degenerate> singular_components(const Parameters& parameters, const Matrix& about);

/// Whether second moments about where the means came from may have lost digits, S / n - d d^T being a small
/// difference of large numbers: a mean has moved by a hundred standard deviations or more, or has moved and
/// left a covariance singular. The statistics should then be taken again about the new means.
bool lost_digits(const Stats& stats, const Parameters& next, const Update& update);
/// The same where sums were made in float lanes: a mean has moved by three standard deviations or more, or a covariance
/// has become one that float lanes are not for.
bool lost_digits_of_float(const Stats& stats, const Parameters& current, const Parameters& next, const Update& update);

/// The components that an M-step cannot give what `update` asks for, in ascending order: singular ones, and
/// empty ones, N_k <= 10 eps sum(w), whose mean is to be updated, unless their weight is held at zero.
std::vector<Degenerate> degenerate_components(const Parameters& parameters, const Stats& stats, const Update& update);

/// What is wrong and what to do, for messages: "component 2 is empty (...); lower n_components or ...".
std::string describe(const Degenerate& degenerate, CovarianceStructure structure, const std::string& feature_name);

/// Covariance of all rows, one component's share in the given structure, plus reg_covar: the second
/// moment within and between the components about the mean of all rows.
/// @param mean  receives the mean of all rows (D)
std::vector<double> overall_covariance(const Stats& stats, CovarianceStructure structure, double reg_covar,
                                       std::vector<double>& mean);

}  // namespace mogul
