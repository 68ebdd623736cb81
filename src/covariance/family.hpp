// The M-step of a covariance family: mogul/covariance_family.hpp says what it maximises.
#pragma once

#include <vector>

#include "mogul/covariance_family.hpp"

namespace mogul {

/// The values of the family's covariances that maximise the problem above, as `Covariances` stores them.
///
/// A component whose a_k is 0 has no influence on the others. It keeps what is its own in the family (volume, shape,
/// orientation) of its current covariance, and takes over what is shared.
///
/// @param current  where iterations start, in any layout; null if there are no covariances yet. If it is a member of
///                 the family, the objective of the answer is not below its own, but for rounding.
/// @return         finite values. Where no maximum exists (B_k is singular), or it lies outside the range of double,
///                 the covariance is singular: `Covariances` and a Cholesky factorisation refuse it.
/// @throws         interrupted_error
/// @cost           O(K D) for spherical and diagonal layouts, O(K D^3) for matrices, for each iteration where there
///                 are iterations
std::vector<double> maximise(const CovarianceFamily& family, const Scatters& scatters, const Covariances* current,
                             InnerLoop& inner);

}  // namespace mogul
