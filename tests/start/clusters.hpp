// Well separated clusters, whose right partition nobody disputes.
#pragma once

#include <cstddef>
#include <vector>

#include "base/random.hpp"
#include "mogul/matrix.hpp"

namespace mogul::test {

/// Row i belongs to cluster i % n_clusters, around (100 (i % n_clusters), 0, ...), standard deviation 1.
inline Matrix clusters(std::size_t n_rows, std::size_t n_clusters, std::size_t n_features = 2) {
  RandomStream random(7, Purpose::sample);
  Matrix x(n_rows, n_features);
  for (std::size_t i = 0; i < n_rows; ++i) {
    for (double& value : x.row(i)) value = random.normal();
    x(i, 0) += 100.0 * static_cast<double>(i % n_clusters);
  }
  return x;
}

/// The same, but apart in every column: standard units give a column that does not separate them as much say as others.
inline Matrix clusters_in_all_columns(std::size_t n_rows, std::size_t n_clusters, std::size_t n_features = 2) {
  Matrix x = clusters(n_rows, n_clusters, n_features);
  for (std::size_t i = 0; i < n_rows; ++i) {
    for (std::size_t d = 1; d < n_features; ++d) x(i, d) += 100.0 * static_cast<double>(i % n_clusters);
  }
  return x;
}

/// The cluster that a point of such data belongs to.
inline std::size_t cluster_of(double first_feature) { return static_cast<std::size_t>(first_feature / 100 + 0.5); }

}  // namespace mogul::test
