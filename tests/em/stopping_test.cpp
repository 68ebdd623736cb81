// Each rule that ends EM, in isolation: statistics with made-up likelihoods go in, the decision and its reason come
// out.
#include "em/stopping.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "message_of.hpp"

namespace mogul {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const Mixture kModel(families::spherical, {1}, Matrix(1, 1), {1});

// Ten rows of a given mean log-likelihood.
Stats with_mean(double mean_log_likelihood) {
  Stats stats(Moments::none, Matrix(1, 1));
  stats.n = {10};
  stats.sum_weights = 10;
  stats.log_likelihood = 10 * mean_log_likelihood;
  return stats;
}

bool stop(Stopping& stopping, const Mixture& model, const Stats& stats) {
  stopping.note(model, stats);
  return stopping.stops(model, stats);
}
bool stop(Stopping& stopping, double mean) { return stop(stopping, kModel, with_mean(mean)); }

TEST(Stopping, EndsWhenTheMeanChangesByLessThanTol) {
  const EmOptions options{.tol = 0.125};
  Stopping stopping(options);
  EXPECT_FALSE(stop(stopping, -8));
  EXPECT_FALSE(stop(stopping, -7));
  EXPECT_FALSE(stop(stopping, -6.875)) << "a change of exactly tol is not less than tol";
  EXPECT_TRUE(stop(stopping, -6.8125));
  EXPECT_EQ(stopping.termination().reason, TerminationReason::converged);
  EXPECT_THAT(stopping.termination().message,
              AllOf(HasSubstr("iteration 3"), HasSubstr("0.0625"), HasSubstr("tol = 0.125")));
  EXPECT_EQ(stopping.iterations(), 3U);
  EXPECT_EQ(stopping.history(), (std::vector<double>{-80, -70, -68.75, -68.125}));
}

TEST(Stopping, ASmallFallEndsLikeASmallRise) {
  const EmOptions options{.tol = 0.125};
  Stopping stopping(options);
  EXPECT_FALSE(stop(stopping, -8));
  EXPECT_FALSE(stop(stopping, -9)) << "a large fall is not stopping";
  EXPECT_TRUE(stop(stopping, -9.0625));
  EXPECT_THAT(stopping.termination().message, HasSubstr("-0.0625"));
}

TEST(Stopping, TolZeroNeverConverges) {
  const EmOptions options{.max_iter = 3, .tol = 0};
  Stopping stopping(options);
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(stop(stopping, -1));
  EXPECT_TRUE(stop(stopping, -1));
  EXPECT_EQ(stopping.termination().reason, TerminationReason::max_iter);
}

TEST(Stopping, EndsAtMaxIter) {
  const EmOptions options{.max_iter = 2, .tol = 0.25};
  Stopping stopping(options);
  EXPECT_FALSE(stop(stopping, -3));
  EXPECT_FALSE(stop(stopping, -2));
  EXPECT_TRUE(stop(stopping, -1.5));
  EXPECT_EQ(stopping.termination().reason, TerminationReason::max_iter);
  EXPECT_THAT(stopping.termination().message,
              AllOf(HasSubstr("max_iter = 2"), HasSubstr("0.5"), HasSubstr("tol = 0.25")));
}

TEST(Stopping, MaxIterZeroOnlyEvaluatesTheStart) {
  const EmOptions options{.max_iter = 0};
  Stopping stopping(options);
  EXPECT_TRUE(stop(stopping, -3));
  EXPECT_EQ(stopping.iterations(), 0U);
  EXPECT_EQ(stopping.termination().reason, TerminationReason::max_iter);
  EXPECT_THAT(stopping.termination().message, HasSubstr("max_iter = 0"));
}

TEST(Stopping, ConvergingInTheLastIterationCountsAsConverged) {
  const EmOptions options{.max_iter = 1, .tol = 0.5};
  Stopping stopping(options);
  EXPECT_FALSE(stop(stopping, -3));
  EXPECT_TRUE(stop(stopping, -2.75));
  EXPECT_EQ(stopping.termination().reason, TerminationReason::converged);
}

TEST(Stopping, TheStepThatRevivedAComponentIsNotCompared) {
  const EmOptions options{.tol = 0.5};
  Stopping stopping(options);
  EXPECT_FALSE(stop(stopping, -3));
  stopping.note_revived(1);
  EXPECT_FALSE(stop(stopping, -3));
  EXPECT_TRUE(stop(stopping, -3)) << "the next step is an ordinary one";
}

TEST(Stopping, CancelledIsNotConverged) {
  Stopping stopping({.tol = 1});
  EXPECT_FALSE(stop(stopping, -9));
  stopping.note(kModel, with_mean(-8.875));
  stopping.cancel();
  EXPECT_TRUE(stopping.is_cancelled());
  EXPECT_FALSE(stopping.termination().converged());
  EXPECT_THAT(stopping.termination().message, AllOf(HasSubstr("iteration 1"), HasSubstr("-8.875")));
}

TEST(Stopping, IsNotClaimedWhileAComponentDies) {
  const Mixture two(families::spherical, {0.999, 0.001}, Matrix(2, 1, {0, 9}), {1, 1});
  const auto with_sizes = [](double of_second) {
    Stats stats(Moments::none, Matrix(2, 1, {0, 9}));
    stats.n = {1000 - of_second, of_second};
    stats.sum_weights = 1000;
    stats.log_likelihood = -3000;
    return stats;
  };
  const EmOptions options{.tol = 0.125};
  Stopping stopping(options);
  EXPECT_FALSE(stop(stopping, two, with_sizes(1)));
  EXPECT_FALSE(stop(stopping, two, with_sizes(0.5))) << "half of what its weight tells";
  EXPECT_TRUE(stopping.is_at_rest());
  EXPECT_TRUE(stop(stopping, two, with_sizes(1)));
  EXPECT_EQ(stopping.termination().reason, TerminationReason::converged);
}

TEST(Stopping, AtRestWithComponentsThatCoincideHasAReasonOfItsOwn) {
  const Mixture two(families::spherical, {0.5, 0.5}, Matrix(2, 1, {4, 4}), {1, 1});
  Stats stats(Moments::none, two.means());
  stats.n = {5, 5};
  stats.sum_weights = 10;
  stats.log_likelihood = -30;
  const EmOptions options{.tol = 0.125};
  Stopping stopping(options);
  EXPECT_FALSE(stop(stopping, two, stats));
  EXPECT_TRUE(stop(stopping, two, stats));
  EXPECT_EQ(stopping.termination().reason, TerminationReason::coincident);
  EXPECT_FALSE(stopping.termination().converged());
  EXPECT_THAT(stopping.termination().message, AllOf(HasSubstr("iteration 1"), HasSubstr("components coincide")));
}

TEST(Stopping, ALikelihoodThatIsNotFiniteIsAnError) {
  const EmOptions options;
  for (const double bad : {-std::numeric_limits<double>::infinity(), std::nan("")}) {
    Stopping stopping(options);
    EXPECT_FALSE(stop(stopping, -3));
    EXPECT_THAT(test::message_of<fit_error>([&] { stop(stopping, bad); }),
                AllOf(HasSubstr("log-likelihood is"), HasSubstr("reg_covar")));
  }
}

}  // namespace
}  // namespace mogul
