// The merges of components by what they unite, as reports show them.
#pragma once

#include <cstddef>
#include <vector>

#include "mogul/merge.hpp"

namespace mogul {

/// A merge with the components of both clusters, each in ascending order.
struct MergedComponents {
  std::vector<std::size_t> first;
  std::vector<std::size_t> second;
  double entropy_fall;
  double size;  ///< sum of the N_k of both
};
std::vector<MergedComponents> merged_components(const ComponentTree& tree);

/// Sum of the N_k of these components.
double size_of(const ComponentTree& tree, const std::vector<std::size_t>& components);

}  // namespace mogul
