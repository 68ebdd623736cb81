// From a mixture of free covariances to the nearest one of a family. Between an acceleration, whose proposals for
// families that tie volumes, shapes or orientations are free, and the loop.
#pragma once

#include <optional>

#include "mogul/mixture.hpp"
#include "mogul/options.hpp"
#include "mogul/stats.hpp"

namespace mogul {

/// Covariances by the M-step of current.family(), with the mixture's own covariances as scatters and its weights as
/// counts. What reg_covar adds is subtracted first and added again afterwards. A mixture of that family is returned as
/// it is.
/// @param current  start of the iterations
/// @param stats    of the rows: a relative reg_covar is a share of their variances
/// @return         nothing if a covariance is singular
std::optional<Mixture> projected(Mixture mixture, const Mixture& current, const Stats& stats,
                                 const RegCovar& reg_covar);

}  // namespace mogul
