// Whether the statistics of an M-step should be taken again about the new means.
#pragma once

#include "em/parameters.hpp"
#include "mogul/stats.hpp"

namespace mogul {

/// Whether second moments about where the means came from may have lost digits, S / n - d d^T being a small
/// difference of large numbers: a mean has moved farther than they resolve (Stats::resolution), or has moved and left a
/// covariance singular; or a covariance has become narrower than they resolve. The statistics should then be taken
/// again in double, about the new means.
bool lost_digits(const Stats& stats, const Parameters& current, const Parameters& next, const Hold& hold);

}  // namespace mogul
