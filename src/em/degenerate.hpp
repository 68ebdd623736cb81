// Which components an M-step leaves without rows, with a singular covariance, or on their way to no rows. Asked between
// update_parameters() (m_step.hpp) and the repair (revive.hpp).
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "em/m_step.hpp"

namespace mogul {

/// Why a component's parameters are not a Gaussian.
struct Degenerate {
  enum class Cause {
    empty,      ///< no rows
    dying,      ///< next to no rows, and fewer with every step
    dependent,  ///< singular: the variance of `feature`, given those before it, is rounding
    rounded,    ///< singular: its variance is below the rounding of values as large as its mean
    tiny,       ///< singular: its variance is below the smallest that a mixture may have
  };
  std::size_t component;
  Cause cause;
  std::size_t feature;  ///< where it is singular

  bool is_singular() const { return cause != Cause::empty && cause != Cause::dying; }
};

/// The components whose covariance is singular; one entry, component 0, for a shared covariance.
///
/// Singular: no Cholesky factor (cholesky.hpp), or a variance, given the features before it, below the
/// rounding of what it was computed from: (8 eps |mean|)^2 of the data, and 16 D eps (variance + move^2)
/// of the moments, the move being that of the mean.
/// @param about  (K, D), what the second moments were about; the means themselves where nothing moved
std::vector<Degenerate> singular_components(const Parameters& parameters, const Matrix& about);

/// Components that hold less than a thousandth of the rows, and whose weight falls by a tenth or more with the next
/// M-step: N_k < 0.9 pi_k sum(w). EM is not done with them, however little they still change the likelihood.
std::vector<std::size_t> dying_components(const Mixture& model, const Stats& stats, const Update& update);

/// The components that an M-step cannot give what `update` asks for, in ascending order: singular ones, and
/// empty ones, N_k <= 10 eps sum(w), whose mean is to be updated, unless their weight is held at zero.
/// @param dying  components that count as empty at N_k <= 1e-8 sum(w) already
std::vector<Degenerate> degenerate_components(const Parameters& parameters, const Stats& stats, const Update& update,
                                              const std::vector<std::size_t>& dying = {});

/// What is wrong and what to do, for messages: "component 2 is empty (...); lower n_components or ...".
std::string describe(const Degenerate& degenerate, CovarianceFamily family, const std::string& feature_name);

}  // namespace mogul
