// Components that are the same Gaussian twice. All rows treat them alike, so EM never parts them.
#pragma once

#include <cstddef>
#include <vector>

#include "mogul/mixture.hpp"

namespace mogul {

inline constexpr double kSame = 1e-6;        ///< equal, to rounding that EM has added up
inline constexpr double kNearlySame = 0.05;  ///< no number of rows that one has tells them from one Gaussian

/// Groups of two or more components of positive weight that are alike, each in ascending order. Alike: their means
/// differ by at most `tolerance` standard deviations in every direction, and their covariances by at most that share of
/// the variance, both relative to the first of the group; so no unit, and no rotation, matters.
/// @cost  O(K^2) comparisons, most of which end at the first feature
std::vector<std::vector<std::size_t>> coinciding_components(const Mixture& mixture, double tolerance);

}  // namespace mogul
