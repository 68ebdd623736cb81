#include "init/seeding.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "base/random.hpp"
#include "engine/worst_rows.hpp"
#include "init/partition.hpp"

namespace mogul {
namespace {

std::vector<double> running_sums(const std::vector<double>& shares) {
  std::vector<double> sums(shares.size());
  std::partial_sum(shares.begin(), shares.end(), sums.begin());
  return sums;
}

// Squared distances of all rows to some of them, in units of the variance.
// @param out  (N, rows.size()), overwritten
void distances(Engine& engine, const std::vector<std::size_t>& rows, double variance, Matrix& out) {
  engine.visit(row_model(distance_model(engine.rows(rows), variance)), [&](const BlockScores& scores) {
    for (std::size_t i = 0; i < scores.n_rows; ++i) {
      for (std::size_t k = 0; k < rows.size(); ++k) out(scores.first_row + i, k) = scores.squared_mahalanobis(k, i);
    }
  });
}

}  // namespace

std::vector<std::size_t> kmeans_plus_plus(Engine& engine, std::size_t n_components, std::uint64_t seed,
                                          std::size_t restart) {
  const std::size_t n = engine.n_rows();
  const double variance = mean_variance(engine);
  const auto n_candidates = 2 + static_cast<std::size_t>(std::log(static_cast<double>(n_components)));
  RandomStream random(seed, Purpose::seeding, restart);
  std::vector<double> weights;
  for_each_block(engine.source(), [&](const RowBlock& block) {
    for (std::size_t i = 0; i < block.n_rows; ++i) weights.push_back(block.weight(i));
    return true;
  });
  std::vector<std::size_t> seeds{draw_index(running_sums(weights), random.uniform())};
  Matrix to_first(n, 1);
  distances(engine, seeds, variance, to_first);
  std::vector<double> nearest = to_first.values();
  std::vector<double> shares(n);
  Matrix away(n, n_candidates);
  while (seeds.size() < n_components) {
    std::ranges::transform(weights, nearest, shares.begin(), std::multiplies<>());
    // All zero where there are fewer different rows than components.
    if (!(std::accumulate(shares.begin(), shares.end(), 0.0) > 0)) shares = weights;
    std::vector<std::size_t> candidates(n_candidates);
    const std::vector<double> sums_of_shares = running_sums(shares);
    for (std::size_t& candidate : candidates) candidate = draw_index(sums_of_shares, random.uniform());
    distances(engine, candidates, variance, away);
    std::vector<double> sums(n_candidates);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t c = 0; c < n_candidates; ++c) sums[c] += weights[i] * std::min(nearest[i], away(i, c));
    }
    const auto best = static_cast<std::size_t>(std::ranges::min_element(sums) - sums.begin());
    for (std::size_t i = 0; i < n; ++i) nearest[i] = std::min(nearest[i], away(i, best));
    seeds.push_back(candidates[best]);
  }
  return seeds;
}

std::vector<std::size_t> random_rows(const Engine& engine, std::size_t count, std::uint64_t seed, std::size_t restart) {
  RandomStream random(seed, Purpose::seeding, restart);
  // Selection sampling (Knuth, TAOCP 2, 3.4.2, algorithm S) gives them in order; no memory of the size of N.
  // More than needed, so that equal rows among them can be passed over.
  const std::size_t n_drawn = std::min(engine.n_positive_rows(), 8 * count + 8);
  std::vector<std::size_t> rows;
  auto n_left = static_cast<double>(engine.n_positive_rows());
  for_each_block(engine.source(), [&](const RowBlock& block) {
    for (std::size_t i = 0; i < block.n_rows && rows.size() < n_drawn; ++i) {
      if (!(block.weight(i) > 0)) continue;
      if (n_left * random.uniform() < static_cast<double>(n_drawn - rows.size())) rows.push_back(block.first + i);
      --n_left;
    }
    return rows.size() < n_drawn;
  });
  for (std::size_t i = n_drawn; i > 1; --i) {
    std::swap(rows[i - 1], rows[static_cast<std::size_t>(random.uniform() * static_cast<double>(i))]);
  }
  return distinct_first(engine, rows, count);
}

}  // namespace mogul
