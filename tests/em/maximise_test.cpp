// The M-step's parameters from statistics that were worked out by hand, and what counts as degenerate.
#include "em/maximise.hpp"
#include "em/lost_digits.hpp"
#include "em/overall_moments.hpp"

#include "em/degenerate.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "is_interruptible.hpp"
#include "message_of.hpp"
#include "plain_families.hpp"

namespace mogul {
namespace {

// Each step on the way from statistics to the next mixture, whose Cholesky factors may take seconds.
TEST(MStep, AsksForInterruptionsAtEveryComponent) {
  const std::size_t d = 60;
  const std::size_t k = 20;
  Matrix x(400, d);
  for (std::size_t i = 0; i < x.rows(); ++i) x(i, i % d) = static_cast<double>(1 + i % 7);
  std::vector<double> covariances(k * d * d);
  for (std::size_t c = 0; c < k; ++c) {
    for (std::size_t i = 0; i < d; ++i) covariances[(c * d + i) * d + i] = 1;
  }
  const Mixture model(families::full, std::vector<double>(k, 1.0 / k), Matrix(k, d), covariances);
  const Stats stats = accumulate(model, x);
  const MStepOptions options{families::full, 1e-3, {}};
  const Parameters current = parameters_of(model);
  EXPECT_TRUE(test::is_interruptible([&] { update_parameters(stats, current, options); }));
  EXPECT_TRUE(test::is_interruptible([&] { singular_components(current, model.means()); }));
  Stats rounded = stats;
  rounded.rounding = 1e-7;
  EXPECT_TRUE(test::is_interruptible([&] { lost_digits(rounded, current, current, {}); }));
  EXPECT_TRUE(
      test::is_interruptible([&] { const Mixture made(families::full, model.weights(), model.means(), covariances); }));
}

using namespace families;
using testing::AllOf;
using testing::HasSubstr;

// Component 0: four rows about (0, 0) of mean (2, 1), covariance [2 1; 1 1].
// Component 1: six rows about (10, 10) of mean (11, 9), covariance [3 -0.5; -0.5 2].
Stats example() {
  Stats stats(Moments::full, Matrix(2, 2, {0, 0, 10, 10}));
  stats.n = {4, 6};
  stats.sum_weights = 10;
  stats.first = Matrix(2, 2, {8, 4, 6, -6});
  stats.second = Matrix(2, 3, {24, 12, 8, 24, -9, 18});
  return stats;
}

// The same with coarser moments.
Stats coarser(Moments moments) {
  const Stats full = example();
  Stats stats(moments, full.shift);
  stats.n = full.n;
  stats.sum_weights = full.sum_weights;
  stats.first = full.first;
  if (moments == Moments::diagonal) stats.second = Matrix(2, 2, {24, 8, 24, 18});
  if (moments == Moments::spherical) stats.second = Matrix(2, 1, {32, 42});
  return stats;
}

struct Expected {
  CovarianceFamily structure;
  std::vector<double> about_new_means;
  std::vector<double> about_held_means;
};
const std::vector<Expected> kExpected{{full, {2, 1, 1, 1, 3, -0.5, -0.5, 2}, {6, 3, 3, 2, 4, -1.5, -1.5, 3}},
                                      {tied, {2.6, 0.1, 0.1, 1.6}, {4.8, 0.3, 0.3, 2.6}},
                                      {diagonal, {2, 1, 3, 2}, {6, 2, 4, 3}},
                                      {tied_diagonal, {2.6, 1.6}, {4.8, 2.6}},
                                      {spherical, {1.5, 2.5}, {4, 3.5}},
                                      {tied_spherical, {2.1}, {3.7}}};

Parameters start(CovarianceFamily structure) {
  std::vector<double> covariances(covariance_size(structure, 2, 2), 7);
  return {structure, {0.5, 0.5}, Matrix(2, 2, {0, 0, 10, 10}), covariances};
}

void expect_equal(const std::vector<double>& actual, const std::vector<double>& expected) {
  ASSERT_EQ(actual.size(), expected.size());
  for (std::size_t i = 0; i < actual.size(); ++i) EXPECT_DOUBLE_EQ(actual[i], expected[i]) << "value " << i;
}

TEST(MStep, EveryStructureFromStatsWorkedOutByHand) {
  for (const Expected& expected : kExpected) {
    SCOPED_TRACE(to_string(expected.structure));
    const Parameters next = update_parameters(example(), start(expected.structure), {expected.structure, 0, {}});
    EXPECT_EQ(next.family, expected.structure);
    expect_equal(next.weights, {0.4, 0.6});
    expect_equal(next.means.values(), {2, 1, 11, 9});
    expect_equal(next.covariances, expected.about_new_means);
  }
}

TEST(MStep, HeldMeansAreWhatTheCovarianceIsAbout) {
  for (const Expected& expected : kExpected) {
    SCOPED_TRACE(to_string(expected.structure));
    const Parameters next =
        update_parameters(example(), start(expected.structure), {expected.structure, 0, {.means = true}});
    EXPECT_EQ(next.means, example().shift);
    expect_equal(next.covariances, expected.about_held_means);
  }
}

TEST(MStep, WhatIsHeldStaysAsItWas) {
  const Parameters before = start(diagonal);
  const auto after = [&](const Hold& hold) { return update_parameters(example(), before, {diagonal, 0, hold}); };
  EXPECT_EQ(after({.weights = true}).weights, before.weights);
  EXPECT_EQ(after({.means = true}).means, before.means);
  EXPECT_EQ(after({.covariances = true}).covariances, before.covariances);
  const Parameters none = after({true, true, true});
  EXPECT_EQ(none.weights, before.weights);
  EXPECT_EQ(none.means, before.means);
  EXPECT_EQ(none.covariances, before.covariances);
}

TEST(MStep, RegCovarIsAddedToVariancesOnly) {
  for (const Expected& expected : kExpected) {
    SCOPED_TRACE(to_string(expected.structure));
    std::vector<double> covariances = expected.about_new_means;
    const bool matrices = expected.structure == full || expected.structure == tied;
    for (std::size_t i = 0; i < covariances.size(); ++i) {
      if (!matrices || i % 4 == 0 || i % 4 == 3) covariances[i] += 0.25;
    }
    expect_equal(update_parameters(example(), start(expected.structure), {expected.structure, 0.25, {}}).covariances,
                 covariances);
  }
}

TEST(MStep, CoarserStructuresComeFromFinerMoments) {
  for (const Expected& expected : kExpected) {
    for (const Moments moments : {Moments::diagonal, Moments::spherical}) {
      if (moments < expected.structure.moments()) continue;
      SCOPED_TRACE(testing::Message() << to_string(expected.structure) << " from " << to_string(moments));
      for (const bool means : {true, false}) {
        expect_equal(
            update_parameters(coarser(moments), start(expected.structure), {expected.structure, 0, {.means = !means}})
                .covariances,
            means ? expected.about_new_means : expected.about_held_means);
      }
    }
  }
}

TEST(MStep, AMovedShiftMovesTheMeansAlone) {
  Stats far = example();
  for (std::size_t k = 0; k < 2; ++k) {
    for (double& s : far.shift.row(k)) s += 1e8;
  }
  const Parameters next = update_parameters(far, start(full), {full, 0, {}});
  EXPECT_EQ(next.means, Matrix(2, 2, {1e8 + 2, 1e8 + 1, 1e8 + 11, 1e8 + 9}));
  EXPECT_EQ(next.covariances, update_parameters(example(), start(full), {full, 0, {}}).covariances);
}

TEST(MStep, DigitsAreLostWhereAMeanMovesAHundredStandardDeviations) {
  for (const auto& [structure, name] : test::plain_families()) {
    const auto lost = [s = structure](double move) {
      std::vector<double> covariances(covariance_size(s, 2, 2), 0.25);
      if (s.moments() >= Moments::pooled) {
        for (std::size_t i = 0; i < covariances.size(); ++i) covariances[i] = i % 4 == 0 || i % 4 == 3 ? 0.25 : 0;
      }
      const Matrix means(2, 2, {1e9, 0, 0, move});
      const Parameters next{s, {0.5, 0.5}, means, covariances};
      return lost_digits(Stats(Moments::full, Matrix(2, 2, {1e9, 0, 0, 0})), next, next, {});
    };
    EXPECT_FALSE(lost(0)) << name;
    EXPECT_FALSE(lost(-49)) << name;
    EXPECT_TRUE(lost(-50)) << name;
    EXPECT_TRUE(lost(1e6)) << name;
  }
}

Parameters correlated(double correlation, double deviation = 1) {
  const double v = deviation * deviation;
  return {full, {1}, Matrix(1, 2), {v, correlation * v, correlation * v, v}};
}

// A model that its sums do not resolve was in double already.
TEST(MStep, DigitsAreLostWhereACovarianceBecomesNarrowerThanTheSumsResolve) {
  Stats stats(Moments::full, Matrix(1, 2));
  stats.rounding = 1e-7;
  stats.resolution = {.max_move = 3, .min_conditional_variance = 1e-4, .min_deviation = 1e-12};
  const Parameters wide = correlated(0);
  const Parameters dependent = correlated(std::sqrt(1 - 0.9e-4));
  const Parameters tiny = correlated(0, 0.9e-12);
  EXPECT_TRUE(lost_digits(stats, wide, dependent, {}));
  EXPECT_TRUE(lost_digits(stats, wide, tiny, {}));
  EXPECT_FALSE(lost_digits(stats, wide, correlated(std::sqrt(1 - 1.1e-4)), {}));
  EXPECT_FALSE(lost_digits(stats, wide, correlated(0, 1.1e-12), {}));
  EXPECT_FALSE(lost_digits(stats, dependent, tiny, {}));
  EXPECT_FALSE(lost_digits(stats, wide, dependent, {.covariances = true}));
  EXPECT_FALSE(lost_digits(Stats(Moments::full, Matrix(1, 2)), wide, dependent, {})) << "sums in double";
}

TEST(MStep, DigitsOfRoundedSumsAreLostWhereAMeanMovesFartherThanTheyResolve) {
  Stats stats(Moments::full, Matrix(1, 2));
  stats.rounding = 1e-7;
  stats.resolution.max_move = 3;
  Parameters next = correlated(0);
  next.means = Matrix(1, 2, {2.9, 0});
  EXPECT_FALSE(lost_digits(stats, correlated(0), next, {}));
  next.means = Matrix(1, 2, {3, 0});
  EXPECT_TRUE(lost_digits(stats, correlated(0), next, {}));
  EXPECT_FALSE(lost_digits(stats, correlated(0), next, {.means = true}));
}

TEST(MStep, AnEmptyComponentKeepsItsMeanAndCovariance) {
  Stats stats = example();
  stats.n[1] = 0;
  stats.first = Matrix(2, 2, {8, 4, 0, 0});
  stats.second = Matrix(2, 3, {24, 12, 8, 0, 0, 0});
  const Covariances before(Layout::matrix, false, 2, 2, {1, 0, 0, 1, 7, 2, 2, 7});
  const Parameters next = update_parameters(stats, start(full), {full, 0, {}}, &before);
  EXPECT_EQ(next.weights, (std::vector<double>{1, 0}));
  EXPECT_EQ(next.means, Matrix(2, 2, {2, 1, 10, 10}));
  EXPECT_EQ(next.covariances, (std::vector<double>{2, 1, 1, 1, 7, 2, 2, 7}));
}

std::vector<std::pair<std::size_t, bool>> found(const Parameters& p, const Stats& stats, const Hold& hold = {}) {
  std::vector<std::pair<std::size_t, bool>> out;
  for (const Degenerate& d : degenerate_components(p, stats, {.hold = hold}))
    out.emplace_back(d.component, d.cause == Degenerate::Cause::empty);
  return out;
}
using Found = std::vector<std::pair<std::size_t, bool>>;

TEST(Degenerate, AComponentOfNextToNoWeightIsEmpty) {
  constexpr double kEps = std::numeric_limits<double>::epsilon();
  const Parameters sound = update_parameters(example(), start(full), {full, 0, {}});
  EXPECT_EQ(found(sound, example()), Found{});
  for (const auto& [n, empty] : {std::pair{0.0, true}, {99 * kEps, true}, {100 * kEps, true}, {101 * kEps, false}}) {
    Stats stats = example();  // the weights sum to 10
    stats.n[0] = n;
    EXPECT_EQ(found(sound, stats), empty ? (Found{{0, true}}) : Found{}) << n / kEps;
  }
}

TEST(Degenerate, EmptyAndSingularComponentsComeInOrderAndOnce) {
  Parameters p{full, {0.25, 0.25, 0.25, 0.25}, Matrix(4, 1), {0, 1, 0, 0}};
  Stats stats(Moments::full, Matrix(4, 1));
  stats.sum_weights = 4;
  stats.n = {2, 0, 2, 0};
  EXPECT_EQ(found(p, stats), (Found{{0, false}, {1, true}, {2, false}, {3, true}}));
  EXPECT_EQ(found(p, stats, {.covariances = true}), (Found{{1, true}, {3, true}}));
  EXPECT_EQ(found(p, stats, {.means = true, .covariances = true}), Found{}) << "weights alone can always be updated";
}

TEST(Degenerate, ASharedCovarianceIsSingularForAll) {
  Parameters p{tied_diagonal, {0.5, 0.5}, Matrix(2, 2), {1, 0}};
  Stats stats(Moments::diagonal, Matrix(2, 2));
  stats.sum_weights = 2;
  stats.n = {2, 0};
  const auto degenerate = degenerate_components(p, stats, {});
  ASSERT_EQ(degenerate.size(), 1U);
  EXPECT_EQ(degenerate[0].cause, Degenerate::Cause::dependent);
  EXPECT_EQ(degenerate[0].feature, 1U);
  p.covariances = {1, 1};
  EXPECT_EQ(found(p, stats), (Found{{1, true}}));
}

TEST(Degenerate, SingularComponentsNameTheFirstFeatureThatFails) {
  const auto feature = [](CovarianceFamily structure, std::vector<double> covariances) {
    const auto all = singular_components({structure, {1}, Matrix(1, 3), std::move(covariances)}, Matrix(1, 3));
    return all.empty() ? 99 : all[0].feature;
  };
  EXPECT_EQ(feature(full, {1, 0, 0, 0, 1, 0, 0, 0, 1}), 99U);
  EXPECT_EQ(feature(full, {1, 0, 0, 0, 0, 0, 0, 0, 1}), 1U) << "constant";
  EXPECT_EQ(feature(full, {1, 0, 1, 0, 1, 1, 1, 1, 2}), 2U) << "the sum of the others";
  EXPECT_EQ(feature(diagonal, {1, 1e-320, 1}), 1U);
  EXPECT_EQ(feature(diagonal, {1, 1, std::nan("")}), 2U);
  EXPECT_EQ(feature(spherical, {0}), 0U);
  EXPECT_EQ(feature(spherical, {1e-300}), 99U);
}

// Data near 1e8 are rounded by 1e-8; a variance below (8 eps 1e8)^2 = 3.2e-14 is made of that.
TEST(Degenerate, AVarianceBelowTheRoundingOfTheDataIsSingular) {
  const auto singular = [](double mean, double variance) {
    const Matrix means(1, 1, {mean});
    return !singular_components({diagonal, {1}, means, {variance}}, means).empty();
  };
  EXPECT_TRUE(singular(1e8, 3.1e-14));
  EXPECT_FALSE(singular(1e8, 3.2e-14));
  EXPECT_TRUE(singular(-1e8, 3.1e-14));
  EXPECT_FALSE(singular(0, 3.1e-14));
  EXPECT_FALSE(singular(1, 1e-29));
}

// S / n - m^2 with m = 1e6 keeps a few eps of 1e12; the rule is 16 D eps (variance + m^2), here 3.6e-3.
TEST(Degenerate, AVarianceBelowTheRoundingOfTheMomentsIsSingular) {
  for (const auto structure : {full, tied, diagonal, tied_diagonal, spherical, tied_spherical}) {
    const auto singular = [structure](double move, double variance) {
      return !singular_components({structure, {1}, Matrix(1, 1, {move}), {variance}}, Matrix(1, 1)).empty();
    };
    EXPECT_TRUE(singular(1e6, 3.5e-3)) << to_string(structure);
    EXPECT_FALSE(singular(1e6, 3.6e-3)) << to_string(structure);
    EXPECT_FALSE(singular(0, 1e-20)) << to_string(structure);
  }
}

// Component 1 holds half of the weight, component 2 none.
TEST(Degenerate, TheRoundingOfASharedVarianceIsThatOfAllItsComponents) {
  const auto singular = [](double variance) {
    const Matrix means(3, 1, {0, 1e8, 1e30});
    return !singular_components({tied_spherical, {0.5, 0.5, 0}, means, {variance}}, means).empty();
  };
  EXPECT_TRUE(singular(1.5e-14));
  EXPECT_FALSE(singular(1.6e-14));
}

TEST(Degenerate, DescriptionsNameComponentColumnAndRemedy) {
  EXPECT_THAT(describe({2, Degenerate::Cause::empty, 0}, full, "a"),
              AllOf(HasSubstr("component 2 is empty"), HasSubstr("n_components")));
  EXPECT_THAT(describe({2, Degenerate::Cause::dependent, 0}, full, "a"),
              AllOf(HasSubstr("the covariance of component 2 is singular at column 'a'"), HasSubstr("reg_covar")));
  EXPECT_THAT(describe({0, Degenerate::Cause::dependent, 0}, tied, "a"),
              HasSubstr("the shared covariance is singular at column 'a'"));
}

// All ten rows: mean (7.4, 5.8); within [2.6 0.1; . 1.6] plus between 0.24 (9, 8)(9, 8)^T.
TEST(OverallCovariance, IsWithinPlusBetween) {
  std::vector<double> mean;
  const auto expect_near = [](const std::vector<double>& actual, const std::vector<double>& expected) {
    ASSERT_EQ(actual.size(), expected.size());
    for (std::size_t i = 0; i < actual.size(); ++i) EXPECT_NEAR(actual[i], expected[i], 1e-13);
  };
  expect_near(overall_covariance(example(), full, 0, mean), {22.04, 17.38, 17.38, 16.96});
  expect_near(mean, {7.4, 5.8});
  expect_near(overall_covariance(example(), tied, 0.5, mean), {22.54, 17.38, 17.38, 17.46});
  expect_near(overall_covariance(example(), diagonal, 0, mean), {22.04, 16.96});
  expect_near(overall_covariance(example(), tied_spherical, 0, mean), {19.5});
  expect_near(overall_covariance(coarser(Moments::spherical), spherical, 0, mean), {19.5});
}

TEST(OverallCovariance, LosesNothingFarFromTheOriginAndIgnoresEmptyComponents) {
  std::vector<double> mean;
  Stats far(Moments::full, Matrix(3, 2, {1e8, 1e8, -4e8, 3, 1e8 + 10, 1e8 + 10}));
  far.n = {4, 0, 6};
  far.sum_weights = 10;
  far.first = Matrix(3, 2, {8, 4, 0, 0, 6, -6});
  far.second = Matrix(3, 3, {24, 12, 8, 0, 0, 0, 24, -9, 18});
  const std::vector<double> expected{22.04, 17.38, 17.38, 16.96};
  const std::vector<double> actual = overall_covariance(far, full, 0, mean);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(actual[i], expected[i], 1e-13);
  EXPECT_NEAR(mean[0], 1e8 + 7.4, 1e-7);
}

TEST(MStep, SaysWhyACovarianceIsSingular) {
  const auto cause = [](double mean, double variance) {
    const Parameters p{diagonal, {1}, Matrix(1, 1, {mean}), {variance}};
    return singular_components(p, p.means).at(0).cause;
  };
  EXPECT_EQ(cause(1e15, 0.5), Degenerate::Cause::rounded);
  EXPECT_EQ(cause(0, 1e-310), Degenerate::Cause::tiny);
  EXPECT_EQ(cause(0, 0), Degenerate::Cause::dependent);
  const auto says = [](Degenerate::Cause c) { return describe({1, c, 0}, diagonal, "x"); };
  EXPECT_THAT(says(Degenerate::Cause::rounded), AllOf(HasSubstr("column 'x'"), HasSubstr("subtract an offset")));
  EXPECT_THAT(says(Degenerate::Cause::tiny), HasSubstr("rescale"));
  EXPECT_THAT(says(Degenerate::Cause::dependent), HasSubstr("reg_covar"));
}

}  // namespace
}  // namespace mogul
