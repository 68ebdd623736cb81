// EM step by step: what the loop asks for, where it ends, and what it returns when cancelled.
#include "mogul/em_loop.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

#include "em/run_em.hpp"
#include "engine/engine.hpp"
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
  /// Whether it goes on.
  bool step() {
    Stats stats = accumulate(loop.model(), kRows, Moments::full);
    seen.push_back(stats.log_likelihood);
    loop.feed(std::move(stats));
    Effort effort;
    answer(*engine, loop, effort);
    return loop.next().has_value();
  }

  std::unique_ptr<Engine> engine = make_engine(kRows, 1);
  EmLoop loop{kStart, {}};
  std::vector<double> seen;
};

TEST(EmLoop, GoesOnUntilItConverges) {
  Fixture f;
  EXPECT_EQ(f.loop.model(), kStart);
  while (f.step()) EXPECT_FALSE(f.loop.model() == kStart);
  EXPECT_EQ(f.loop.history(), f.seen);
  EXPECT_TRUE(std::ranges::is_sorted(f.seen));
  EXPECT_EQ(f.loop.result().log_likelihood(), f.seen.back());
  EXPECT_EQ(f.loop.result().iteration, f.seen.size() - 1);
  EXPECT_EQ(f.loop.termination().reason, TerminationReason::converged);
  EXPECT_FALSE(f.loop.is_cancelled());
}

TEST(EmLoop, EndsWhereFitDoes) {
  Fixture f;
  while (f.step()) continue;
  const FitResult fitted = fit(kRows, {.n_components = 2, .init = kStart});
  EXPECT_EQ(f.loop.result().mixture, fitted.mixture);
  EXPECT_EQ(f.loop.result().stats, fitted.stats);
  EXPECT_EQ(f.loop.history(), fitted.report.history);
}

TEST(EmLoop, AsksForTheStatisticsOfItsModel) {
  const EmLoop loop(kStart, {});
  const auto request = loop.next();
  ASSERT_TRUE(request);
  const auto* asked = std::get_if<StatsRequest>(&*request);
  ASSERT_NE(asked, nullptr);
  EXPECT_EQ(*asked->model, kStart);
  EXPECT_EQ(*asked->about, kStart.means());
  EXPECT_EQ(asked->moments, Moments::full);
  EXPECT_FALSE(asked->exact);
}

// A copy goes the same way: nothing of the loop lies elsewhere.
TEST(EmLoop, ACopyOfAnyStepEndsWithTheSameBytes) {
  Fixture f;
  std::vector<EmLoop> copies{f.loop};
  while (f.step()) copies.push_back(f.loop);
  for (EmLoop& copy : copies) {
    while (copy.next()) copy.feed(f.engine->accumulate(row_model(copy.model()), Moments::full));
    EXPECT_EQ(copy.result().mixture, f.loop.result().mixture);
    EXPECT_EQ(copy.history(), f.loop.history());
    EXPECT_EQ(copy.termination(), f.loop.termination());
  }
}

TEST(EmLoop, FedByTheStatisticsOfTwoHalvesEndsWhereOneOfAllRowsDoes) {
  const Matrix first(4, 1, {-3, -2, -2, -1});
  const Matrix second(4, 1, {1, 2, 2, 4});
  EmLoop loop(kStart, {});
  while (loop.next()) {
    Stats stats = accumulate(loop.model(), first);
    stats += accumulate(loop.model(), second);
    loop.feed(std::move(stats));
  }
  Fixture f;
  while (f.step()) continue;
  EXPECT_EQ(loop.iterations(), f.loop.iterations());
  for (std::size_t k = 0; k < 2; ++k) {
    EXPECT_NEAR(loop.result().mixture.means()(k, 0), f.loop.result().mixture.means()(k, 0), 1e-14);
    EXPECT_NEAR(loop.result().mixture.variance(k, 0), f.loop.result().mixture.variance(k, 0), 1e-14);
  }
}

TEST(EmLoop, TakesNoAnswerThatItDidNotAskFor) {
  Fixture f;
  EXPECT_THROW(f.loop.feed(kRows), invalid_argument);
  const Mixture other(families::full, {0.5, 0.5}, Matrix(2, 1, {-1, 2}), {1, 1});
  EXPECT_THROW(f.loop.feed(f.engine->accumulate(row_model(other), Moments::full)), invalid_argument);
  EXPECT_THROW(f.loop.feed(f.engine->accumulate(row_model(kStart), Moments::mean)), invalid_argument);
  while (f.step()) continue;
  EXPECT_THROW(f.loop.feed(f.engine->accumulate(row_model(kStart), Moments::full)), invalid_argument);
}

TEST(EmLoop, TheWatcherSeesEachIterationAndMayEndTheLoop) {
  std::vector<double> changes;
  EmLoop loop(kStart, {}, {}, [&](const EmStep& step) {
    EXPECT_EQ(step.iteration, changes.size());
    EXPECT_EQ(step.stats.log_likelihood, 8 * step.mean_log_likelihood);
    changes.push_back(step.change);
    return step.iteration < 2;
  });
  const auto engine = make_engine(kRows, 1);
  while (loop.next()) loop.feed(engine->accumulate(row_model(loop.model()), Moments::full));
  ASSERT_EQ(changes.size(), 3U);
  EXPECT_EQ(changes[0], std::numeric_limits<double>::infinity());
  EXPECT_EQ(8 * changes[1], loop.history()[1] - loop.history()[0]);
  EXPECT_EQ(loop.termination().reason, TerminationReason::cancelled);
  EXPECT_EQ(loop.iterations(), 2U);
}

TEST(EmLoop, CancelledWithStatisticsEndsWithTheirModel) {
  Fixture f;
  EXPECT_TRUE(f.step());
  const Mixture second = f.loop.model();
  f.loop.end_at_next_step();
  EXPECT_FALSE(f.step());
  EXPECT_TRUE(f.loop.is_cancelled());
  EXPECT_EQ(f.loop.result().mixture, second);
  EXPECT_EQ(f.loop.result().iteration, 1U);
}

TEST(EmLoop, CancelledBetweenStepsEndsWithTheModelBefore) {
  Fixture f;
  EXPECT_TRUE(f.step());
  const Mixture second = f.loop.model();
  EXPECT_TRUE(f.step());
  f.loop.cancel();
  EXPECT_TRUE(f.loop.is_cancelled());
  EXPECT_EQ(f.loop.result().mixture, second) << "the third was not looked at";
  EXPECT_EQ(f.loop.result().log_likelihood(), f.seen[1]);
  EXPECT_EQ(f.loop.history(), f.seen);
  EXPECT_EQ(f.loop.take_result().iteration, 1U);
}

// A component far from every row is moved by the step.
TEST(EmLoop, AsksForTheWorstRowsAndCountsTheRevivalsOfTheStepsThatWereTaken) {
  const auto engine = make_engine(kRows, 1);
  EmLoop loop(Mixture(families::full, {0.5, 0.5}, Matrix(2, 1, {0, 1e6}), {1, 1}), {});
  loop.feed(engine->accumulate(row_model(loop.model()), Moments::full));
  const auto request = loop.next();
  ASSERT_TRUE(request);
  const auto* wanted = std::get_if<WorstRowsRequest>(&*request);
  ASSERT_NE(wanted, nullptr);
  EXPECT_EQ(wanted->model->weights(), (std::vector<double>{1, 0}));
  EXPECT_THROW(loop.feed(Matrix(0, 1)), invalid_argument);
  EXPECT_THROW(loop.feed(Matrix(2, 2)), invalid_argument);
  Effort effort;
  answer(*engine, loop, effort);
  EXPECT_EQ(loop.n_revived(), 1U);
  EXPECT_EQ(loop.model().means()(1, 0), 4) << "the worst row";
  loop.cancel();
  EXPECT_EQ(loop.n_revived(), 0U) << "that step was not taken";
}

// Two components have a value each, one has two, and one has no row. It is moved, which costs likelihood at first.
TEST(EmLoop, AtMaxIterTheBestModelSeenIsReturned) {
  Matrix x(80, 1);
  for (std::size_t i = 0; i < 80; ++i) x(i, 0) = 10 * static_cast<double>(i % 4);
  const Mixture start(families::full, {0.25, 0.25, 0.4, 0.1}, Matrix(4, 1, {0, 10, 25, 1e6}), {1e-6, 1e-6, 25, 1});
  bool went_back = false;
  for (std::size_t max_iter = 1; max_iter <= 30; ++max_iter) {
    const FitReport report =
        fit(x, {.n_components = 4, .init = start, .max_iter = max_iter, .tol = 0, .reg_covar = 1e-6}).report;
    EXPECT_EQ(report.history.back(), *std::ranges::max_element(report.history));
    EXPECT_EQ(report.history.size(), report.iterations + 1);
    EXPECT_EQ(report.termination.reason, TerminationReason::max_iter);
    if (report.iterations == max_iter) continue;
    went_back = true;
    EXPECT_THAT(report.termination.message,
                HasSubstr(fmt::format("the best model so far, of iteration {},", report.iterations)));
    const FitReport before =
        fit(x, {.n_components = 4, .init = start, .max_iter = report.iterations, .tol = 0, .reg_covar = 1e-6}).report;
    EXPECT_EQ(before.log_likelihood, report.log_likelihood);
  }
  EXPECT_TRUE(went_back) << "the premise";
}

// The start has the highest likelihood of all, from which a reg_covar of half the variance leads away.
TEST(EmLoop, AtMaxIterNoModelIsReturnedThatIsLessLikelyThanOneBefore) {
  const Mixture likeliest = fit(kRows, {.n_components = 1, .reg_covar = 0}).mixture;
  FitOptions options{.n_components = 1, .init = likeliest, .max_iter = 3, .tol = 0};
  options.reg_covar = RegCovar::relative_to_variance(0.5);
  const FitResult ended = fit(kRows, options);
  EXPECT_EQ(ended.mixture, likeliest);
  EXPECT_EQ(ended.report.iterations, 0U);
  EXPECT_THAT(ended.report.termination.message, HasSubstr("the best model so far, of iteration 0,"));

  options.tol = 1e-3;
  options.max_iter = 10;
  const FitResult at_rest = fit(kRows, options);
  EXPECT_EQ(at_rest.report.termination.reason, TerminationReason::converged);
  EXPECT_NEAR(at_rest.mixture.variance(0, 0), 1.5 * likeliest.variance(0, 0), 1e-12) << "what the steps lead to";
  EXPECT_LT(at_rest.report.log_likelihood, ended.report.log_likelihood);
}

TEST(EmLoop, AnEarlierModelIsReturnedWithTheLogLikelihoodOfDouble) {
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

}  // namespace
}  // namespace mogul
