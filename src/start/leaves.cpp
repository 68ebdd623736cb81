#include "start/leaves.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/check_interrupted.hpp"
#include "engine/scatter.hpp"
#include "start/kmeans.hpp"
#include "start/partition.hpp"
#include "start/row_sample.hpp"

namespace mogul {
namespace {

// Twice as many take three times as long, and agree no better with the clusters that rows were drawn from.
constexpr std::size_t kMostMicroClusters = 1000;
constexpr std::size_t kLeastMicroClusters = 100;
constexpr std::size_t kMostScatterElements = std::size_t{1} << 22;     // 32 MiB
constexpr std::size_t kMostRowScatterElements = std::size_t{1} << 26;  // 512 MiB, for leaves that are rows
constexpr std::size_t kRowsPerMicroCluster = 16;                       // of the sample for k-means

std::size_t n_micro_clusters(std::size_t n_least, std::size_t n_features) {
  const std::size_t n = kMostScatterElements / (n_features * (n_features + 1) / 2);
  return std::max(std::min(n_least, kMostRowLeaves), std::clamp(n, kLeastMicroClusters, kMostMicroClusters));
}

Leaves row_leaves(const Engine& engine, Units units) {
  Leaves leaves{std::move(units), {}, {}, {}, {}, 0};
  for_each_block(engine.source(), [&](const RowBlock& block) {
    for (std::size_t i = 0; i < block.n_rows; ++i) {
      if (!(block.weight(i) > 0)) continue;
      leaves.rows.push_back(block.first + i);
      leaves.weights.push_back(block.weight(i));
    }
    return true;
  });
  leaves.means = engine.rows(leaves.rows);
  leaves.n_seed_rows = engine.n_rows();
  return leaves;
}

// The means of micro-clusters, in the data's unit.
// @param n_rows  of the sample for k-means
Matrix micro_means(Engine& engine, const Units& units, std::size_t n_clusters, std::size_t n_rows, std::uint64_t seed,
                   unsigned n_threads) {
  const std::vector<std::size_t> outermost = outermost_rows(engine, units, families::full, n_clusters / 4);
  const RowSample seeds = sample_rows(engine, n_clusters, outermost, seed, 0);
  const RowSample sample = sample_rows(engine, n_rows, outermost, seed, 1);
  const Dataset rows(in_units(engine, sample.rows, units), {}, sample.weights);
  return from_units(kmeans(*make_engine(rows, n_threads), in_units(engine, seeds.rows, units)), units);
}

Leaves micro_clusters(Engine& engine, Units units, std::size_t n_clusters, std::uint64_t seed, unsigned n_threads) {
  const std::size_t n_rows = std::min(engine.n_positive_rows(), kRowsPerMicroCluster * n_clusters);
  const Mixture model = distance_model(micro_means(engine, units, n_clusters, n_rows, seed, n_threads), units);
  const Stats stats =
      engine.accumulate(row_model(model), model.means(), Moments::full, Assignment::hard, Precision::exact);
  const std::size_t d = engine.n_features();
  std::vector<std::size_t> used;
  for (std::size_t k = 0; k < stats.n_components(); ++k) {
    if (stats.n[k] > 0) used.push_back(k);
  }
  Leaves leaves{std::move(units), {}, {}, Matrix(used.size(), d), Matrix(used.size(), stats.second.cols()), n_rows};
  for (std::size_t i = 0; i < used.size(); ++i) {
    const std::size_t k = used[i];
    leaves.weights.push_back(stats.n[k]);
    std::size_t element = 0;
    for (std::size_t r = 0; r < d; ++r) {
      const double move = stats.first(k, r) / stats.n[k];
      leaves.means(i, r) = stats.shift(k, r) + move;
      for (std::size_t c = 0; c <= r; ++c, ++element) {
        const double second = stats.second(k, element) - move * stats.first(k, c);
        leaves.scatters(i, element) = r == c ? std::max(0.0, second) : second;
      }
    }
  }
  return leaves;
}

}  // namespace

Leaves make_leaves(Engine& engine, std::size_t n_least, std::uint64_t seed, unsigned n_threads) {
  Units units = standard_units(engine);
  const std::size_t d = engine.n_features();
  const std::size_t most = std::min(kMostRowLeaves, kMostRowScatterElements / (d * (d + 1) / 2));
  if (engine.n_positive_rows() <= most) return row_leaves(engine, std::move(units));
  const std::size_t n_clusters = std::min(engine.n_positive_rows(), n_micro_clusters(n_least, engine.n_features()));
  return micro_clusters(engine, std::move(units), n_clusters, seed, n_threads);
}

std::vector<std::size_t> in_order_of_values(const Leaves& leaves) {
  std::vector<std::size_t> order(leaves.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
    return std::ranges::lexicographical_compare(leaves.means.row(a), leaves.means.row(b));
  });
  return order;
}

std::vector<std::int32_t> leaf_of_rows(Engine& engine, const Leaves& leaves) {
  std::vector<std::int32_t> leaf_of_row(engine.n_rows());
  if (leaves.rows.size() < engine.n_rows()) {
    engine.visit(row_model(distance_model(leaves.means, leaves.units)), [&](const BlockScores& scores) {
      for (std::size_t i = 0; i < scores.n_rows; ++i) {
        std::size_t nearest = 0;
        for (std::size_t k = 1; k < leaves.size(); ++k) {
          if (scores.squared_mahalanobis(k, i) < scores.squared_mahalanobis(nearest, i)) nearest = k;
        }
        leaf_of_row[scores.first_row + i] = static_cast<std::int32_t>(nearest);
      }
    });
  }
  for (std::size_t i = 0; i < leaves.rows.size(); ++i) leaf_of_row[leaves.rows[i]] = static_cast<std::int32_t>(i);
  return leaf_of_row;
}

Stats stats_of_clusters(Engine& engine, const Leaves& leaves, const std::vector<std::int32_t>& cluster_of,
                        std::size_t n_components, Moments moments) {
  if (!leaves.rows.empty()) {
    std::vector<std::int32_t> label_of_row(engine.n_rows());
    for (std::size_t i = 0; i < leaves.size(); ++i) label_of_row[leaves.rows[i]] = cluster_of[i];
    const ResponsibilitySource labels = [&](std::size_t first, MatrixView<double> out) {
      for (std::size_t i = 0; i < out.rows(); ++i) out(i, static_cast<std::size_t>(label_of_row[first + i])) = 1;
    };
    return partition_stats(engine, labels, n_components, moments);
  }
  const std::size_t d = leaves.means.cols();
  Matrix means(n_components, d);
  std::vector<double> sizes(n_components);
  for (std::size_t k = 0; k < n_components; ++k) std::ranges::copy(leaves.means.row(0), means.row(k).begin());
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    const auto k = static_cast<std::size_t>(cluster_of[i]);
    sizes[k] += leaves.weights[i];
    const double step = leaves.weights[i] / sizes[k];
    for (std::size_t c = 0; c < d; ++c) means(k, c) += step * (leaves.means(i, c) - means(k, c));
  }
  Matrix scatters(n_components, leaves.scatters.cols());
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    check_interrupted(scatters.cols());
    const auto k = static_cast<std::size_t>(cluster_of[i]);
    std::size_t element = 0;
    for (std::size_t r = 0; r < d; ++r) {
      const double scaled = leaves.weights[i] * (leaves.means(i, r) - means(k, r));
      for (std::size_t c = 0; c <= r; ++c, ++element) {
        scatters(k, element) += leaves.scatters(i, element) + scaled * (leaves.means(i, c) - means(k, c));
      }
    }
  }
  Stats stats(moments, std::move(means));
  stats.n = std::move(sizes);
  stats.sum_weights = std::accumulate(stats.n.begin(), stats.n.end(), 0.0);
  for (std::size_t k = 0; k < n_components; ++k) {
    const bool pooled = moments == Moments::pooled;
    const Scatter second = pooled ? Scatter(scatters.row(k).begin(), scatters.row(k).end())
                                  : coarsened(scatters.row(k), Moments::full, moments, d);
    const auto row = stats.second.row(pooled ? 0 : k);
    std::ranges::transform(row, second, row.begin(), std::plus<>());
  }
  return stats;
}

}  // namespace mogul
