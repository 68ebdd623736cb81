// The leaves of a hierarchy: the rows themselves where they are few, micro-clusters of them where they are many.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/engine.hpp"
#include "start/units.hpp"

namespace mogul {

struct Leaves {
  Units units;                    ///< standard_units() of all rows
  std::vector<std::size_t> rows;  ///< (M) the row of each leaf; empty where leaves are micro-clusters
  std::vector<double> weights;    ///< (M), positive
  Matrix means;                   ///< (M, D), in the data's unit
  Matrix scatters;                ///< (M, D(D+1)/2), about the means; empty where leaves are rows
  std::size_t n_seed_rows = 0;    ///< rows that the leaves were made from

  std::size_t size() const { return weights.size(); }
};

/// Up to so many rows of positive weight are leaves of their own; fewer where rows are wide, as clusters have a
/// scatter.
inline constexpr std::size_t kMostRowLeaves = 5000;

/// Rows of positive weight, in their order; or, if there are too many, micro-clusters: k-means, in
/// standard units, on a sample of the rows from a smaller sample of them, the outermost ones among it, and then all
/// rows by the nearest mean.
/// @param n_least  how many there should be at least, up to kMostRowLeaves
Leaves make_leaves(Engine& engine, std::size_t n_least, std::uint64_t seed, unsigned n_threads);

/// Numbers of leaves (M) in the order of their means: by the first column, then by the next. It is that of the rows'
/// values, whatever the order of the rows and the unit of the columns.
std::vector<std::size_t> in_order_of_values(const Leaves& leaves);

/// The leaf of each row (N).
std::vector<std::int32_t> leaf_of_rows(Engine& engine, const Leaves& leaves);

/// Statistics of all rows under a partition of the leaves.
/// @param cluster_of  (M), 0 .. n_components - 1
Stats stats_of_clusters(Engine& engine, const Leaves& leaves, const std::vector<std::int32_t>& cluster_of,
                        std::size_t n_components, Moments moments);

}  // namespace mogul
