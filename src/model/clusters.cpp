// The rules of a map from components to clusters.
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "mogul/error.hpp"
#include "mogul/merge.hpp"

namespace mogul {

std::size_t count_clusters(std::span<const std::int32_t> clusters, std::size_t n_components) {
  if (clusters.size() != n_components) {
    throw invalid_argument(
        fmt::format("clusters has length {}; must be n_components = {}", clusters.size(), n_components));
  }
  std::vector<bool> is_used(n_components, false);
  std::size_t n_clusters = 0;
  for (std::size_t k = 0; k < clusters.size(); ++k) {
    if (clusters[k] < 0 || static_cast<std::size_t>(clusters[k]) >= n_components) {
      throw invalid_argument(
          fmt::format("clusters[{}] = {}; must lie in 0..{} (n_components - 1)", k, clusters[k], n_components - 1));
    }
    const auto cluster = static_cast<std::size_t>(clusters[k]);
    is_used[cluster] = true;
    n_clusters = std::max(n_clusters, cluster + 1);
  }
  for (std::size_t c = 0; c < n_clusters; ++c) {
    if (!is_used[c]) {
      throw invalid_argument(
          fmt::format("clusters has {}, but not {}; clusters are numbered 0, 1, ... without a gap", n_clusters - 1, c));
    }
  }
  return n_clusters;
}

}  // namespace mogul
