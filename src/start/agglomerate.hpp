// Agglomerative clustering: the two clusters that are cheapest to merge become one, until one is left.
#pragma once

#include <span>
#include <vector>

#include "start/merge_criterion.hpp"

namespace mogul {

/// @param points   (M) in the order that decides between merges of equal cost; equal points without scatter that follow
///                 each other are merged first
/// @param leaves   (M), the leaf of each point
/// @return         (M - 1)
/// @cost           M^2 / 2 numbers, and as many costs twice; for EEE, whose costs change with each merge, those rows of
///                 them again that may hold the least
/// @throws         interrupted_error
std::vector<Merge> agglomerate(const MergePoints& points, std::span<const std::size_t> leaves, MergeCost cost);

}  // namespace mogul
