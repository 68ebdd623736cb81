// The start from a hierarchy of the rows. Public twin: mogul/hierarchy.hpp.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/engine.hpp"
#include "mogul/hierarchy.hpp"
#include "start/leaves.hpp"

namespace mogul {

/// The merges of leaves.
std::vector<Merge> merges_of(const Leaves& leaves, MergeCost cost, HierarchyTransform transform);

/// The cluster of each leaf where so many are left, 0, 1, ... in the order of their first leaves; each leaf its own
/// where there are fewer.
std::vector<std::int32_t> clusters_of_leaves(const std::vector<Merge>& merges, std::size_t n_clusters);

/// One tree, and the statistics that EM starts from for any number of components.
class HierarchicalStart {
 public:
  /// @param n_components  the most that stats() will be asked for: there are four leaves for each, where rows allow
  HierarchicalStart(Engine& engine, std::size_t n_components, std::uint64_t seed, unsigned n_threads);

  /// Of all rows. Where there are fewer leaves than components, some components are without rows.
  Stats stats(std::size_t n_components, Moments moments) const;
  std::size_t n_seed_rows() const { return leaves_.n_seed_rows; }

 private:
  Engine& engine_;
  Leaves leaves_;
  std::vector<Merge> merges_;
};

}  // namespace mogul
