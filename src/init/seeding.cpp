#include "init/seeding.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/random.hpp"
#include "init/partition.hpp"
#include "kernel/worst_rows.hpp"

namespace mogul {
namespace {

constexpr std::size_t kMaxSeedingRows = 65536;
constexpr std::size_t kMaxSeedingBytes = 16 << 20;
constexpr std::size_t kMinSeedingRowsPerComponent = 30;

std::vector<double> running_sums(const std::vector<double>& shares) {
  std::vector<double> sums(shares.size());
  std::partial_sum(shares.begin(), shares.end(), sums.begin());
  return sums;
}

// Squared distances of all rows to some of them: (N, rows.size()), in units of the model's variance.
Matrix distances(Engine& engine, const std::vector<std::size_t>& rows, double variance) {
  Matrix means(rows.size(), engine.n_features());
  for (std::size_t k = 0; k < rows.size(); ++k) std::ranges::copy(engine.row(rows[k]), means.row(k).begin());
  Matrix out(engine.n_rows(), rows.size());
  engine.visit(distance_model(std::move(means), variance), [&](const BlockScores& scores) {
    for (std::size_t i = 0; i < scores.n_rows; ++i) {
      for (std::size_t k = 0; k < rows.size(); ++k) out(scores.first_row + i, k) = scores.squared_mahalanobis(k, i);
    }
  });
  return out;
}

}  // namespace

Dataset seeding_rows(const Engine& engine, std::size_t n_components, std::uint64_t seed, std::size_t restart) {
  const std::size_t d = engine.n_features();
  const std::size_t limit = std::max(std::min(kMaxSeedingRows, kMaxSeedingBytes / sizeof(double) / d),
                                     kMinSeedingRowsPerComponent * n_components);
  const std::size_t n = engine.n_positive_rows();
  const std::size_t m = std::min(n, limit);
  RandomStream random(seed, Purpose::subsample, restart);
  std::vector<double> values;
  std::vector<double> weights;
  values.reserve(m * d);
  // The rows of positive weight are cut into m equal stretches; one row of each is taken.
  const auto pick = [&](std::size_t stretch) {
    const std::size_t begin = stretch * n / m;
    const std::size_t length = (stretch + 1) * n / m - begin;
    return begin + (length == 1 ? 0 : static_cast<std::size_t>(random.uniform() * static_cast<double>(length)));
  };
  std::size_t n_seen = 0;
  std::size_t wanted = pick(0);
  for (std::size_t i = 0; weights.size() < m; ++i) {
    if (!(engine.weight(i) > 0) || n_seen++ != wanted) continue;
    const std::vector<double> row = engine.row(i);
    values.insert(values.end(), row.begin(), row.end());
    weights.push_back(engine.weight(i));
    if (weights.size() < m) wanted = pick(weights.size());
  }
  return Dataset(Matrix(m, d, std::move(values)), {}, std::move(weights));
}

Matrix kmeans_plus_plus(Engine& engine, std::size_t n_components, std::uint64_t seed, std::size_t restart) {
  const std::size_t n = engine.n_rows();
  const double variance = mean_variance(engine);
  const auto n_candidates = 2 + static_cast<std::size_t>(std::log(static_cast<double>(n_components)));
  RandomStream random(seed, Purpose::seeding, restart);
  std::vector<double> shares(n);
  for (std::size_t i = 0; i < n; ++i) shares[i] = engine.weight(i);
  std::vector<std::size_t> seeds{draw_index(running_sums(shares), random.uniform())};
  std::vector<double> nearest = distances(engine, seeds, variance).values();
  while (seeds.size() < n_components) {
    for (std::size_t i = 0; i < n; ++i) shares[i] = engine.weight(i) * nearest[i];
    if (!(std::accumulate(shares.begin(), shares.end(), 0.0) > 0)) {  // fewer different rows than components
      for (std::size_t i = 0; i < n; ++i) shares[i] = engine.weight(i);
    }
    std::vector<std::size_t> candidates(n_candidates);
    const std::vector<double> sums_of_shares = running_sums(shares);
    for (std::size_t& candidate : candidates) candidate = draw_index(sums_of_shares, random.uniform());
    const Matrix away = distances(engine, candidates, variance);
    std::vector<double> sums(n_candidates);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t c = 0; c < n_candidates; ++c) sums[c] += engine.weight(i) * std::min(nearest[i], away(i, c));
    }
    const auto best = static_cast<std::size_t>(std::ranges::min_element(sums) - sums.begin());
    for (std::size_t i = 0; i < n; ++i) nearest[i] = std::min(nearest[i], away(i, best));
    seeds.push_back(candidates[best]);
  }
  Matrix means(n_components, engine.n_features());
  for (std::size_t k = 0; k < n_components; ++k) std::ranges::copy(engine.row(seeds[k]), means.row(k).begin());
  return means;
}

std::vector<std::size_t> random_rows(const Engine& engine, std::size_t n_components, std::uint64_t seed,
                                     std::size_t restart) {
  RandomStream random(seed, Purpose::seeding, restart);
  // Selection sampling (Knuth, TAOCP 2, 3.4.2, algorithm S) gives them in order; no memory of the size of N.
  // More than needed, so that equal rows among them can be passed over.
  const std::size_t n_drawn = std::min(engine.n_positive_rows(), 8 * n_components + 8);
  std::vector<std::size_t> rows;
  auto n_left = static_cast<double>(engine.n_positive_rows());
  for (std::size_t i = 0; rows.size() < n_drawn; ++i) {
    if (!(engine.weight(i) > 0)) continue;
    if (n_left * random.uniform() < static_cast<double>(n_drawn - rows.size())) rows.push_back(i);
    --n_left;
  }
  for (std::size_t i = n_drawn; i > 1; --i) {
    std::swap(rows[i - 1], rows[static_cast<std::size_t>(random.uniform() * static_cast<double>(i))]);
  }
  return distinct_first(engine, rows, n_components);
}

}  // namespace mogul
