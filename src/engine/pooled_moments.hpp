// Second moments of all components in one: what a shared full covariance needs.
#pragma once

#include <span>

#include "mogul/stats.hpp"

namespace mogul {

/// Full statistics with the second moments of all components added up.
Stats pooled(Stats full);

/// Makes pooled second moments that are about one centre (D) for all components those about their own shifts:
/// sum r (x - c)(x - c)^T = sum r (x - s)(x - s)^T + sum_k (f_k d_k^T + d_k f_k^T + n_k d_k d_k^T), d_k = s_k - c and
/// f_k the first moment about s_k.
/// @error  as of any difference of large numbers, eps |d_ki| |d_kj| of element (i, j): for shifts near the centre, in
///         standard deviations given the features before (kMaxWhitenedMean)
void move_to_shifts(Stats& pooled, std::span<const double> centre);

}  // namespace mogul
