#include "search/first_models.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "mogul/em_loop.hpp"
#include "mogul/fit.hpp"
#include "plain_families.hpp"
#include "reference/generators.hpp"

namespace mogul {
namespace {

using oracle::Problem;

TEST(FirstModels, AreAsManyAsAskedForAndDiffer) {
  const Problem problem({.n = 300, .d = 2, .k = 4, .separation = 2, .seed = 1});
  const auto engine = make_engine(problem.view(), 1);
  FitOptions options;
  options.n_components = 4;
  std::size_t n_passes = 0;
  const auto starts = first_models(*engine, options, {3, 2, 2}, 1, n_passes);
  ASSERT_EQ(starts.size(), 7U);
  EXPECT_EQ(n_passes, 5U) << "random rows need no partition";
  for (std::size_t i = 0; i < starts.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) EXPECT_NE(starts[i], starts[j]) << i << " " << j;
  }
}

// Two clusters and hand-made moments: W_1 = 2, W_2 = 0 about means 0 and 10, N = 4, so P = 2 / 4 plus 1e-6 of the
// variance of all rows.
TEST(FirstModels, ClustersTakeAShareOfTheCovarianceWithinAll) {
  const Matrix x(4, 1, {-1, 1, 10, 10});
  const auto engine = make_engine(x, 1);
  FitOptions options;
  options.n_components = 2;
  std::size_t n_passes = 0;
  const Stats start = first_models(*engine, options, {1, 0, 0}, 1, n_passes).front();
  const double p = 0.5 + 1e-6 * 25.5;
  for (std::size_t k = 0; k < 2; ++k) {
    const double mean = start.shift(k, 0) + start.first(k, 0) / start.n[k];
    const double away = start.first(k, 0) / start.n[k];
    const double w = mean < 5 ? 2 : 0;
    EXPECT_EQ(start.n[k], 2);
    EXPECT_NEAR(mean, mean < 5 ? 0 : 10, 1e-12);
    EXPECT_NEAR(start.second(k, 0) / start.n[k] - away * away, (w + p) / 3, 1e-9);
  }
}

// A column that is constant within every cluster leaves no start singular.
TEST(FirstModels, LeadToModelsWhereClustersAreFlat) {
  oracle::Dice dice(2);
  Matrix x(60, 2);
  for (std::size_t i = 0; i < 60; ++i) {
    x(i, 0) = dice.normal();
    x(i, 1) = i < 30 ? 0 : 100;
  }
  const auto engine = make_engine(x, 1);
  for (const auto& entry : test::plain_families()) {
    FitOptions options;
    options.n_components = 2;
    options.covariance = entry.family;
    options.reg_covar = 0;
    std::size_t n_passes = 0;
    for (const Stats& start : first_models(*engine, options, {1, 1, 0}, 1, n_passes)) {
      if (entry.family.shared) continue;  // has nothing of its own to be narrow
      EmOptions em = em_options(options);
      em.degenerate = DegeneratePolicy::error;
      EXPECT_NO_THROW(EmLoop(start, em)) << entry.name;
    }
  }
}

TEST(FirstModels, DoNotDependOnUnitsOrThreads) {
  const Problem problem({.n = 300, .d = 2, .k = 3, .separation = 3, .seed = 3});
  Matrix scaled(300, 2);
  for (std::size_t i = 0; i < 300; ++i) {
    scaled(i, 0) = problem.view().value(i, 0) * 1024;
    scaled(i, 1) = problem.view().value(i, 1);
  }
  FitOptions options;
  options.n_components = 3;
  std::size_t n_passes = 0;
  const auto of = [&](const DataView& data, unsigned n_threads) {
    return first_models(*make_engine(data, n_threads), options, {2, 2, 0}, 1, n_passes);
  };
  const auto one = of(problem.view(), 1);
  EXPECT_EQ(one, of(problem.view(), 2));
  const auto other = of(scaled, 1);
  for (std::size_t i = 0; i < one.size(); ++i) EXPECT_EQ(one[i].n, other[i].n) << "the same clusters";
}

}  // namespace
}  // namespace mogul
