// What becomes of a component that the M-step leaves empty or singular: moved to the worst row, or an error.
#include "em/repair.hpp"
#include "em/maximise.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <numeric>

#include "engine/worst_rows.hpp"
#include "message_of.hpp"
#include "mogul/score.hpp"
#include "reference/generators.hpp"

namespace mogul {
namespace {

using namespace families;
using testing::AllOf;
using testing::HasSubstr;

const std::vector<std::string> kNames{"length", "width"};
// Mean (6.25, 1.25); row 6 is the outlier.
const Matrix kRows(8, 2, {0, 0, 1, 0, 0, 1, 1, 1, 2, 1, 2, 2, 40, 4, 4, 1});

// One M-step from given hard labels, repaired where it must be.
struct Step {
  Step(const Matrix& x, const std::vector<std::size_t>& labels, std::size_t n_components, const MStepOptions& options)
      : engine(make_engine(x, 1)),
        step(options),
        stats(engine->accumulate(
            [&labels](std::size_t first, MatrixView<double> out) {
              for (std::size_t i = 0; i < out.rows(); ++i) out(i, labels[first + i]) = 1;
            },
            Matrix(n_components, 2), Moments::full)),
        current{*options.covariance, std::vector<double>(n_components, 1.0 / static_cast<double>(n_components)),
                stats.shift, std::vector<double>(covariance_size(*options.covariance, n_components, 2), 1)} {
    if (*options.covariance != full && *options.covariance != tied) return;
    for (std::size_t i = 0; i < current.covariances.size(); ++i) current.covariances[i] = i % 4 == 0 || i % 4 == 3;
  }

  Mixture run(DegeneratePolicy policy = DegeneratePolicy::revive) {
    const CovarianceFamily& family = current.family;
    const Covariances before(family.layout, family.shared, stats.n_components(), 2, current.covariances);
    const Parameters next = update_parameters(stats, current, step, &before);
    const auto degenerate = degenerate_components(next, stats, step);
    if (degenerate.empty()) return to_mixture(next);
    const auto [mixture, n_moved] = repaired(next, degenerate, {policy, n_distinct_rows, n_revived});
    n_revived += n_moved;
    return mixture;
  }
  std::pair<Mixture, std::size_t> repaired(const Parameters& next, const std::vector<Degenerate>& degenerate,
                                           const Revival& revival) {
    Repair repair(next, stats, step, degenerate, revival, kNames);
    const std::size_t n = repair.n_rows();
    if (n == 0) return {repair.finish({}), repair.n_moved()};
    Mixture mixture = repair.finish(engine->rows(worst_rows(*engine, row_model(repair.staying()), n)));
    return {std::move(mixture), repair.n_moved()};
  }
  std::string error(DegeneratePolicy policy = DegeneratePolicy::revive) {
    return test::message_of<fit_error>([&] { run(policy); });
  }

  std::unique_ptr<Engine> engine;
  MStepOptions step;
  Stats stats;
  Parameters current;
  std::size_t n_revived = 0;
  std::size_t n_distinct_rows = 100;
};

double sum(const std::vector<double>& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

std::vector<double> mean(const Mixture& mixture, std::size_t k) {
  return {mixture.means().row(k).begin(), mixture.means().row(k).end()};
}

const std::vector<std::size_t> kFirstOnly(8, 0);

TEST(Repair, ASoundMStepPassesUnchanged) {
  Step repair(kRows, {0, 0, 0, 0, 1, 1, 1, 1}, 2, {full, 0.5, {}});
  const Parameters p = update_parameters(repair.stats, repair.current, repair.step);
  for (const auto policy : {DegeneratePolicy::revive, DegeneratePolicy::error}) {
    EXPECT_EQ(repair.run(policy), Mixture(p.family, p.weights, p.means, p.covariances));
  }
  EXPECT_EQ(repair.n_revived, 0U);
}

TEST(Repair, AnEmptyComponentMovesToTheWorstRowWithTheCovarianceOfAllRows) {
  for (const auto structure : {full, diagonal, spherical}) {
    SCOPED_TRACE(to_string(structure));
    Step repair(kRows, kFirstOnly, 2, {structure, 0.25, {}});
    const Mixture mixture = repair.run();
    EXPECT_EQ(repair.n_revived, 1U);
    EXPECT_EQ(mean(mixture, 0), (std::vector<double>{6.25, 1.25}));
    EXPECT_EQ(mean(mixture, 1), (std::vector<double>{40, 4}));
    EXPECT_EQ(mixture.weights(), (std::vector<double>{0.5, 0.5}));
    // Component 0 owns every row, so its covariance is that of all rows.
    for (std::size_t i = 0; i < 2; ++i) {
      for (std::size_t j = 0; j < 2; ++j) {
        EXPECT_NEAR(mixture.covariance(1)(i, j), mixture.covariance(0)(i, j), 1e-13 * mixture.variance(0, 0));
      }
    }
  }
}

TEST(Repair, TheOthersShrinkInProportion) {
  Step repair(kRows, {0, 0, 0, 0, 0, 0, 2, 2}, 4, {spherical, 1e-3, {}});
  const Mixture mixture = repair.run();  // components 1 and 3 are empty; 0 has six rows, 2 has two
  EXPECT_EQ(repair.n_revived, 2U);
  EXPECT_EQ(mixture.weights(), (std::vector<double>{0.375, 0.25, 0.125, 0.25}));
  EXPECT_NE(mean(mixture, 1), mean(mixture, 3)) << "each goes to a row of its own";
}

TEST(Repair, ASingularComponentIsMovedToo) {
  Step repair(kRows, {0, 0, 0, 0, 0, 0, 1, 0}, 2, {full, 0, {}});  // component 1 has one row
  const Mixture mixture = repair.run();
  EXPECT_EQ(repair.n_revived, 1U);
  EXPECT_GT(mixture.variance(1, 0), 100);
  EXPECT_EQ(mixture.weights(), (std::vector<double>{0.5, 0.5}));
}

TEST(Repair, EveryComponentMayBeMovedAtOnce) {
  const Matrix pairs(6, 2, {0, 0, 0, 0, 3, 1, 3, 1, 1, 7, 1, 7});
  Step repair(pairs, {0, 0, 1, 1, 2, 2}, 3, {diagonal, 0, {}});
  const Mixture mixture = repair.run();
  EXPECT_EQ(repair.n_revived, 3U);
  EXPECT_NEAR(sum(mixture.weights()), 1, 1e-15);
  for (const double weight : mixture.weights()) EXPECT_DOUBLE_EQ(weight, 1.0 / 3);
  EXPECT_NE(mean(mixture, 0), mean(mixture, 1));
  EXPECT_NE(mean(mixture, 1), mean(mixture, 2));
  EXPECT_NE(mean(mixture, 0), mean(mixture, 2));
}

TEST(Repair, WeightsSumToOneForAnyNumberOfComponents) {
  for (std::size_t k = 2; k <= 8; ++k) {
    Step repair(kRows, {0, 0, 0, 1, 1, 1, 1, 0}, k, {spherical, 1e-3, {}});
    const Mixture mixture = repair.run();
    EXPECT_EQ(repair.n_revived, k - 2);
    EXPECT_NEAR(sum(mixture.weights()), 1, 1e-15) << "K = " << k;
  }
}

// Its covariance becomes a broad one, about the mean that it keeps.
TEST(Repair, AComponentWhoseMeanIsHeldStaysWhereItIs) {
  const Matrix rows(6, 2, {0, 0, 0, 0, 0, 0, 3, 1, 4, 7, 1, 7});
  for (const std::size_t held : {0U, 1U}) {
    Step repair(rows, {0, 0, 0, 1, 1, 1}, 2, {diagonal, 0, {.means_of = {held}}});
    const Mixture mixture = repair.run();
    EXPECT_EQ(repair.n_revived, 1U);
    EXPECT_EQ(mean(mixture, 0) == (std::vector<double>{0, 0}), held == 0);
    EXPECT_GT(mixture.variance(0, 0), 1);
  }
}

TEST(Repair, WhatIsHeldStays) {
  const auto repaired = [](const Hold& hold) {
    Step repair(kRows, kFirstOnly, 2, {spherical, 0.25, hold});
    return repair.run();
  };
  const Mixture held_means = repaired({.means = true});
  EXPECT_EQ(mean(held_means, 1), (std::vector<double>{0, 0}));
  EXPECT_EQ(held_means.variance(1, 0), 1) << "a component that cannot be moved keeps what it has";
  EXPECT_EQ(repaired({.weights = true}).weights(), (std::vector<double>{0.5, 0.5}));
  const Mixture held_covariances = repaired({.covariances = true});
  EXPECT_EQ(held_covariances.covariances().values(), (std::vector<double>{1, 1}));
  EXPECT_EQ(mean(held_covariances, 1), (std::vector<double>{40, 4}));
}

TEST(Repair, ThePolicyMayBeAnError) {
  Step empty(kRows, kFirstOnly, 2, {full, 0.25, {}});
  EXPECT_THAT(empty.error(DegeneratePolicy::error), HasSubstr("component 1 is empty"));
  Step singular(kRows, {0, 0, 0, 0, 0, 0, 1, 0}, 2, {full, 0, {}});
  EXPECT_THAT(singular.error(DegeneratePolicy::error),
              HasSubstr("the covariance of component 1 is singular at column 'length'"));
  EXPECT_EQ(singular.n_revived, 0U);
}

TEST(Repair, ASharedCovarianceThatIsSingularCannotBeRevived) {
  const Matrix constant(4, 2, {1, 7, 2, 7, 4, 7, 9, 7});
  for (const auto structure : {tied, tied_diagonal}) {
    Step repair(constant, {0, 0, 1, 1}, 2, {structure, 0, {}});
    for (const auto policy : {DegeneratePolicy::revive, DegeneratePolicy::error}) {
      EXPECT_THAT(repair.error(policy),
                  AllOf(HasSubstr("the shared covariance is singular at column 'width'"), HasSubstr("reg_covar")));
    }
  }
}

TEST(Repair, AColumnConstantInAllRowsIsAnErrorThatNamesIt) {
  const Matrix constant(4, 2, {7, 1, 7, 2, 7, 4, 7, 9});
  for (const auto structure : {full, diagonal}) {
    Step repair(constant, {0, 0, 1, 1}, 2, {structure, 0, {}});
    EXPECT_THAT(repair.error(), HasSubstr("the covariance of component 0 is singular at column 'length'"));
  }
  Step regularised(constant, {0, 0, 1, 1}, 2, {full, 1e-6, {}});
  EXPECT_NO_THROW(regularised.run());
}

TEST(Repair, AfterTenRevivalsAnEmptyComponentIsLeftWithoutWeight) {
  Step repair(kRows, kFirstOnly, 2, {spherical, 0.25, {}});
  repair.n_revived = 19;
  EXPECT_GT(repair.run().weights()[1], 0);
  EXPECT_EQ(repair.n_revived, 20U);
  EXPECT_EQ(repair.run().weights(), (std::vector<double>{1, 0}));
  EXPECT_EQ(repair.n_revived, 20U);
}

TEST(Repair, AfterTenRevivalsASingularComponentIsAnError) {
  Step repair(kRows, {0, 0, 0, 0, 0, 0, 1, 0}, 2, {full, 0, {}});
  repair.n_revived = 20;
  EXPECT_THAT(repair.error(),
              AllOf(HasSubstr("component 1 is singular"), HasSubstr("after 20 components were revived")));
}

// 300 equal rows are explained worst; one component goes there, the others to other values.
TEST(Repair, HoweverOftenTheWorstRowIsRepeatedComponentsGoToDifferentValues) {
  Matrix x(360, 2);
  std::vector<std::size_t> labels(360, 0);
  for (std::size_t i = 0; i < 360; ++i) {
    const double value = i < 300 ? 50 : static_cast<double>(i % 6);
    x(i, 0) = value;
    x(i, 1) = -value;
  }
  for (const auto structure : {full, diagonal, spherical}) {
    Step repair(x, labels, 5, {structure, 1e-3, {}});
    const Mixture mixture = repair.run();
    EXPECT_EQ(repair.n_revived, 4U);
    for (std::size_t i = 1; i < 5; ++i) {
      for (std::size_t j = 1; j < i; ++j) EXPECT_NE(mean(mixture, i), mean(mixture, j)) << i << " and " << j;
    }
  }
}

// Each next one sees those before: with the far group taken, the other group is explained worst, not a second row of
// the first.
TEST(Repair, ComponentsArePlacedUnderTheDensityThatTheOthersHaveChanged) {
  Matrix x(100, 2);
  for (std::size_t i = 0; i < 100; ++i) x(i, 0) = i < 90 ? 0.01 * static_cast<double>(i) : 0;
  for (std::size_t i = 90; i < 95; ++i) x(i, 0) = 20 + 0.01 * static_cast<double>(i);
  for (std::size_t i = 95; i < 100; ++i) x(i, 0) = -19 - 0.01 * static_cast<double>(i);
  Step repair(x, std::vector<std::size_t>(100, 0), 3, {spherical, 1e-3, {}});
  const Mixture mixture = repair.run();
  EXPECT_NEAR(mixture.means()(1, 0), 20.94, 1e-9);
  EXPECT_NEAR(mixture.means()(2, 0), -19.99, 1e-9);
}

Matrix normal_rows(std::size_t n, std::uint64_t seed) {
  oracle::Dice dice(seed);
  Matrix x(n, 2);
  for (std::size_t i = 0; i < n; ++i) {
    for (double& value : x.row(i)) value = dice.normal();
  }
  return x;
}

// The mixture once the first `n_placed` of the empty components, which are those from `n_sound` on, have a place.
Mixture with_placed(const Mixture& all, std::size_t n_sound, std::size_t n_placed, bool weights_are_held) {
  std::vector<double> weights = all.weights();
  const double k = static_cast<double>(weights.size());
  const double sum_sound =
      std::accumulate(weights.begin(), weights.begin() + static_cast<std::ptrdiff_t>(n_sound), 0.0);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (i >= n_sound + n_placed) weights[i] = 0;
    if (i < n_sound && !weights_are_held) weights[i] *= (1 - static_cast<double>(n_placed) / k) / sum_sound;
  }
  const double total = sum(weights);
  for (double& weight : weights) weight /= total;
  return {all.family(), std::move(weights), all.means(), all.covariances().values()};
}

// The rule itself, by mixtures that are made anew for every component. All rows are candidates, as they are few.
TEST(Repair, EachComponentGoesToTheWorstRowUnderThoseThatHaveAPlace) {
  for (const auto structure : {full, tied, diagonal, tied_diagonal, spherical, tied_spherical}) {
    for (const bool held : {false, true}) {
      SCOPED_TRACE(testing::Message() << to_string(structure) << (held ? ", weights held" : ""));
      const std::size_t n_sound = 2;
      const std::size_t n_components = 8;
      const Matrix x = normal_rows(50, 17);
      std::vector<std::size_t> labels(50, 0);
      std::fill_n(labels.begin(), 20, 1);
      Step repair(x, labels, n_components, {structure, 1e-3, {.weights = held}});
      const Mixture mixture = repair.run();
      ASSERT_EQ(repair.n_revived, n_components - n_sound);
      std::vector<bool> is_free(50, true);
      for (std::size_t n_placed = 0; n_sound + n_placed < n_components; ++n_placed) {
        const auto densities = log_densities(with_placed(mixture, n_sound, n_placed, held), x);
        double lowest = INFINITY;
        std::size_t taken = 50;
        for (std::size_t i = 0; i < 50; ++i) {
          if (is_free[i]) lowest = std::min(lowest, densities[i]);
          if (std::ranges::equal(x.row(i), mixture.means().row(n_sound + n_placed))) taken = i;
        }
        ASSERT_LT(taken, 50U);
        EXPECT_TRUE(is_free[taken]);
        EXPECT_LE(densities[taken], lowest + 2e-9 * (1 + std::abs(lowest))) << "after " << n_placed;
        is_free[taken] = false;
      }
    }
  }
}

// Twice as many components have twice as many rows to choose from: four times the work, not eight times.
TEST(Repair, TheCostOfPlacingIsQuadratic) {
  const Matrix x = normal_rows(4000, 18);
  const auto seconds = [&x](std::size_t n_moved, int n_times) {
    Step repair(x, std::vector<std::size_t>(4000, 0), n_moved + 1, {full, 1e-3, {}});
    const std::clock_t begin = std::clock();
    for (int i = 0; i < n_times; ++i) {
      repair.n_revived = 0;
      repair.run();
    }
    return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC / n_times;
  };
  seconds(100, 1);
  EXPECT_LT(seconds(400, 1), 36 * seconds(100, 8));
}

// Two components of which the first has no weight, and keeps none, are moved: once that has its place, every row has
// the log-density -infinity.
TEST(Repair, RowsOfNoDensityAtAllAreAsGoodAsOthers) {
  Step repair(kRows, kFirstOnly, 2, {spherical, 0.25, {.weights = true}});
  repair.current.weights = {0, 1};
  const Parameters next = update_parameters(repair.stats, repair.current, repair.step);
  const std::vector<Degenerate> both{{0, Degenerate::Cause::empty, 0}, {1, Degenerate::Cause::empty, 0}};
  const Mixture mixture = repair.repaired(next, both, {}).first;
  EXPECT_EQ(mean(mixture, 0), (std::vector<double>{40, 4}));
  EXPECT_EQ(mean(mixture, 1), (std::vector<double>{0, 0})) << "of equally bad ones that of smaller values";
}

TEST(Repair, ComponentsBeyondTheDifferentRowsAreLeftWithoutWeight) {
  Step repair(kRows, kFirstOnly, 4, {spherical, 0.25, {}});
  repair.n_distinct_rows = 2;
  const Mixture mixture = repair.run();
  EXPECT_EQ(repair.n_revived, 1U);
  EXPECT_EQ(mixture.weights(), (std::vector<double>{0.75, 0, 0, 0.25}));
  EXPECT_EQ(mean(mixture, 3), (std::vector<double>{40, 4}));
}

TEST(Repair, NeitherTheOrderOfRowsNorWeightsInsteadOfCopiesMatter) {
  const Matrix rows(6, 2, {0, 0, 4, 0, 0, 4, 4, 4, 2, 2, 9, -3});
  const std::vector<double> counts{3, 1, 40, 2, 5, 25};
  std::vector<double> values;
  for (std::size_t n = 0; n < 40; ++n) {  // row by row of each round, the last first
    for (std::size_t i = 6; i-- > 0;) {
      if (static_cast<double>(n) < counts[i]) values.insert(values.end(), rows.row(i).begin(), rows.row(i).end());
    }
  }
  const std::size_t n = values.size() / 2;
  const Matrix copies(n, 2, std::move(values));
  const auto revived = [](const DataView& data, const CovarianceFamily structure) {
    const auto engine = make_engine(data, 1);
    const MStepOptions step{structure, 1e-6, {}};
    const Stats stats = engine->accumulate(
        [](std::size_t, MatrixView<double> out) {
          for (std::size_t i = 0; i < out.rows(); ++i) out(i, 0) = 1;
        },
        Matrix(4, 2), Moments::full);
    const Parameters start{structure, {1, 0, 0, 0}, stats.shift, std::vector<double>(covariance_size(structure, 4, 2))};
    const Parameters next = update_parameters(stats, start, step);
    Repair repair(next, stats, step, degenerate_components(next, stats, step), {}, {});
    return repair.finish(engine->rows(worst_rows(*engine, row_model(repair.staying()), repair.n_rows())));
  };
  for (const auto structure : {full, diagonal, spherical}) {
    const Mixture one = revived(DataView(rows, counts), structure);
    const Mixture other = revived(copies, structure);
    for (std::size_t k = 1; k < 4; ++k) EXPECT_EQ(mean(one, k), mean(other, k));
    EXPECT_EQ(one.weights(), other.weights());
  }
}

}  // namespace
}  // namespace mogul
