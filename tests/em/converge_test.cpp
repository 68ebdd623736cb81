// Each rule that ends EM, in isolation: statistics with made-up likelihoods go in, the decision and its reason come
// out.
#include "em/converge.hpp"

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

bool stop(Convergence& convergence, double mean) { return convergence.stop(kModel, with_mean(mean)); }

TEST(Converge, EndsWhenTheMeanChangesByLessThanTol) {
  const FitOptions options{.tol = 0.125};
  Convergence convergence(options, 0);
  EXPECT_FALSE(stop(convergence, -8));
  EXPECT_FALSE(stop(convergence, -7));
  EXPECT_FALSE(stop(convergence, -6.875)) << "a change of exactly tol is not less than tol";
  EXPECT_TRUE(stop(convergence, -6.8125));
  EXPECT_EQ(convergence.termination().reason, TerminationReason::converged);
  EXPECT_THAT(convergence.termination().sentence,
              AllOf(HasSubstr("iteration 3"), HasSubstr("0.0625"), HasSubstr("tol = 0.125")));
  EXPECT_EQ(convergence.iterations(), 3U);
  EXPECT_EQ(convergence.history(), (std::vector<double>{-80, -70, -68.75, -68.125}));
}

TEST(Converge, ASmallFallEndsLikeASmallRise) {
  const FitOptions options{.tol = 0.125};
  Convergence convergence(options, 0);
  EXPECT_FALSE(stop(convergence, -8));
  EXPECT_FALSE(stop(convergence, -9)) << "a large fall is not convergence";
  EXPECT_TRUE(stop(convergence, -9.0625));
  EXPECT_THAT(convergence.termination().sentence, HasSubstr("-0.0625"));
}

TEST(Converge, TheStartOfAFitThatGoesOnIsComparedWithItsEnd) {
  FitOptions options{.tol = 0.125};
  options.previous_mean_log_likelihood = -8;
  Convergence near(options, 0);
  EXPECT_TRUE(stop(near, -7.9375));
  EXPECT_EQ(near.termination().reason, TerminationReason::converged);
  EXPECT_THAT(near.termination().sentence, HasSubstr("iteration 0: the mean log-likelihood changed by 0.0625"));
  Convergence far(options, 0);
  EXPECT_FALSE(stop(far, -7));
}

TEST(Converge, TolZeroNeverConverges) {
  const FitOptions options{.max_iter = 3, .tol = 0};
  Convergence convergence(options, 0);
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(stop(convergence, -1));
  EXPECT_TRUE(stop(convergence, -1));
  EXPECT_EQ(convergence.termination().reason, TerminationReason::max_iter);
}

TEST(Converge, EndsAtMaxIter) {
  const FitOptions options{.max_iter = 2, .tol = 0.25};
  Convergence convergence(options, 0);
  EXPECT_FALSE(stop(convergence, -3));
  EXPECT_FALSE(stop(convergence, -2));
  EXPECT_TRUE(stop(convergence, -1.5));
  EXPECT_EQ(convergence.termination().reason, TerminationReason::max_iter);
  EXPECT_THAT(convergence.termination().sentence,
              AllOf(HasSubstr("max_iter = 2"), HasSubstr("0.5"), HasSubstr("tol = 0.25")));
}

TEST(Converge, MaxIterZeroOnlyEvaluatesTheStart) {
  const FitOptions options{.max_iter = 0};
  Convergence convergence(options, 0);
  EXPECT_TRUE(stop(convergence, -3));
  EXPECT_EQ(convergence.iterations(), 0U);
  EXPECT_EQ(convergence.termination().reason, TerminationReason::max_iter);
  EXPECT_THAT(convergence.termination().sentence, HasSubstr("max_iter = 0"));
}

TEST(Converge, ConvergingInTheLastIterationCountsAsConverged) {
  const FitOptions options{.max_iter = 1, .tol = 0.5};
  Convergence convergence(options, 0);
  EXPECT_FALSE(stop(convergence, -3));
  EXPECT_TRUE(stop(convergence, -2.75));
  EXPECT_EQ(convergence.termination().reason, TerminationReason::converged);
}

TEST(Converge, TheStepThatRevivedAComponentIsNotCompared) {
  const FitOptions options{.tol = 0.5};
  Convergence convergence(options, 0);
  EXPECT_FALSE(stop(convergence, -3));
  convergence.note_revived(1);
  EXPECT_FALSE(stop(convergence, -3));
  EXPECT_TRUE(stop(convergence, -3)) << "the next step is an ordinary one";
}

TEST(Converge, TheCallbackSeesEachIterationAndMayCancel) {
  std::vector<double> changes;
  FitOptions options{.n_init = 5, .tol = 1};
  options.callback = [&](const Iteration& iteration) {
    EXPECT_EQ(iteration.restart, 4U);
    EXPECT_EQ(iteration.n_init, 5U);
    EXPECT_EQ(iteration.iteration, changes.size());
    EXPECT_EQ(&iteration.model, &kModel);
    EXPECT_EQ(iteration.stats.log_likelihood, 10 * iteration.mean_log_likelihood);
    changes.push_back(iteration.change);
    return iteration.iteration < 2;
  };
  Convergence convergence(options, 4);
  EXPECT_FALSE(stop(convergence, -9));
  EXPECT_FALSE(stop(convergence, -7));
  EXPECT_TRUE(stop(convergence, -6.875)) << "cancelled, and converged as well";
  EXPECT_EQ(changes, (std::vector<double>{std::numeric_limits<double>::infinity(), 2, 0.125}));
  EXPECT_EQ(convergence.termination().reason, TerminationReason::cancelled);
  EXPECT_FALSE(convergence.termination().converged());
  EXPECT_THAT(convergence.termination().sentence, AllOf(HasSubstr("iteration 2"), HasSubstr("-6.875")));
}

TEST(Converge, IsNotClaimedWhileAComponentDies) {
  const Mixture two(families::spherical, {0.999, 0.001}, Matrix(2, 1, {0, 9}), {1, 1});
  const auto with_sizes = [](double of_second) {
    Stats stats(Moments::none, Matrix(2, 1, {0, 9}));
    stats.n = {1000 - of_second, of_second};
    stats.sum_weights = 1000;
    stats.log_likelihood = -3000;
    return stats;
  };
  const FitOptions options{.n_components = 2, .tol = 0.125};
  Convergence convergence(options, 0);
  EXPECT_FALSE(convergence.stop(two, with_sizes(1)));
  EXPECT_FALSE(convergence.stop(two, with_sizes(0.5))) << "half of what its weight tells";
  EXPECT_TRUE(convergence.is_at_rest());
  EXPECT_TRUE(convergence.stop(two, with_sizes(1)));
  EXPECT_EQ(convergence.termination().reason, TerminationReason::converged);
}

TEST(Converge, AtRestWithComponentsThatCoincideHasAReasonOfItsOwn) {
  const Mixture two(families::spherical, {0.5, 0.5}, Matrix(2, 1, {4, 4}), {1, 1});
  Stats stats(Moments::none, two.means());
  stats.n = {5, 5};
  stats.sum_weights = 10;
  stats.log_likelihood = -30;
  const FitOptions options{.n_components = 2, .tol = 0.125};
  Convergence convergence(options, 0);
  EXPECT_FALSE(convergence.stop(two, stats));
  EXPECT_TRUE(convergence.stop(two, stats));
  EXPECT_EQ(convergence.termination().reason, TerminationReason::coincident);
  EXPECT_FALSE(convergence.termination().converged());
  EXPECT_THAT(convergence.termination().sentence, AllOf(HasSubstr("iteration 1"), HasSubstr("components coincide")));
}

TEST(Converge, ALikelihoodThatIsNotFiniteIsAnError) {
  const FitOptions options;
  for (const double bad : {-std::numeric_limits<double>::infinity(), std::nan("")}) {
    Convergence convergence(options, 0);
    EXPECT_FALSE(stop(convergence, -3));
    EXPECT_THAT(test::message_of<fit_error>([&] { stop(convergence, bad); }),
                AllOf(HasSubstr("log-likelihood is"), HasSubstr("reg_covar")));
  }
}

}  // namespace
}  // namespace mogul
