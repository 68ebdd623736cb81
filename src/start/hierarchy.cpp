#include "start/hierarchy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>

#include "start/agglomerate.hpp"
#include "start/merge_points.hpp"

namespace mogul {
namespace {

constexpr std::array kMergeCosts{MergeCost::eii, MergeCost::vii, MergeCost::eee, MergeCost::vvv};
constexpr std::array kTransforms{HierarchyTransform::standardised, HierarchyTransform::svd};

}  // namespace

std::string_view to_string(MergeCost cost) {
  constexpr std::array<std::string_view, 4> kNames{"EII", "VII", "EEE", "VVV"};
  return kNames[static_cast<std::size_t>(cost)];
}

std::span<const MergeCost> merge_costs() { return kMergeCosts; }

std::string_view to_string(HierarchyTransform transform) {
  return transform == HierarchyTransform::standardised ? "STD" : "SVD";
}

std::span<const HierarchyTransform> hierarchy_transforms() { return kTransforms; }

std::vector<Merge> merges_of(const Leaves& leaves, MergeCost cost, HierarchyTransform transform) {
  const std::vector<std::size_t> order = in_order_of_values(leaves);
  return agglomerate(merge_points(leaves, order, transform), order, cost);
}

std::vector<std::int32_t> clusters_of_leaves(const std::vector<Merge>& merges, std::size_t n_clusters) {
  const std::size_t n_leaves = merges.size() + 1;
  const std::size_t n_merges = n_leaves - std::min(n_leaves, n_clusters);
  std::vector<std::size_t> top(n_leaves + n_merges);  // of each cluster, the one that it has become part of
  std::iota(top.begin(), top.end(), std::size_t{0});
  for (std::size_t t = n_merges; t > 0; --t) {
    const Merge& merge = merges[t - 1];
    top[merge.first] = top[merge.second] = top[n_leaves + t - 1];
  }
  std::vector<std::int32_t> number(top.size(), -1);
  std::vector<std::int32_t> clusters(n_leaves);
  std::int32_t n_numbered = 0;
  for (std::size_t leaf = 0; leaf < n_leaves; ++leaf) {
    std::int32_t& cluster = number[top[leaf]];
    if (cluster < 0) cluster = n_numbered++;
    clusters[leaf] = cluster;
  }
  return clusters;
}

std::vector<std::int32_t> Hierarchy::labels(std::size_t n_clusters) const {
  if (n_clusters < 1 || n_clusters > n_leaves()) {
    throw invalid_argument(
        fmt::format("n_clusters = {}; must lie in 1..{} (the number of leaves)", n_clusters, n_leaves()));
  }
  const std::vector<std::int32_t> cluster_of_leaf = clusters_of_leaves(merges, n_clusters);
  std::vector<std::int32_t> number(n_clusters, -1);
  std::vector<std::int32_t> labels;
  labels.reserve(leaf_of_row.size());
  std::int32_t n_numbered = 0;
  for (const std::int32_t leaf : leaf_of_row) {
    std::int32_t& label = number[static_cast<std::size_t>(cluster_of_leaf[static_cast<std::size_t>(leaf)])];
    if (label < 0) label = n_numbered++;
    labels.push_back(label);
  }
  return labels;
}

Hierarchy hierarchy(const DataView& data, const HierarchyOptions& options) {
  const auto engine = make_engine(data, options.n_threads);
  const Leaves leaves = make_leaves(*engine, 1, options.seed, options.n_threads);
  return {leaf_of_rows(*engine, leaves), merges_of(leaves, options.cost, options.transform)};
}

HierarchicalStart::HierarchicalStart(Engine& engine, std::size_t n_components, std::uint64_t seed, unsigned n_threads)
    : engine_(engine),
      leaves_(make_leaves(engine, 4 * n_components, seed, n_threads)),
      merges_(merges_of(leaves_, MergeCost::vvv, HierarchyTransform::svd)) {}

Stats HierarchicalStart::stats(std::size_t n_components, Moments moments) const {
  return stats_of_clusters(engine_, leaves_, clusters_of_leaves(merges_, n_components), n_components, moments);
}

}  // namespace mogul
