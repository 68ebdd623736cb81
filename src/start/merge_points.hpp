// The coordinates of merges: standardised columns, or their singular value decomposition.
#pragma once

#include <cstddef>
#include <vector>

#include "mogul/hierarchy.hpp"
#include "start/leaves.hpp"
#include "start/merge_criterion.hpp"

namespace mogul {

/// Leaves in the coordinates that merges are made in, in the given order. Columns that are constant, and directions
/// that follow from others, are left out.
MergePoints merge_points(const Leaves& leaves, const std::vector<std::size_t>& order, HierarchyTransform transform);

}  // namespace mogul
