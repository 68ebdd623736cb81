// Every start of EM: the statistics that it yields.
#include "start/initialise.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "message_of.hpp"
#include "plain_families.hpp"
#include "start/clusters.hpp"

namespace mogul {
namespace {

using test::clusters;
using test::message_of;

Start start(const DataView& data, FitOptions options, std::size_t restart = 0) {
  const auto engine = make_engine(data, options.n_threads == 0 ? 1 : options.n_threads);
  return Initialiser(*engine, options).starts(restart).back();
}

double total(const std::vector<double>& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

TEST(Initialise, KMeansGivesTheMomentsOfTheClusters) {
  const Matrix x = clusters(300, 3);
  const Start s = start(x, {.n_components = 3, .init = InitMethod::kmeans});
  EXPECT_EQ(s.stats.n, (std::vector<double>{100, 100, 100}));
  EXPECT_EQ(s.n_seed_rows, 300U);
  for (std::size_t k = 0; k < 3; ++k) EXPECT_NEAR(s.stats.second(k, 0) / 100, 1, 0.5);  // variance 1, sd of it 0.14
}

TEST(Initialise, KMeansPlusPlusGivesTheRowsNearestToEachSeed) {
  const Matrix x = clusters(300, 3);
  const Start s = start(x, {.n_components = 3, .init = InitMethod::kmeans_plus_plus});
  EXPECT_EQ(s.stats.n, (std::vector<double>{100, 100, 100}));
  for (std::size_t k = 0; k < 3; ++k) {
    const auto is_seed = [&](std::size_t i) { return std::ranges::equal(x.row(i), s.stats.shift.row(k)); };
    bool found = false;
    for (std::size_t i = 0; i < x.rows(); ++i) found = found || is_seed(i);
    EXPECT_TRUE(found) << "the moments are about a seed";
  }
}

TEST(Initialise, AHierarchyGivesTheMomentsOfItsClusters) {
  for (const std::size_t n : {300U, 9000U}) {
    const Start s = start(test::clusters_in_all_columns(n, 3), {.n_components = 3, .init = InitMethod::hierarchical});
    EXPECT_EQ(s.stats.n, std::vector<double>(3, static_cast<double>(n) / 3));
    EXPECT_EQ(s.n_seed_rows, n);
    for (std::size_t k = 0; k < 3; ++k) EXPECT_NEAR(s.stats.second(k, 0) / s.stats.n[k], 1, 0.5);
  }
}

TEST(Initialise, RandomFromDataGivesRowsAndAShareOfTheScatterOfAllRows) {
  const Matrix x(4, 1, {0, 2, 4, 6});  // mean 3, scatter 20
  const Start s = start(x, {.n_components = 2, .init = InitMethod::random_from_data});
  EXPECT_EQ(s.stats.n, (std::vector<double>{2, 2}));
  EXPECT_EQ(s.stats.first.values(), (std::vector<double>{0, 0}));
  EXPECT_EQ(s.stats.second.values(), (std::vector<double>{10, 10}));
  EXPECT_NE(s.stats.shift(0, 0), s.stats.shift(1, 0));
}

// Means of N rows that are shared at random differ by some 1 / sqrt(N) standard deviations: next to the saddle of L.
TEST(Initialise, RandomMeansAreSpreadHoweverManyRowsThereAre) {
  for (const std::size_t n : {100U, 30'000U}) {
    const Matrix x = clusters(n, 1);  // standard deviation 1
    double spread = 0;
    for (std::size_t restart = 0; restart < 200; ++restart) {
      const Start s = start(x, {.n_components = 4, .init = InitMethod::random}, restart);
      EXPECT_NEAR(total(s.stats.n), static_cast<double>(n), 1e-9 * static_cast<double>(n));
      for (std::size_t k = 1; k < 4; ++k) spread += std::pow(s.stats.shift(k, 0) - s.stats.shift(k - 1, 0), 2) / 600;
    }
    // Of two rows with shares uniform on the simplex the mean has the variance 2 / 3: 4 / 3 of a difference.
    EXPECT_NEAR(spread, 1.33, 5 * 0.09);  // of 600 squares
  }
}

TEST(Initialise, RandomMeansDifferAsLongAsThereAreDifferentRows) {
  Matrix x(1000, 1);  // 0 and 1
  for (std::size_t i = 0; i < 1000; i += 10) x(i, 0) = 1;
  for (std::size_t restart = 0; restart < 20; ++restart) {
    const Start s = start(x, {.n_components = 2, .init = InitMethod::random}, restart);
    EXPECT_NE(s.stats.shift(0, 0), s.stats.shift(1, 0));
  }
}

TEST(Initialise, LabelsAndTheirOneHotResponsibilitiesAreTheSameStart) {
  const Matrix x = clusters(60, 2);
  Labels labels;
  Matrix r(60, 2);
  for (std::size_t i = 0; i < 60; ++i) {
    labels.values.push_back(static_cast<std::int32_t>(i % 2));
    r(i, i % 2) = 1;
  }
  const Start from_labels = start(x, {.n_components = 2, .init = labels});
  const Start from_responsibilities = start(x, {.n_components = 2, .init = Responsibilities{r}});
  EXPECT_EQ(from_labels.stats, from_responsibilities.stats);
  EXPECT_EQ(from_labels.stats.n, (std::vector<double>{30, 30}));
  EXPECT_EQ(from_labels.n_seed_rows, 0U);
}

TEST(Initialise, RestartsDifferAndRepeat) {
  const Matrix x = clusters(100, 1);
  for (const InitMethodName& init : init_methods()) {
    if (init.method == InitMethod::hierarchical) continue;  // draws nothing from few rows
    FitOptions options{.n_components = 4, .init = init.method};
    EXPECT_EQ(start(x, options, 2).stats, start(x, options, 2).stats) << init.name;
    EXPECT_NE(start(x, options, 2).stats, start(x, options, 3).stats) << init.name;
    FitOptions other_seed = options;
    other_seed.seed = 1;
    EXPECT_NE(start(x, options, 2).stats, start(x, other_seed, 2).stats) << init.name;
  }
}

TEST(Initialise, HasTheMomentsThatTheStructureNeeds) {
  const Matrix x = clusters(100, 2);
  for (const auto& entry : test::plain_families()) {
    for (const InitMethodName& init : init_methods()) {
      const Start s = start(x, {.n_components = 2, .covariance = entry.family, .init = init.method});
      EXPECT_EQ(s.stats.moments, entry.family.moments()) << entry.name << ", " << init.name;
    }
  }
}

TEST(Initialise, NamesWhatIsWrongWithLabels) {
  const Matrix x = clusters(3, 1);
  const auto with = [&](std::vector<std::int32_t> values) {
    return message_of<invalid_argument>([&] { start(x, {.n_components = 2, .init = Labels{values}}); });
  };
  EXPECT_EQ(with({0, 1}), "labels hold 2 values; the data have 3 rows");
  EXPECT_EQ(with({0, 1, 2}), "labels[2] = 2; must lie in 0..1 (n_components - 1)");
  EXPECT_EQ(with({0, -1, 1}), "labels[1] = -1; must lie in 0..1 (n_components - 1)");
}

TEST(Initialise, NamesWhatIsWrongWithResponsibilities) {
  const Matrix x = clusters(2, 1);
  const auto with = [&](const Matrix& r) {
    return [&x, r] { start(x, {.n_components = 2, .init = Responsibilities{r}}); };
  };
  EXPECT_EQ(message_of<invalid_argument>(with(Matrix(3, 2))),
            "responsibilities have shape (3, 2); must be (rows, n_components) = (2, 2)");
  EXPECT_EQ(message_of<invalid_data>(with(Matrix(2, 2, {1, 0, 0.5, 0.25}))),
            "responsibilities[1] sum to 0.75; must sum to 1");
}

TEST(Initialise, RowsOfWeightZeroAreNotThere) {
  Matrix x = clusters(100, 2);
  std::vector<double> weights(100, 1);
  for (std::size_t i = 0; i < 100; i += 5) {
    x(i, 0) = 1e9;
    weights[i] = 0;
  }
  for (const InitMethodName& init : init_methods()) {
    const Start s = start(DataView(x, weights), {.n_components = 3, .init = init.method});
    EXPECT_EQ(s.stats.sum_weights, 80) << init.name;
    EXPECT_NEAR(total(s.stats.n), 80, 1e-12) << init.name;
    for (std::size_t k = 0; k < 3; ++k) EXPECT_LT(s.stats.shift(k, 0), 1000) << init.name;
  }
}

TEST(Initialise, DoesNotDependOnTheThreads) {
  const Matrix x = clusters(5000, 2);
  for (const InitMethodName& init : init_methods()) {
    EXPECT_EQ(start(x, {.n_components = 3, .init = init.method, .n_threads = 1}).stats,
              start(x, {.n_components = 3, .init = init.method, .n_threads = 7}).stats)
        << init.name;
  }
}

TEST(Initialise, SphericalStructuresHaveTwoStarts) {
  for (const auto& entry : test::plain_families()) {
    const FitOptions options{.n_components = 3, .covariance = entry.family, .init = InitMethod::kmeans};
    const auto n_starts = [&](const Matrix& x) { return Initialiser(*make_engine(x, 1), options).starts(0).size(); };
    const bool spherical = entry.family.moments() == Moments::spherical;
    EXPECT_EQ(n_starts(clusters(300, 3)), spherical ? 2U : 1U) << entry.name;
    EXPECT_EQ(n_starts(clusters(300, 3, 1)), 1U) << entry.name;
  }
}

}  // namespace
}  // namespace mogul
