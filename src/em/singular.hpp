// Which covariances of an M-step are singular in double precision.
#pragma once

#include <cstddef>
#include <vector>

#include "em/parameters.hpp"

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
/// of the moments, the move being that of the mean. Where covariances have a prior, the rounding of the data is no
/// measure of them.
/// @param about  (K, D), what the second moments were about; the means themselves where nothing moved
std::vector<Degenerate> singular_components(const Parameters& parameters, const Matrix& about);

}  // namespace mogul
