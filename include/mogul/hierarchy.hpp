// A tree of merges of the rows: model-based agglomerative hierarchical clustering. Its labels for K clusters are a
// start of EM (InitMethod::hierarchical), and one tree has those of every K.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "mogul/dataset.hpp"

namespace mogul {

/// What each merge raises least, named after the covariance family whose classification likelihood it stands for. Of
/// clusters of n_k rows with scatters W_k about their means, n rows and p features in all, where t is the trace of the
/// scatter of all rows over n p (the regularising term, without which a single row would cost minus infinity):
enum class MergeCost {
  eii,  ///< tr sum_k W_k, which is Ward's criterion
  vii,  ///< sum_k n_k log((tr W_k + t) / n_k)
  eee,  ///< det(sum_k W_k / n) + tr(sum_k W_k) / n
  vvv,  ///< sum_k n_k log(det(W_k / n_k) + (tr W_k + t) / n_k)
};
/// "EII", "VII", "EEE", "VVV".
std::string_view to_string(MergeCost cost);
std::span<const MergeCost> merge_costs();

/// The coordinates that the costs are taken in. The columns' units do not matter in either.
enum class HierarchyTransform {
  standardised,  ///< each column less its mean, over its standard deviation
  svd,           ///< U W^(1/2) of the singular value decomposition U W V^T of the standardised rows
};
/// "STD", "SVD".
std::string_view to_string(HierarchyTransform transform);
std::span<const HierarchyTransform> hierarchy_transforms();

struct HierarchyOptions {
  MergeCost cost = MergeCost::vvv;
  HierarchyTransform transform = HierarchyTransform::svd;
  std::uint64_t seed = 0;  ///< of the micro-clusters of many rows
  unsigned n_threads = 0;  ///< 0: every processor this process may use; results do not depend on it
};

/// Two clusters become one. Clusters 0 .. n_leaves - 1 are the leaves; merge t makes cluster n_leaves + t.
struct Merge {
  std::size_t first;
  std::size_t second;
  double cost;  ///< what it adds to the criterion

  bool operator==(const Merge&) const = default;
};

struct Hierarchy {
  /// (N), the leaf of each row. Of few rows every one of positive weight is a leaf, in their order; of many the leaves
  /// are micro-clusters. A row of weight 0 goes with the leaf whose mean is nearest.
  std::vector<std::int32_t> leaf_of_row;
  std::vector<Merge> merges;  ///< (n_leaves - 1), in their order

  std::size_t n_leaves() const { return merges.size() + 1; }

  /// The partition into so many clusters, numbered 0, 1, ... by their first rows. (N)
  /// @throws invalid_argument unless n_clusters lies in 1..n_leaves()
  std::vector<std::int32_t> labels(std::size_t n_clusters) const;
};

/// The tree of the rows. Rows of equal values are merged first, so that a row of weight n is n equal rows. Of merges
/// that cost the same, up to rounding, the one of the lowest rows is done first, as rows are sorted by their values:
/// the order of the rows changes nothing.
///
/// More than 5,000 rows, or fewer with more than 160 features (rows times D^2 / 2 above 67 million), become
/// micro-clusters first, 1,000 or so, by k-means from a sample of the rows
/// (row_sample.hpp); their sizes, means and scatters are those of all rows.
///
/// @throws invalid_data as fit()
/// @cost   of M leaves, O(M^2) memory, for VVV O(M D^2) beside, and time O(M^2 D) for EII and VII, O(M^2 D^3) for the
/// others
/// @source Banfield, Raftery (1993), Model-based Gaussian and non-Gaussian clustering, Biometrics 49; Fraley (1998),
///         Algorithms for model-based Gaussian hierarchical clustering, SIAM J. Sci. Comput. 20(1); for the
///         coordinates, Scrucca, Raftery (2015), Improved initialisation of model-based clustering using Gaussian
///         hierarchical partitions, Adv. Data Anal. Classif. 9
Hierarchy hierarchy(const DataView& data, const HierarchyOptions& options = {});

}  // namespace mogul
