// Merging components by entropy: laws, and an oracle that looks at every pair at every step.
#include "mogul/merge.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "is_interruptible.hpp"
#include "message_of.hpp"
#include "mogul/score.hpp"
#include "reference/generators.hpp"

namespace mogul {
namespace {

using Map = std::vector<std::int32_t>;

oracle::Shape shape(std::uint64_t seed, oracle::RowWeights weights = oracle::RowWeights::none) {
  return {.n = 400, .d = 2, .k = 6, .weights = weights, .offset = 5, .separation = 2, .seed = seed};
}

// -sum w t log t, straight from its definition.
long double entropy_of(const Matrix& t, const std::vector<double>& weights) {
  long double sum = 0;
  for (std::size_t n = 0; n < t.rows(); ++n) {
    for (std::size_t c = 0; c < t.cols(); ++c) {
      const long double p = t(n, c);
      if (p > 0) sum -= (weights.empty() ? 1.0L : static_cast<long double>(weights[n])) * p * std::log(p);
    }
  }
  return sum;
}

Map united(const Map& map, std::int32_t a, std::int32_t b) {
  Map out = map;
  for (std::int32_t& cluster : out) {
    if (cluster == b) cluster = a;
    if (cluster > b) --cluster;
  }
  return out;
}

// The union of two clusters a < b that has the least entropy.
Map best_union(const oracle::Problem& p, const Map& map) {
  const auto n_clusters = static_cast<std::int32_t>(count_clusters(map, map.size()));
  Map best;
  long double least = INFINITY;
  for (std::int32_t a = 0; a < n_clusters; ++a) {
    for (std::int32_t b = a + 1; b < n_clusters; ++b) {
      const Map candidate = united(map, a, b);
      const long double h = entropy_of(cluster_responsibilities(p.model(), p.view(), candidate), p.weights());
      if (h < least) {
        least = h;
        best = candidate;
      }
    }
  }
  return best;
}

TEST(Merge, TakesTheBestOfAllPairsAtEveryStep) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const oracle::Problem p(shape(seed, seed % 2 == 0 ? oracle::RowWeights::some_zero : oracle::RowWeights::none));
    const ComponentTree tree = merge(p.model(), p.view());
    Map map{0, 1, 2, 3, 4, 5};
    EXPECT_EQ(tree.clusters(6), map);
    for (std::size_t n_clusters = 6; n_clusters >= 1; --n_clusters) {
      EXPECT_EQ(tree.clusters(n_clusters), map) << "seed " << seed;
      const auto h = static_cast<double>(entropy_of(cluster_responsibilities(p.model(), p.view(), map), p.weights()));
      EXPECT_NEAR(tree.entropies[n_clusters - 1], h, 1e-12 * (400 + h)) << "seed " << seed;
      if (n_clusters > 1) map = best_union(p, map);
    }
  }
}

TEST(Merge, EntropyFallsFromThatOfTheMixtureToZero) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const oracle::Problem p(shape(seed, oracle::RowWeights::random));
    const ComponentTree tree = merge(p.model(), p.view());
    const double h = entropy(p.model(), p.view());
    EXPECT_NEAR(tree.entropies.back(), h, 1e-11 * (1 + h));
    EXPECT_EQ(tree.entropies.front(), 0);
    EXPECT_TRUE(std::ranges::is_sorted(tree.entropies));
    EXPECT_EQ(tree.component_sizes, evaluate(p.model(), p.view()).component_sizes);
    for (std::size_t t = 0; t < tree.merges.size(); ++t) {
      const std::size_t n_clusters = 6 - t;
      EXPECT_GE(tree.merges[t].entropy_fall, 0);
      EXPECT_DOUBLE_EQ(tree.entropies[n_clusters - 2] + tree.merges[t].entropy_fall, tree.entropies[n_clusters - 1]);
    }
  }
}

TEST(Merge, ClustersAreNestedAndNumberedByTheirFirstComponents) {
  const oracle::Problem p(shape(3));
  const ComponentTree tree = merge(p.model(), p.view());
  for (std::size_t n_clusters = 1; n_clusters <= 6; ++n_clusters) {
    const Map map = tree.clusters(n_clusters);
    EXPECT_EQ(count_clusters(map, 6), n_clusters);
    std::int32_t highest = -1;
    for (const std::int32_t cluster : map) {
      EXPECT_LE(cluster, highest + 1);
      highest = std::max(highest, cluster);
    }
    if (n_clusters == 6) continue;
    const Map finer = tree.clusters(n_clusters + 1);
    for (std::size_t i = 0; i < 6; ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        EXPECT_TRUE(finer[i] != finer[j] || map[i] == map[j]);
      }
    }
  }
}

// The components of a mixture in another order: the new component k is the old one order[k].
Mixture in_order(const Mixture& mixture, const std::vector<std::size_t>& order) {
  const std::size_t d = mixture.n_features();
  std::vector<double> weights;
  Matrix means(order.size(), d);
  std::vector<double> covariances;
  for (std::size_t k = 0; k < order.size(); ++k) {
    weights.push_back(mixture.weights()[order[k]]);
    std::ranges::copy(mixture.means().row(order[k]), means.row(k).begin());
    const Matrix covariance = mixture.covariance(order[k]);
    covariances.insert(covariances.end(), covariance.values().begin(), covariance.values().end());
  }
  return {families::full, std::move(weights), std::move(means), std::move(covariances)};
}

TEST(Merge, OtherNumbersOfTheComponentsChangeTheMapAlone) {
  const std::vector<std::size_t> order{4, 2, 0, 5, 1, 3};
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const oracle::Problem p(shape(seed));
    const ComponentTree tree = merge(p.model(), p.view());
    const ComponentTree other = merge(in_order(p.model(), order), p.view());
    EXPECT_EQ(tree.recommended, other.recommended);
    for (std::size_t n_clusters = 1; n_clusters <= 6; ++n_clusters) {
      EXPECT_NEAR(tree.entropies[n_clusters - 1], other.entropies[n_clusters - 1], 1e-10);
      const Map map = tree.clusters(n_clusters);
      const Map permuted = other.clusters(n_clusters);
      for (std::size_t i = 0; i < 6; ++i) {
        for (std::size_t j = 0; j < 6; ++j) {
          EXPECT_EQ(permuted[i] == permuted[j], map[order[i]] == map[order[j]]) << seed;
        }
      }
    }
  }
}

TEST(Merge, AWeightIsANumberOfRowsAndTheirOrderDoesNotMatter) {
  const oracle::Problem p(shape(7));
  Matrix x(p.view().rows(), 2);
  std::vector<double> weights;
  std::vector<double> repeated;
  for (std::size_t n = 0; n < x.rows(); ++n) {
    for (std::size_t d = 0; d < 2; ++d) x(n, d) = p.view().value(n, d);
    weights.push_back(static_cast<double>(n % 4));
    for (std::size_t copy = 0; copy < n % 4; ++copy) {
      repeated.insert(repeated.begin(), x.row(n).begin(), x.row(n).end());  // the last ones first
    }
  }
  const std::size_t n_repeated = repeated.size() / 2;
  const ComponentTree weighted = merge(p.model(), DataView(x, weights));
  const ComponentTree by_rows = merge(p.model(), Matrix(n_repeated, 2, std::move(repeated)));
  EXPECT_EQ(weighted.recommended, by_rows.recommended);
  for (std::size_t n_clusters = 1; n_clusters <= 6; ++n_clusters) {
    EXPECT_EQ(weighted.clusters(n_clusters), by_rows.clusters(n_clusters));
    EXPECT_NEAR(weighted.entropies[n_clusters - 1], by_rows.entropies[n_clusters - 1], 1e-10);
  }
}

TEST(Merge, TheBytesDoNotDependOnTheNumberOfThreads) {
  const oracle::Problem p({.n = 20'000, .d = 2, .k = 6, .separation = 2, .seed = 11});
  EXPECT_EQ(merge(p.model(), p.view(), 1), merge(p.model(), p.view(), 2));
  EXPECT_EQ(merge(p.model(), p.view(), 1), merge(p.model(), p.view(), 5));
}

// Spherical components of unit variance and equal weights at these means, and rows on a fine grid around them.
ComponentTree merged_on_line(const std::vector<double>& means) {
  const std::size_t k = means.size();
  const Mixture mixture(families::spherical, std::vector<double>(k, 1 / static_cast<double>(k)), Matrix(k, 1, means),
                        std::vector<double>(k, 1.0));
  std::vector<double> rows;
  for (const double mean : means) {
    for (int i = -30; i <= 30; ++i) rows.push_back(mean + i / 10.0);
  }
  const std::size_t n = rows.size();
  return merge(mixture, Matrix(n, 1, std::move(rows)));
}

TEST(MergeRecommends, TheGroupsOfComponentsThatOverlap) {
  const ComponentTree tree = merged_on_line({0, 1, 2, 100, 101, 200, 201});
  EXPECT_EQ(tree.recommended, 3U);
  EXPECT_EQ(tree.clusters(3), (Map{0, 0, 0, 1, 1, 2, 2}));
}

TEST(MergeRecommends, AllComponentsWhereTheyHardlyOverlap) {
  EXPECT_EQ(merged_on_line({0, 100, 200, 300, 400}).recommended, 5U);
  EXPECT_EQ(merged_on_line({0, 10, 20, 30, 40}).recommended, 5U);
  EXPECT_EQ(merged_on_line({0, 1, 2}).recommended, 2U) << "the only elbow of three";
  EXPECT_EQ(merged_on_line({0, 1}).recommended, 2U) << "which have no elbow";
}

TEST(Merge, OfOneComponentHasNothingToDo) {
  const ComponentTree tree = merged_on_line({3});
  EXPECT_EQ(tree, (ComponentTree{{61}, {}, {0}, 1}));
  EXPECT_EQ(tree.clusters(1), Map{0});
}

TEST(Merge, HoldsAtTheEndsOfWhatAMixtureCanBe) {
  // A component without weight, twins, and rows that are far from all.
  const Mixture model(families::spherical, {0.5, 0, 0.25, 0.25}, Matrix(4, 1, {0, 0, 10, 10}), {1, 1, 1, 1});
  const Matrix x(5, 1, {0, 10, 1e100, -1e100, 5});
  const ComponentTree tree = merge(model, x);
  EXPECT_EQ(tree.clusters(3), (Map{0, 1, 2, 2})) << "twins first";
  EXPECT_NEAR(tree.merges[0].entropy_fall, evaluate(model, x).entropy - tree.entropies[2], 1e-12);
  for (const double h : tree.entropies) EXPECT_TRUE(std::isfinite(h));
  const std::vector<double> weights{1e100, 0, 1e-300, 1, 1};
  for (const double h : merge(model, DataView(x, weights)).entropies) EXPECT_TRUE(std::isfinite(h));
}

TEST(Merge, RefusesWhatIsNotThere) {
  const oracle::Problem p(shape(1));
  const ComponentTree tree = merge(p.model(), p.view());
  EXPECT_EQ(test::message_of<invalid_argument>([&] { tree.clusters(0); }),
            "n_clusters = 0; must lie in 1..6 (n_components)");
  EXPECT_EQ(test::message_of<invalid_argument>([&] { tree.clusters(7); }),
            "n_clusters = 7; must lie in 1..6 (n_components)");
  EXPECT_EQ(test::message_of<invalid_argument>([&] { merge(p.model(), Matrix(5, 3)); }),
            "data have 3 columns; the mixture has 2 features");
}

TEST(Merge, IsInterrupted) {
  const oracle::Problem p({.n = 5000, .d = 2, .k = 6, .seed = 2});
  EXPECT_TRUE(test::is_interruptible([&] { merge(p.model(), p.view()); }));
}

}  // namespace
}  // namespace mogul
