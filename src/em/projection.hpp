// From a mixture of free covariances to the nearest one of a family. Between an acceleration, whose proposals for
// families that tie volumes, shapes or orientations are free, and the loop.
#pragma once

#include <optional>

#include "mogul/mixture.hpp"
#include "mogul/options.hpp"
#include "mogul/stats.hpp"

namespace mogul {

/// The mixture itself where it is of the family. Else the one whose covariances maximise the expected log-likelihood of
/// rows that the mixture's components have as many of as their weights say: the M-step of the family, of its own
/// covariances. What reg_covar adds is taken off before, and added after.
/// @param family     that of `current`
/// @param current    where iterations start
/// @param stats      of the rows: a relative reg_covar is a share of their variances
/// @return           nothing where a covariance is singular
std::optional<Mixture> projected(Mixture mixture, const Mixture& current, const Stats& stats,
                                 const RegCovar& reg_covar);

}  // namespace mogul
