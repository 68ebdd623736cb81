// Stability of labels: the index by pairs of rows, and squidpy's definition done by hand.
#include "select/stability.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <thread>

#include "base/random.hpp"
#include "mogul/error.hpp"
#include "mogul/fit.hpp"
#include "mogul/score.hpp"
#include "reference/generators.hpp"

namespace mogul {
namespace {

using oracle::Problem;
using testing::HasSubstr;

using Labelling = std::vector<std::int32_t>;

double by_pairs(const Labelling& a, const Labelling& b) {
  double both = 0;
  double in_a = 0;
  double in_b = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      both += a[i] == a[j] && b[i] == b[j] ? 1 : 0;
      in_a += a[i] == a[j] ? 1 : 0;
      in_b += b[i] == b[j] ? 1 : 0;
    }
  }
  return both > 0 ? both / std::sqrt(in_a * in_b) : 0;
}

Labelling random_labels(oracle::Dice& dice, std::size_t n, std::size_t k) {
  Labelling labels(n);
  for (std::int32_t& label : labels) label = static_cast<std::int32_t>(dice.index(k));
  return labels;
}

TEST(FowlkesMallows, CountsPairsOfRows) {
  oracle::Dice dice(1);
  for (int i = 0; i < 50; ++i) {
    const std::size_t n = 1 + dice.index(40);
    const Labelling a = random_labels(dice, n, 1 + dice.index(5));
    const Labelling b = random_labels(dice, n, 1 + dice.index(5));
    EXPECT_NEAR(fowlkes_mallows(a, b, {}), by_pairs(a, b), 1e-14);
    EXPECT_EQ(fowlkes_mallows(a, b, {}), fowlkes_mallows(b, a, {}));
  }
}

TEST(FowlkesMallows, CountsARowOfWeightThreeThreeTimes) {
  oracle::Dice dice(2);
  const Labelling a = random_labels(dice, 30, 3);
  const Labelling b = random_labels(dice, 30, 4);
  std::vector<double> weights;
  Labelling long_a;
  Labelling long_b;
  for (std::size_t i = 0; i < 30; ++i) {
    weights.push_back(static_cast<double>(dice.index(4)));
    for (int copy = 0; copy < weights.back(); ++copy) {
      long_a.push_back(a[i]);
      long_b.push_back(b[i]);
    }
  }
  EXPECT_NEAR(fowlkes_mallows(a, b, weights), by_pairs(long_a, long_b), 1e-14);
}

// For every run, labels at each K against those of every earlier run at the next K; the mean over both neighbours of K.
// As squidpy and CellCharter define it, with fits that anyone can make again.
TEST(Stability, IsTheMeanOverRunsAndNeighbours) {
  const Problem problem({.n = 250, .d = 2, .k = 3, .separation = 3, .seed = 3});
  SelectOptions options;
  options.n_components = {2, 3, 4};
  options.covariances = {families::vvv};
  options.criterion = Criterion::stability;
  options.n_runs = 4;
  options.fit.seed = 17;
  const Selection table = select(problem.view(), options);

  std::vector<std::vector<Labelling>> runs(4);
  for (std::size_t run = 0; run < 4; ++run) {
    for (std::size_t k = 1; k <= 5; ++k) {
      FitOptions fit_options;
      fit_options.n_components = k;
      fit_options.init = InitMethod::random_from_data;
      fit_options.seed = RandomStream(17, Purpose::runs, run, k).next();
      runs[run].push_back(labels(fit(problem.view(), fit_options).mixture, problem.view()));
    }
  }
  for (std::size_t k = 2; k <= 4; ++k) {
    std::vector<double> all;
    for (const std::size_t low : {k, k - 1}) {
      for (std::size_t run = 0; run < 4; ++run) {
        for (std::size_t earlier = 0; earlier < run; ++earlier) {
          all.push_back(by_pairs(runs[run][low - 1], runs[earlier][low]));
        }
      }
    }
    double mean = 0;
    for (const double value : all) mean += value / static_cast<double>(all.size());
    double squares = 0;
    for (const double value : all) squares += (value - mean) * (value - mean);
    const std::optional<Stability>& found = table.cells[k - 2].stability;
    ASSERT_TRUE(found);
    EXPECT_EQ(found->n_comparisons, 12U);
    EXPECT_NEAR(found->mean, mean, 1e-12);
    EXPECT_NEAR(found->standard_deviation, std::sqrt(squares / 12), 1e-12);
  }
}

// A K that is added leaves the runs of others as they are.
TEST(Stability, OfAKDoesNotDependOnWhichOthersAreAsked) {
  const Problem problem({.n = 150, .d = 2, .k = 2, .seed = 4});
  SelectOptions options;
  options.covariances = {families::vvi, families::eee};
  options.criterion = Criterion::stability;
  options.n_runs = 3;
  options.n_components = {3};
  const Selection alone = select(problem.view(), options);
  options.n_components = {2, 3, 4, 5};
  const Selection among = select(problem.view(), options);
  EXPECT_EQ(alone.cells[0].stability, among.cells[2].stability);
  EXPECT_EQ(alone.cells[1].stability, among.cells[3].stability);
}

TEST(Stability, IsHighestWhereClustersAreApart) {
  const Problem problem({.n = 400, .d = 2, .k = 4, .separation = 12, .seed = 5});
  SelectOptions options;
  options.n_components = {2, 3, 4, 5, 6};
  options.covariances = {families::vvv};
  options.criterion = Criterion::stability;
  options.fit.n_init = 10;
  options.init = InitMethod::kmeans;
  const Selection table = select(problem.view(), options);
  EXPECT_EQ(table.cells[*table.best].n_components, 4U) << summary(table);
  EXPECT_THAT(summary(table), HasSubstr("stability, higher is better"));
}

TEST(Stability, HasTheSameBytesForAnyNumberOfThreads) {
  const Problem problem({.n = 120, .d = 2, .k = 2, .weights = oracle::RowWeights::random, .seed = 6});
  SelectOptions options;
  options.n_components = {1, 2, 3};
  options.criterion = Criterion::stability;
  options.n_runs = 3;
  const auto with_threads = [&](unsigned n_threads) {
    options.fit.n_threads = n_threads;
    return selection_json(select(problem.view(), options));
  };
  EXPECT_EQ(with_threads(1), with_threads(3));
}

TEST(Stability, SaysWhereThereIsNone) {
  const Problem problem({.n = 200, .d = 2, .k = 2, .seed = 7});
  SelectOptions options;
  options.n_components = {1, 2};
  options.covariances = {families::eii, families::vvv};
  options.criterion = Criterion::stability;
  options.fit.n_threads = 1;
  const Selection table = select(problem.view(), options);
  EXPECT_EQ(table.cells[0].reason, "one component has no neighbour with fewer");
  EXPECT_TRUE(table.cells[2].stability);
  EXPECT_EQ(table.cells[*table.best].n_components, 2U);

  std::size_t n_told = 0;
  options.progress = [&](const SelectionCell&, std::size_t n_done, std::size_t n_fits) {
    n_told = n_done;
    std::this_thread::sleep_for(std::chrono::milliseconds(3));  // the caller is asked every 20 ms
    EXPECT_EQ(n_fits, 4U + 2 * 10 * 3);
    EXPECT_LE(n_done, n_fits);
  };
  options.fit.interrupted = [&] { return n_told >= 4 + 45; };
  const Selection part = select(problem.view(), options);
  EXPECT_TRUE(part.is_interrupted);
  EXPECT_EQ(part.cells[2].stability, table.cells[2].stability);
  EXPECT_EQ(part.cells[3].reason, "interrupted before its runs were done");
}

}  // namespace
}  // namespace mogul
