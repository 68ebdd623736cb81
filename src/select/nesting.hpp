// Which families are special cases of others.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "mogul/covariance_family.hpp"

namespace mogul {

/// Whether every member of `narrow` is one of `wide`, and they differ: volume, shape and orientation, the letters of
/// mclust's names, are as free in `wide` or freer. No family of a program's own is known to be.
bool is_narrower(const CovarianceFamily& narrow, const CovarianceFamily& wide);

/// Of some families, those that are narrower than number `at` and than no other narrower one. Indices.
std::vector<std::size_t> widest_within(std::span<const CovarianceFamily> families, std::size_t at);

/// Indices of families in an order in which narrower ones come first, in groups that need nothing of each other.
std::vector<std::vector<std::size_t>> by_width(std::span<const CovarianceFamily> families);

/// With one feature all families are EII or VII. The first of those in the list that are the same as number `at`.
std::size_t first_same_in_one_dimension(std::span<const CovarianceFamily> families, std::size_t at);

}  // namespace mogul
