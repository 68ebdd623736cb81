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
/// @error  eps |d_k|^2 / variance, as of any difference of large numbers: for shifts that are near the centre
void move_to_shifts(Stats& pooled, std::span<const double> centre);

}  // namespace mogul
