// Replicates of the rows, and what is done where their fits fail.
#include "uncertainty/replicates.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "is_interruptible.hpp"
#include "message_of.hpp"
#include "mogul/error.hpp"
#include "mogul/fit.hpp"
#include "mogul/standard_errors.hpp"
#include "reference/generators.hpp"
#include "uncertainty/numerical_errors.hpp"

namespace mogul {
namespace {

using oracle::Problem;
using test::message_of;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr auto kInformation = StandardErrorMethod::information;
constexpr auto kBootstrap = StandardErrorMethod::bootstrap;
constexpr auto kWeighted = StandardErrorMethod::weighted_bootstrap;
constexpr auto kJackknife = StandardErrorMethod::jackknife;

double sum_of(const std::vector<double>& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

TEST(ReplicateWeights, OfABootstrapCountDraws) {
  const Matrix x(4, 1, {0, 1, 2, 3});
  const std::vector<double> weights{2, 0, 1, 5};
  const DataView data(x, weights);
  const ReplicateWeights replicates(data, kBootstrap, 4000, 3);
  ASSERT_EQ(replicates.size(), 4000U);
  std::vector<double> mean(4);
  for (std::size_t i = 0; i < replicates.size(); ++i) {
    const std::vector<double> drawn = replicates.weights(i);
    EXPECT_EQ(sum_of(drawn), 8);
    for (std::size_t n = 0; n < 4; ++n) mean[n] += drawn[n] / 4000;
  }
  for (std::size_t n = 0; n < 4; ++n) EXPECT_NEAR(mean[n], weights[n], 0.08);
  EXPECT_EQ(replicates.weights(7), replicates.weights(7));
  EXPECT_NE(replicates.weights(7), replicates.weights(8));
}

// Gamma(w) has the variance w; of a sum of 8, that of the share is w (8 - w) / 8 / 9 of 8^2 / 8.
TEST(ReplicateWeights, OfAWeightedBootstrapAreDirichlet) {
  const Matrix x(4, 1, {0, 1, 2, 3});
  const std::vector<double> weights{2, 0, 0.5, 5.5};
  const ReplicateWeights replicates(DataView(x, weights), kWeighted, 4000, 3);
  std::vector<double> mean(4);
  std::vector<double> square(4);
  for (std::size_t i = 0; i < replicates.size(); ++i) {
    const std::vector<double> drawn = replicates.weights(i);
    EXPECT_NEAR(sum_of(drawn), 8, 1e-12);
    for (std::size_t n = 0; n < 4; ++n) {
      mean[n] += drawn[n] / 4000;
      square[n] += drawn[n] * drawn[n] / 4000;
    }
  }
  for (std::size_t n = 0; n < 4; ++n) {
    const double variance = weights[n] * (8 - weights[n]) / 9;
    EXPECT_NEAR(mean[n], weights[n], 0.08);
    EXPECT_NEAR(square[n] - mean[n] * mean[n], variance, 0.1 * variance);
  }
}

TEST(ReplicateWeights, OfTheJackknifeLeaveOneRowOut) {
  const Matrix x(3, 1, {0, 1, 2});
  const std::vector<double> weights{2, 0, 1};
  const ReplicateWeights replicates(DataView(x, weights), kJackknife, 0, 0);
  ASSERT_EQ(replicates.size(), 2U);
  EXPECT_THAT(replicates.weights(0), ElementsAre(1, 0, 1));
  EXPECT_THAT(replicates.weights(1), ElementsAre(2, 0, 0));
  EXPECT_EQ(replicates.count(0), 2);
}

TEST(ReplicateWeights, RefuseRowWeightsThatAreNoCounts) {
  const Matrix x(2, 1, {0, 1});
  const std::vector<double> parts{1, 0.5};
  const std::vector<double> many{1e9, 1e9};
  EXPECT_THAT(message_of<invalid_data>([&] { ReplicateWeights(DataView(x, parts), kJackknife, 0, 0); }),
              testing::AllOf(HasSubstr("row 1 has weight 0.5"), HasSubstr("whole numbers")));
  EXPECT_THAT(message_of<invalid_data>([&] { ReplicateWeights(DataView(x, many), kBootstrap, 9, 0); }),
              HasSubstr("sum to 2e+09"));
}

TEST(MatchingOrder, PutsComponentsBack) {
  oracle::Dice dice(4);
  const Mixture mixture = oracle::random_mixture(dice, {.d = 3, .k = 4, .separation = 4});
  const std::vector<std::size_t> order{2, 0, 3, 1};
  const Mixture mixed = mixture.permuted(order);
  EXPECT_EQ(mixed.permuted(matching_order(mixture, mixed)), mixture);
}

TEST(MatchingOrder, IsItsOwnWhereComponentsDoNotMatchOneToOne) {
  const Mixture mixture(families::vii, {0.5, 0.5}, Matrix(2, 1, {0, 10}), std::vector<double>{1, 1});
  const Mixture other(families::vii, {0.5, 0.5}, Matrix(2, 1, {0, 1}), std::vector<double>{1, 1});
  EXPECT_THAT(matching_order(mixture, other), ElementsAre(0, 1));
}

Mixture two_groups() { return {families::vii, {0.5, 0.5}, Matrix(2, 1, {0, 10}), std::vector<double>{1, 1}}; }

FitOptions from_two_groups() {
  FitOptions options;
  options.n_components = 2;
  options.covariance = families::vii;
  options.init = two_groups();
  options.reg_covar = 0;
  return options;
}

// Draws with fewer than two values of the second group have no mixture of two.
TEST(StandardErrors, TellOfReplicatesThatFail) {
  const Matrix x(9, 1, {-0.6, -0.2, 0.3, 0.7, 1.1, 0.1, 9.9, 10.2, 10.7});
  const FitOptions options = from_two_groups();
  const Mixture mixture = test::fitted_to_the_end(x, options);
  const StandardErrors errors = standard_errors(mixture, x, {.method = kBootstrap, .n_bootstrap = 199, .fit = options});
  EXPECT_GT(errors.n_failed, 20U);
  EXPECT_LT(errors.n_failed, 99U);
  EXPECT_THAT(summary(errors), HasSubstr(std::to_string(errors.n_failed) + " failed and are left out"));
  check(errors, mixture);
}

TEST(StandardErrors, RefuseWhereHalfOfTheReplicatesFail) {
  const Matrix x(8, 1, {-0.6, -0.2, 0.3, 0.7, 1.1, 0.1, 9.9, 10.2});
  const FitOptions options = from_two_groups();
  const Mixture mixture = test::fitted_to_the_end(x, options);
  EXPECT_THAT(message_of<fit_error>(
                  [&] { standard_errors(mixture, x, {.method = kBootstrap, .n_bootstrap = 99, .fit = options}); }),
              testing::AllOf(HasSubstr("of 99 fits of the bootstrap failed"), HasSubstr("Fit fewer components")));
}

TEST(StandardErrors, CheckTheirOptions) {
  const Matrix x(4, 1, {0, 1, 9, 10});
  const auto message = [&](const StandardErrorOptions& options) {
    return message_of<invalid_argument>([&] { standard_errors(two_groups(), x, options); });
  };
  EXPECT_THAT(message({.level = 1}), HasSubstr("level = 1; must lie between 0 and 1"));
  EXPECT_THAT(message({.method = kBootstrap, .n_bootstrap = 38}), HasSubstr("n_bootstrap = 38; must be 39 or more"));
  const Matrix wide(4, 2);
  EXPECT_THROW(standard_errors(two_groups(), wide, {}), invalid_argument);
  EXPECT_THROW(standard_errors(two_groups(), wide, {.method = kJackknife}), invalid_argument);
  EXPECT_THAT(message_of<invalid_argument>([] { standard_error_method_from("guess"); }),
              HasSubstr("information, bootstrap, weighted_bootstrap, jackknife"));
}

TEST(StandardErrors, CanBeInterrupted) {
  const Problem problem({.n = 3000, .d = 4, .k = 3, .separation = 4, .seed = 1});
  for (const auto method : {kInformation, kBootstrap, kWeighted, kJackknife}) {
    EXPECT_TRUE(test::is_interruptible([&] {
      try {
        standard_errors(problem.truth(), problem.view(), {.method = method});
      } catch (const fit_error&) {  // the mixture is not at a maximum
      }
    })) << to_string(method);
    StandardErrorOptions options{.method = method};
    options.fit.interrupted = [] { return true; };
    if (method == kInformation) continue;  // which is done before the first question
    EXPECT_THROW(standard_errors(problem.truth(), problem.view(), options), interrupted_error);
  }
}

TEST(StandardErrors, TellOfTheirProgress) {
  const Problem problem({.n = 60, .d = 2, .k = 1, .seed = 1});
  std::size_t last = 0;
  StandardErrorOptions options{.method = kBootstrap, .n_bootstrap = 99};
  options.progress = [&](std::size_t n_done, std::size_t n_replicates) {
    EXPECT_EQ(n_done, ++last);
    EXPECT_EQ(n_replicates, 99U);
  };
  standard_errors(problem.truth(), problem.view(), options);
  EXPECT_EQ(last, 99U);
}

// Both bootstraps and the jackknife agree with the information where rows are many and the model is true.
TEST(StandardErrors, OfAllMethodsAgreeOnManyRows) {
  oracle::Dice dice(5);
  const Mixture truth(families::vvi, {0.6, 0.4}, Matrix(2, 2, {0, 0, 4, 3}), std::vector<double>{1, 2, 0.5, 1});
  const Matrix rows = oracle::draw_rows(dice, truth, 1500);
  FitOptions options;
  options.n_components = 2;
  options.covariance = families::vvi;
  options.init = truth;
  options.reg_covar = 0;
  const Mixture mixture = test::fitted_to_the_end(rows, options);
  const StandardErrors expected = standard_errors(mixture, rows, {.fit = options});
  for (const auto method : {kBootstrap, kWeighted, kJackknife}) {
    const StandardErrors errors =
        standard_errors(mixture, rows, {.method = method, .n_bootstrap = 399, .fit = options});
    const auto near = [&](double found, double value) { EXPECT_NEAR(found, value, 0.15 * value) << to_string(method); };
    near(errors.standard_error.weights[0], expected.standard_error.weights[0]);
    for (std::size_t i = 0; i < 4; ++i) {
      near(errors.standard_error.means.values()[i], expected.standard_error.means.values()[i]);
      near(errors.standard_error.covariances[i], expected.standard_error.covariances[i]);
    }
  }
}

}  // namespace
}  // namespace mogul
