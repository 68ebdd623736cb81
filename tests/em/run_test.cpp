// One restart step by step: the models it asks about, where it ends, and what it returns when cancelled.
#include "em/run.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

#include "kernel/engine.hpp"
#include "mogul/fit.hpp"
#include "reference/generators.hpp"

namespace mogul {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const Matrix kRows(8, 1, {-3, -2, -2, -1, 1, 2, 2, 4});
const Mixture kStart(families::full, {0.5, 0.5}, Matrix(2, 1, {-1, 1}), {1, 1});

struct Fixture {
  Fixture() { options.n_components = 2; }

  bool advance(bool cancel = false) {
    Stats stats = engine->accumulate(run.model(), Moments::full);
    seen.push_back(stats.log_likelihood);
    return run.advance(*engine, std::move(stats), cancel, seconds);
  }

  FitOptions options;
  std::unique_ptr<Engine> engine = make_engine(kRows, 1);
  Run run{kStart, Revival{}, options, 0};
  std::vector<double> seen;
  double seconds = 0;
};

TEST(Run, GoesOnUntilItConverges) {
  Fixture f;
  EXPECT_EQ(f.run.model(), kStart);
  while (f.advance()) EXPECT_FALSE(f.run.model() == kStart);
  EXPECT_EQ(f.run.convergence().history(), f.seen);
  EXPECT_TRUE(std::ranges::is_sorted(f.seen));
  EXPECT_EQ(f.run.result().log_likelihood(), f.seen.back());
  EXPECT_EQ(f.run.result().iteration, f.seen.size() - 1);
  EXPECT_EQ(f.run.convergence().termination().reason, TerminationReason::converged);
  EXPECT_FALSE(f.run.cancelled());
  EXPECT_GT(f.seconds, 0);
}

TEST(Run, AFinalMStepIsTheLastOfAllAndHasNoEStepAfterIt) {
  for (const std::size_t max_iter : {1, 4}) {
    FitOptions options{.n_components = 2, .init = kStart, .max_iter = max_iter, .tol = 0};
    const Mixture expected = fit(kRows, options).mixture;
    options.final_m_step = true;
    const auto [mixture, report] = fit(kRows, options);
    EXPECT_EQ(mixture, expected);
    EXPECT_EQ(report.iterations, max_iter - 1);
    EXPECT_EQ(report.history.size(), max_iter);
    EXPECT_THAT(report.termination.sentence, StartsWith(fmt::format("stopped at max_iter = {}: ", max_iter)));
    EXPECT_THAT(report.termination.sentence, Not(HasSubstr("inf")));
  }
}

TEST(Run, WithoutAnyMStepThereIsNoFinalOneEither) {
  FitOptions options{.n_components = 2, .init = kStart, .max_iter = 0};
  options.final_m_step = true;
  EXPECT_EQ(fit(kRows, options).mixture, kStart);
}

TEST(Run, CancelledTakesNoFinalMStep) {
  FitOptions options{.n_components = 2, .init = kStart};
  options.final_m_step = true;
  options.callback = [](const Iteration&) { return false; };
  EXPECT_EQ(fit(kRows, options).mixture, kStart);
}

TEST(Run, CancelledWithStatisticsEndsWithTheirModel) {
  Fixture f;
  EXPECT_TRUE(f.advance());
  const Mixture second = f.run.model();
  EXPECT_FALSE(f.advance(/*cancel=*/true));
  EXPECT_TRUE(f.run.cancelled());
  EXPECT_EQ(f.run.result().mixture, second);
  EXPECT_EQ(f.run.result().iteration, 1U);
}

TEST(Run, CancelledBetweenStepsEndsWithTheModelBefore) {
  Fixture f;
  EXPECT_TRUE(f.advance());
  const Mixture second = f.run.model();
  EXPECT_TRUE(f.advance());
  f.run.cancel();
  EXPECT_TRUE(f.run.cancelled());
  EXPECT_EQ(f.run.result().mixture, second) << "the third was not looked at";
  EXPECT_EQ(f.run.result().log_likelihood(), f.seen[1]);
  EXPECT_EQ(f.run.convergence().history(), f.seen);
  EXPECT_EQ(f.run.take_result().iteration, 1U);
}

// A component far from every row is revived by the step; the likelihood of what comes next is not a step of EM.
TEST(Run, CountsTheRevivalsOfTheStepsThatWereTaken) {
  Fixture f;
  mogul::Run run(Mixture(families::full, {0.5, 0.5}, Matrix(2, 1, {0, 1e6}), {1, 1}),
                 Revival{.n_revived = 3}, f.options, 0);
  EXPECT_TRUE(run.advance(*f.engine, f.engine->accumulate(run.model(), Moments::full), false, f.seconds));
  EXPECT_EQ(run.n_revived(), 4U);
  run.cancel();
  EXPECT_EQ(run.n_revived(), 3U) << "that step was not taken";
}

// Two components have a value each, one has two, and one has no row. It is moved, which costs likelihood at first.
TEST(Run, AtMaxIterTheBestModelSeenIsReturned) {
  Matrix x(80, 1);
  for (std::size_t i = 0; i < 80; ++i) x(i, 0) = 10 * static_cast<double>(i % 4);
  const Mixture start(families::full, {0.25, 0.25, 0.4, 0.1}, Matrix(4, 1, {0, 10, 25, 1e6}),
                      {1e-6, 1e-6, 25, 1});
  bool went_back = false;
  for (std::size_t max_iter = 1; max_iter <= 30; ++max_iter) {
    const auto [mixture, report] =
        fit(x, {.n_components = 4, .init = start, .max_iter = max_iter, .tol = 0, .reg_covar = 1e-6});
    EXPECT_EQ(report.history.back(), *std::ranges::max_element(report.history));
    EXPECT_EQ(report.history.size(), report.iterations + 1);
    EXPECT_EQ(report.termination.reason, TerminationReason::max_iter);
    if (report.iterations == max_iter) continue;
    went_back = true;
    EXPECT_THAT(report.termination.sentence,
                HasSubstr(fmt::format("the best model so far, of iteration {},", report.iterations)));
    const FitReport before =
        fit(x, {.n_components = 4, .init = start, .max_iter = report.iterations, .tol = 0, .reg_covar = 1e-6}).report;
    EXPECT_EQ(before.log_likelihood, report.log_likelihood);
  }
  EXPECT_TRUE(went_back) << "the premise";
}

// The start has the highest likelihood of all, from which a reg_covar of half the variance leads away.
TEST(Run, AtMaxIterNoModelIsReturnedThatIsLessLikelyThanOneBefore) {
  const Mixture likeliest = fit(kRows, {.n_components = 1, .reg_covar = 0}).mixture;
  FitOptions options{.n_components = 1, .init = likeliest, .max_iter = 3, .tol = 0};
  options.reg_covar = RegCovar::relative_to_variance(0.5);
  const FitResult ended = fit(kRows, options);
  EXPECT_EQ(ended.mixture, likeliest);
  EXPECT_EQ(ended.report.iterations, 0U);
  EXPECT_THAT(ended.report.termination.sentence, HasSubstr("the best model so far, of iteration 0,"));

  options.tol = 1e-3;
  options.max_iter = 10;
  const FitResult at_rest = fit(kRows, options);
  EXPECT_EQ(at_rest.report.termination.reason, TerminationReason::converged);
  EXPECT_NEAR(at_rest.mixture.variance(0, 0), 1.5 * likeliest.variance(0, 0), 1e-12) << "what the steps lead to";
  EXPECT_LT(at_rest.report.log_likelihood, ended.report.log_likelihood);
}

TEST(Run, AnEarlierModelIsReturnedWithTheLogLikelihoodOfDouble) {
  oracle::Dice dice(9);
  FloatMatrix narrow(550'000, 1);  // times 2 components: more work than kMinFloatWork, so it is done in float lanes
  Matrix wide(narrow.rows(), 1);
  for (std::size_t i = 0; i < wide.rows(); ++i) {
    wide(i, 0) = narrow(i, 0) = static_cast<float>(dice.normal() + (i % 2 == 0 ? 0 : 5));
  }
  FitOptions options{.n_components = 2, .max_iter = 3, .tol = 0};
  options.init = fit(wide, {.n_components = 2, .reg_covar = 0}).mixture;
  options.reg_covar = RegCovar::relative_to_variance(0.5);
  const FitReport in_double = fit(wide, options).report;
  double first = 0;
  options.callback = [&first](const Iteration& iteration) {
    if (iteration.iteration == 0) first = iteration.stats.log_likelihood;
    return true;
  };
  const FitReport in_float = fit(narrow, options).report;
  ASSERT_EQ(in_float.iterations, 0U);
  EXPECT_NE(first, in_double.log_likelihood) << "the premise";
  EXPECT_NEAR(in_float.log_likelihood, in_double.log_likelihood, 1e-13 * std::abs(in_double.log_likelihood));
  EXPECT_EQ(in_float.history, std::vector<double>{in_float.log_likelihood});
}

// The step after the last E-step would move component 1, and nobody would see at what cost.
TEST(Run, AFinalMStepThatWouldMoveAComponentIsNotTaken) {
  const Mixture start(families::full, {0.5, 0.5}, Matrix(2, 1, {0, 1e6}), {4, 1});
  FitOptions options{.n_components = 2, .init = start, .max_iter = 1};
  options.final_m_step = true;
  const FitResult result = fit(kRows, options);
  EXPECT_EQ(result.mixture, start);
  EXPECT_EQ(result.report.n_revived, 0U);
}

}  // namespace
}  // namespace mogul
