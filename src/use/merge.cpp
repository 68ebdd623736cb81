// Components -> clusters, by entropy. The fall of entropy of every pair is summed in one pass; after each merge one
// more pass sums those of the new cluster, as the others stay what they were.
#include "mogul/merge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

#include "base/check_interrupted.hpp"
#include "engine/engine.hpp"
#include "engine/row_model.hpp"
#include "mogul/error.hpp"
#include "use/elbow.hpp"

namespace mogul {
namespace {

// Rows that are undecided between two clusters, as a share of all, up to which the components hardly overlap.
constexpr double kFewUndecided = 0.01;

// Responsibilities below it are as good as 0, and quotients of larger ones are finite.
constexpr double kLeastResponsibility = 1e-300;

// A cluster as merging goes on, with the falls of entropy of its unions with the clusters before it.
struct Cluster {
  std::size_t number;  // as in ComponentMerge
  std::vector<std::size_t> components;
  std::vector<double> falls;
};

using Pair = std::pair<std::size_t, std::size_t>;  // positions of two clusters, the higher one first

// -a log a - b log b less -(a + b) log(a + b), in terms that are all positive, so that nothing cancels.
double entropy_fall(double a, double b) {
  const auto [less, greater] = std::minmax(a, b);
  if (less < kLeastResponsibility) return 0;
  return less * std::log1p(greater / less) + greater * std::log1p(less / greater);
}

// (C, n_rows)
Matrix cluster_posteriors(const BlockScores& scores, const std::vector<Cluster>& clusters) {
  Matrix t(clusters.size(), scores.n_rows);
  for (std::size_t c = 0; c < clusters.size(); ++c) {
    for (const std::size_t k : clusters[c].components) {
      for (std::size_t i = 0; i < scores.n_rows; ++i) t(c, i) += scores.responsibilities(k, i);
    }
  }
  return t;
}

void sum_falls(Engine& engine, const RowModel& model, const std::vector<Pair>& pairs, std::vector<Cluster>& clusters) {
  constexpr std::size_t kWorkPerRow = 50;  // of two logarithms, in multiplications
  const std::vector<double> sums =
      engine.sum(model, pairs.size(), [&](const BlockScores& scores, std::span<double> falls) {
        const Matrix t = cluster_posteriors(scores, clusters);
        for (std::size_t pair = 0; pair < pairs.size(); ++pair) {
          check_interrupted(kWorkPerRow * scores.n_rows);
          const auto one = t.row(pairs[pair].first);
          const auto other = t.row(pairs[pair].second);
          double fall = 0;
          for (std::size_t i = 0; i < scores.n_rows; ++i) fall += scores.weights[i] * entropy_fall(one[i], other[i]);
          falls[pair] += fall;
        }
      });
  for (std::size_t pair = 0; pair < pairs.size(); ++pair) {
    clusters[pairs[pair].first].falls[pairs[pair].second] = sums[pair];
  }
}

// The pair that lowers the entropy most; of equals the one of the lowest positions.
Pair best_pair(const std::vector<Cluster>& clusters) {
  Pair best{1, 0};
  for (std::size_t b = 0; b < clusters.size(); ++b) {
    for (std::size_t a = b + 1; a < clusters.size(); ++a) {
      if (clusters[a].falls[b] > clusters[best.first].falls[best.second]) best = {a, b};
    }
  }
  return best;
}

// Puts the union in the place of the lower one of the two; returns its pairs with all others.
std::vector<Pair> unite(std::vector<Cluster>& clusters, const Pair& pair, std::size_t number) {
  const auto [higher, lower] = pair;
  Cluster& united = clusters[lower];
  united.number = number;
  std::ranges::copy(clusters[higher].components, std::back_inserter(united.components));
  for (std::size_t c = higher + 1; c < clusters.size(); ++c) {
    clusters[c].falls.erase(clusters[c].falls.begin() + static_cast<std::ptrdiff_t>(higher));
  }
  clusters.erase(clusters.begin() + static_cast<std::ptrdiff_t>(higher));
  std::vector<Pair> pairs;
  for (std::size_t c = 0; c < clusters.size(); ++c) {
    if (c != lower) pairs.emplace_back(std::max(c, lower), std::min(c, lower));
  }
  return pairs;
}

std::vector<ComponentMerge> merges_of(Engine& engine, const RowModel& model) {
  std::vector<Cluster> clusters;
  std::vector<Pair> pairs;
  for (std::size_t k = 0; k < model.n_components; ++k) {
    clusters.push_back({k, {k}, std::vector<double>(k)});
    for (std::size_t other = 0; other < k; ++other) pairs.emplace_back(k, other);
  }
  std::vector<ComponentMerge> merges;
  while (clusters.size() > 1) {
    sum_falls(engine, model, pairs, clusters);
    const Pair best = best_pair(clusters);
    merges.push_back(
        {clusters[best.second].number, clusters[best.first].number, clusters[best.first].falls[best.second]});
    pairs = unite(clusters, best, model.n_components + merges.size() - 1);
  }
  return merges;
}

// H of one cluster is 0, and each merge that is undone adds what it took away.
std::vector<double> entropies_of(const std::vector<ComponentMerge>& merges) {
  std::vector<double> entropies{0};
  for (std::size_t t = merges.size(); t-- > 0;) entropies.push_back(entropies.back() + merges[t].entropy_fall);
  return entropies;
}

std::size_t recommended(const std::vector<double>& entropies, double sum_weights) {
  const std::size_t n_components = entropies.size();
  const bool hardly_overlap = entropies.back() <= kFewUndecided * std::numbers::ln2 * sum_weights;
  return n_components < 3 || hardly_overlap ? n_components : elbow(entropies);
}

}  // namespace

std::vector<std::int32_t> ComponentTree::clusters(std::size_t n_clusters) const {
  if (n_clusters < 1 || n_clusters > n_components()) {
    throw invalid_argument(
        fmt::format("n_clusters = {}; must lie in 1..{} (n_components)", n_clusters, n_components()));
  }
  const std::size_t n_merged = n_components() - n_clusters;
  std::vector<std::size_t> part_of(n_components() + n_merged);  // the cluster that each is part of in the end
  std::iota(part_of.begin(), part_of.end(), std::size_t{0});
  for (std::size_t t = n_merged; t-- > 0;) {
    part_of[merges[t].first] = part_of[n_components() + t];
    part_of[merges[t].second] = part_of[n_components() + t];
  }
  std::vector<std::int32_t> number(part_of.size(), -1);
  std::vector<std::int32_t> clusters;
  std::int32_t n_numbered = 0;
  for (std::size_t k = 0; k < n_components(); ++k) {
    std::int32_t& cluster = number[part_of[k]];
    if (cluster < 0) cluster = n_numbered++;
    clusters.push_back(cluster);
  }
  return clusters;
}

ComponentTree merge(const Mixture& model, const DataView& data, unsigned n_threads) {
  const auto engine = make_engine_for(model, data, n_threads);
  const Stats stats = engine->accumulate(row_model(model), Moments::none);
  ComponentTree tree{stats.n, merges_of(*engine, row_model(model)), {}, 1};
  tree.entropies = entropies_of(tree.merges);
  tree.recommended = recommended(tree.entropies, stats.sum_weights);
  return tree;
}

}  // namespace mogul
