// Whether the statistics of an M-step should be taken again about the new means.
#pragma once

#include "em/parameters.hpp"
#include "mogul/stats.hpp"

namespace mogul {

/// Whether second moments about where the means came from may have lost digits, S / n - d d^T being a small
/// difference of large numbers: a mean has moved by a hundred standard deviations or more, or has moved and
/// left a covariance singular. The statistics should then be taken again about the new means.
bool lost_digits(const Stats& stats, const Parameters& next, const Update& update);
/// The same where sums were made in float lanes: a mean has moved by three standard deviations or more, or a covariance
/// has become one that float lanes are not for.
bool lost_digits_of_float(const Stats& stats, const Parameters& current, const Parameters& next, const Update& update);

}  // namespace mogul
