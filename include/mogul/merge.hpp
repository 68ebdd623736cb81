// Components that together make one cluster: merging them by entropy, and the posterior and the labels of clusters. The
// density does not change; what changes is which components count as one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "mogul/dataset.hpp"
#include "mogul/mixture.hpp"
#include "mogul/table.hpp"

namespace mogul {

/// Two clusters become one. Clusters 0 .. K - 1 are the components; merge t makes cluster K + t.
struct ComponentMerge {
  std::size_t first;
  std::size_t second;
  double entropy_fall;  ///< how much lower the entropy of the clustering is afterwards (nats)

  bool operator==(const ComponentMerge&) const = default;
};

struct ComponentTree {
  std::vector<double> component_sizes;  ///< N_k (K)
  std::vector<ComponentMerge> merges;   ///< (K - 1), in their order
  std::vector<double> entropies;        ///< (K), of 1 .. K clusters, in nats; the last is entropy() of the mixture
  std::size_t recommended = 1;          ///< number of clusters

  std::size_t n_components() const { return component_sizes.size(); }

  /// The cluster of each component, of so many clusters numbered 0, 1, ... by their first components. (K)
  /// @throws invalid_argument unless n_clusters lies in 1..n_components()
  std::vector<std::int32_t> clusters(std::size_t n_clusters) const;

  bool operator==(const ComponentTree&) const = default;
};

/// Merges, step by step, the two clusters whose union lowers the entropy of the clustering
///
///   H = -sum_n w_n sum_c t_nc log t_nc,   t_nc = sum of r_nk over the components k of cluster c
///
/// most, from a cluster for each component to a single one, and recommends a number of clusters: the elbow of the
/// entropies, where two straight lines fit them best, one through those of 1 .. C clusters and one through those of
/// C .. K. It lies in 2 .. K - 1. There is none for K < 3, nor anything to merge where the components hardly overlap
/// (H <= 0.01 n log 2, as if one row in a hundred were undecided between two of them); K is recommended then.
///
/// Of pairs that lower it equally, the one of the lowest components is merged.
///
/// @throws invalid_argument, invalid_data as the functions of score.hpp
/// @error  each fall of the entropy is a sum of positive terms, each exact to a few eps given the responsibilities
/// @cost   K passes over the rows, 2 (K - 1)^2 logarithms a row; memory O(K^2) for each thread
/// @source Baudry, Raftery, Celeux, Lo, Gottardo (2010), Combining mixture components for clustering, J. Comput. Graph.
///         Stat. 19(2), sections 3 and 4
ComponentTree merge(const Mixture& model, const DataView& data, unsigned n_threads = 0);

/// The number of clusters in a map from components to clusters.
/// @throws invalid_argument unless it has a number for each component, and the numbers are 0 .. C - 1, each of them
/// used
std::size_t count_clusters(std::span<const std::int32_t> clusters, std::size_t n_components);

/// The posterior of the clusters, t_nc = sum of r_nk over the components k of cluster c: (N, C), rows sum to one.
/// @param clusters  (K), the cluster of each component
/// @throws          as responsibilities() and count_clusters()
Matrix cluster_responsibilities(const Mixture& model, const DataView& data, std::span<const std::int32_t> clusters,
                                unsigned n_threads = 0);

/// The most probable cluster of each row, 0..C-1; the lowest of equals: (N). It is not always that of the most probable
/// component, as several components of another cluster may be more probable together.
std::vector<std::int32_t> cluster_labels(const Mixture& model, const DataView& data,
                                         std::span<const std::int32_t> clusters, unsigned n_threads = 0);

/// A row for each number of clusters, from K to 1: its entropy, how far that fell, the components of the two clusters
/// that became one, and the size of their union.
Table merge_table(const ComponentTree& tree);
/// Several lines: merge_table(), the number that is recommended and why, and the clusters of n_clusters.
std::string summary(const ComponentTree& tree, std::size_t n_clusters);
/// {"n_components", "recommended", "n_clusters", "clusters", "steps": [...]}, the steps as in merge_table(), null for
/// what there is not.
std::string merge_json(const ComponentTree& tree, std::size_t n_clusters);

}  // namespace mogul
