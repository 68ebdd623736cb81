// The public M-step: from statistics or from responsibilities, any subset of the parameters, and what it refuses.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "message_of.hpp"
#include "mogul/stats.hpp"
#include "plain_families.hpp"
#include "reference/border.hpp"
#include "reference/generators.hpp"

namespace mogul {
namespace {

using namespace families;
using testing::AllOf;
using testing::HasSubstr;

const Matrix kRows(4, 2, {0, 0, 2, 0, 2, 2, 4, 2});  // mean (2, 1), covariance [2 1; 1 1]
const Matrix kAll(4, 1, {1, 1, 1, 1});

Mixture one(CovarianceFamily structure) {
  std::vector<double> covariances(covariance_size(structure, 1, 2), 3);
  if (structure == full || structure == tied) covariances = {3, 0, 0, 3};
  return {structure, {1}, Matrix(1, 2, {5, -5}), covariances};
}

// Two components, of which the second is far from every row.
Mixture with_far_component() { return {spherical, {0.5, 0.5}, Matrix(2, 2, {2, 1, 1e9, 1e9}), {1, 1}}; }

template <class Error, class Call>
std::string message(const Call& call) {
  return test::message_of<Error>(call);
}

TEST(Maximise, OneComponentTakesTheMeanAndCovarianceOfTheRows) {
  EXPECT_EQ(maximise(accumulate(one(full), kRows), one(full), {full, 0, {}}),
            Mixture(full, {1}, Matrix(1, 2, {2, 1}), {2, 1, 1, 1}));
  EXPECT_EQ(maximise(accumulate(one(spherical), kRows), one(spherical), {spherical, 0.25, {}}),
            Mixture(spherical, {1}, Matrix(1, 2, {2, 1}), {1.75}));
}

TEST(Maximise, MayChangeTheStructureIfTheMomentsAllow) {
  const Stats stats = accumulate(one(spherical), kRows, Moments::full);
  EXPECT_EQ(maximise(stats, one(spherical), {full, 0, {}}).covariances().values(), (std::vector<double>{2, 1, 1, 1}));
  EXPECT_EQ(maximise(stats, one(spherical), {tied_diagonal, 0, {}}).covariances().values(),
            (std::vector<double>{2, 1}));
}

TEST(Maximise, RefusesStatsAboutOtherMeans) {
  const Stats stats = accumulate(one(full), kRows);
  const Mixture moved = maximise(stats, one(full), {full, 0, {}});
  EXPECT_THAT(message<invalid_argument>([&] {
                maximise(stats, moved, {full, 0, {}});
              }),
              HasSubstr("not about the means of the current mixture"));
  EXPECT_THAT(message<invalid_argument>([&] {
                maximise(stats, with_far_component(), {full, 0, {}});
              }),
              HasSubstr("not about the means"));
}

TEST(Maximise, RefusesStatsWithoutTheMomentsThatItNeeds) {
  const auto from = [](Moments moments, const MStepOptions& options) {
    return [=] { maximise(accumulate(one(full), kRows, moments), one(full), options); };
  };
  EXPECT_THAT(message<invalid_argument>(from(Moments::diagonal, {full, 0, {}})),
              AllOf(HasSubstr("stats hold 'diagonal' moments"), HasSubstr("covariance = full needs 'full'")));
  EXPECT_THAT(message<invalid_argument>(from(Moments::mean, {spherical, 0, {}})), HasSubstr("needs 'spherical'"));
  EXPECT_THAT(message<invalid_argument>(from(Moments::none, {full, 0, {.covariances = true}})),
              HasSubstr("needs 'mean'"));
  EXPECT_NO_THROW(from(Moments::mean, {full, 0, {.covariances = true}})());
  EXPECT_NO_THROW(from(Moments::none, {full, 0, {.means = true, .covariances = true}})());
}

TEST(Maximise, HeldCovariancesKeepTheirStructure) {
  const Stats stats = accumulate(one(full), kRows);
  EXPECT_THAT(message<invalid_argument>([&] {
                maximise(stats, one(full), {diagonal, 0, {.covariances = true}});
              }),
              AllOf(HasSubstr("covariance = diagonal; must be full"), HasSubstr("held")));
}

TEST(Maximise, RefusesARegularisationThatIsNoVariance) {
  const Stats stats = accumulate(one(full), kRows);
  const Matrix r(kRows.rows(), 1, std::vector<double>(kRows.rows(), 1.0));
  for (const double bad : {-1e-6, std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    EXPECT_THAT(message<invalid_argument>([&] {
                  maximise(stats, one(full), {full, bad, {}});
                }),
                HasSubstr("must lie in [0, 1e300]"));
    EXPECT_THAT(message<invalid_argument>([&] {
                  maximise(one(full), kRows, r.view(), {full, bad, {}});
                }),
                HasSubstr("must lie in [0, 1e300]"));
  }
}

TEST(Maximise, AnEmptyComponentIsAnErrorUnlessItsMeanIsHeld) {
  const Mixture current = with_far_component();
  const Stats stats = accumulate(current, kRows);
  for (const Hold& hold : {Hold{}, Hold{.weights = true}, Hold{.covariances = true}}) {
    EXPECT_THAT(message<fit_error>([&] {
                  maximise(stats, current, {spherical, 1, hold});
                }),
                HasSubstr("component 1 is empty"));
  }
  for (const bool covariances : {false, true}) {
    const Mixture next = maximise(stats, current, {spherical, 1, {.means = true, .covariances = covariances}});
    EXPECT_EQ(next.weights(), (std::vector<double>{1, 0}));
    EXPECT_EQ(next.means(), current.means());
    EXPECT_EQ(next.variance(1, 0), current.variance(1, 0));
  }
}

TEST(Maximise, ASingularCovarianceIsAnErrorThatNamesTheColumn) {
  const Matrix line(3, 2, {1, 2, 2, 4, 4, 8});
  EXPECT_THAT(message<fit_error>([&] {
                maximise(accumulate(one(full), line), one(full), {full, 0, {}});
              }),
              AllOf(HasSubstr("the covariance of component 0 is singular at column 'x2'"), HasSubstr("reg_covar")));
  EXPECT_THAT(message<fit_error>([&] {
                maximise(accumulate(one(tied), line), one(tied), {tied, 0, {}});
              }),
              HasSubstr("the shared covariance is singular"));
  EXPECT_NO_THROW(maximise(accumulate(one(full), line), one(full), {full, 1e-6, {}}));
}

TEST(Maximise, StatisticsOfNoRowsAreAnError) {
  EXPECT_THAT(message<fit_error>([&] {
                maximise(Stats(Moments::full, one(full).means()), one(full), {full, 0, {}});
              }),
              HasSubstr("component 0 is empty"));
}

TEST(MStepFromResponsibilities, IsTheOraclesForEverySubsetOfTheParameters) {
  for (const auto& entry : test::plain_families()) {
    const oracle::Problem p({.n = 200, .d = 3, .k = 3, .structure = entry.family, .seed = 4});
    const Matrix r = oracle::to_matrix(oracle::responsibilities(oracle::from(p.truth()), oracle::from(p.view())));
    for (int subset = 0; subset < 8; ++subset) {
      const MStepOptions options{entry.family, 0.01, {(subset & 1) != 0, (subset & 2) != 0, (subset & 4) != 0}};
      const Mixture next = maximise(p.model(), p.view(), r.view(), options, 2);
      const oracle::Model expected =
          oracle::m_step(oracle::from(p.model()), oracle::from(p.view()), oracle::from(r), options);
      EXPECT_LE(oracle::worst_parameter_in_eps(next, expected), 2000) << entry.name << ", subset " << subset;
    }
  }
}

TEST(MStepFromResponsibilities, NothingUpdatedIsTheModelItself) {
  EXPECT_EQ(maximise(one(full), kRows, kAll.view(), {full, 0, {true, true, true}}), one(full));
}

TEST(MStepFromResponsibilities, RefusesRowsAndResponsibilitiesThatDoNotFit) {
  EXPECT_THAT(message<invalid_argument>([&] {
                maximise(one(full), Matrix(4, 3), kAll.view(), {full, 0, {}});
              }),
              HasSubstr("data have 3 columns; the mixture has 2 features"));
  EXPECT_THAT(message<invalid_argument>([&] {
                maximise(one(full), kRows, Matrix(3, 1).view(), {full, 0, {}});
              }),
              HasSubstr("(4, 1)"));
  EXPECT_THAT(message<invalid_data>([&] {
                maximise(one(full), kRows, Matrix(4, 1).view(), {full, 0, {}});
              }),
              HasSubstr("sum to 0"));
  Matrix bad = kRows;
  bad(2, 0) = std::nan("");
  EXPECT_THAT(message<invalid_data>([&] {
                maximise(one(full), bad, kAll.view(), {full, 0, {}});
              }),
              HasSubstr("row 3, column 'x1'"));
}

TEST(MStep, NamesTheColumnOfASingularCovariance) {
  const Mixture model(families::diagonal, {1}, Matrix(1, 2), {1, 1});
  const Matrix x(2, 2, {1, 5, 2, 5});
  const std::vector<std::string> names{"height", "constant"};
  const std::string message = test::message_of<fit_error>([&] {
    maximise(model, DataView(x).with_names(names), Matrix(2, 1, {1, 1}).view(), {});
  });
  EXPECT_THAT(message, HasSubstr("column 'constant'"));
}

}  // namespace
}  // namespace mogul
