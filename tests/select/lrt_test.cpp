// Likelihood-ratio tests: p-values under the truth, counts as repeated rows, and what cannot be tested.
#include "mogul/lrt.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "message_of.hpp"
#include "mogul/error.hpp"
#include "mogul/fit.hpp"
#include "mogul/sample.hpp"
#include "reference/generators.hpp"

namespace mogul {
namespace {

using oracle::Problem;
using test::message_of;
using testing::HasSubstr;

LrtOptions options_for(std::vector<std::size_t> n_components, std::size_t n_bootstrap) {
  LrtOptions options;
  options.n_components = std::move(n_components);
  options.n_bootstrap = n_bootstrap;
  return options;
}

Matrix normal_rows(std::size_t n, std::size_t d, std::uint64_t seed) {
  oracle::Dice dice(seed);
  Matrix x(n, d);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < d; ++j) x(i, j) = dice.normal();
  }
  return x;
}

// As many rows around 0 as around `apart` in the first feature.
Matrix two_clusters(std::size_t n, double apart, std::uint64_t seed) {
  Matrix x = normal_rows(n, 2, seed);
  for (std::size_t i = 0; i < n; i += 2) x(i, 0) += apart;
  return x;
}

// Of 100 p-values the mean is known to 0.03, a share to 0.05 at most.
TEST(Lrt, PValuesAreUniformWhereKIsTrue) {
  constexpr std::size_t kProblems = 100;
  double sum = 0;
  std::size_t n_below_a_fifth = 0;
  std::size_t n_below_a_half = 0;
  for (std::uint64_t seed = 0; seed < kProblems; ++seed) {
    LrtOptions options = options_for({1}, 19);
    options.fit.seed = seed;
    const LikelihoodRatioTest test = lrt(normal_rows(50, 1, seed), options).tests.front();
    const double p = test.reason.empty() ? test.p_value : 1;  // a statistic of 0
    sum += p;
    n_below_a_fifth += p <= 0.2 ? 1 : 0;
    n_below_a_half += p <= 0.5 ? 1 : 0;
  }
  EXPECT_NEAR(sum / kProblems, 0.525, 0.09);
  EXPECT_NEAR(static_cast<double>(n_below_a_fifth), 20, 12);
  EXPECT_NEAR(static_cast<double>(n_below_a_half), 50, 15);
}

TEST(Lrt, StopsAtTheNumberOfClustersThatAreApart) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    const LrtResult result = lrt(two_clusters(120, 8, seed), options_for({1, 2, 3, 4}, 39));
    ASSERT_EQ(result.tests.size(), 2U);
    EXPECT_EQ(result.tests[0].p_value, 1.0 / 40);
    EXPECT_GT(result.tests[1].p_value, 0.05);
    EXPECT_EQ(result.n_components, 2U);
    EXPECT_FALSE(result.is_interrupted);
  }
}

TEST(Lrt, NumbersAreThoseOfTheirDefinitions) {
  const Matrix x = two_clusters(80, 3, 4);
  for (const CovarianceFamily& family : {families::eii, families::vvi, families::eee, families::vvv}) {
    LrtOptions options = options_for({1, 2}, 29);
    options.fit.covariance = family;
    options.level = 0.9;
    const LrtResult result = lrt(x, options);
    for (const LikelihoodRatioTest& test : result.tests) {
      EXPECT_EQ(test.n_drawn(), 29U);
      EXPECT_GE(test.statistic, 0);
      EXPECT_LE(test.n_failed_of_next, static_cast<std::size_t>(std::ranges::count(test.replicates, 0)));
      EXPECT_EQ(test.statistic, std::max(0.0, 2 * (test.log_likelihood_of_next - test.log_likelihood)));
      EXPECT_GE(std::ranges::min(test.replicates), 0);
      const auto n_larger = std::ranges::count_if(test.replicates, [&](double s) { return s >= test.statistic; });
      EXPECT_EQ(test.p_value, (1 + static_cast<double>(n_larger) + static_cast<double>(test.n_failed)) / 30);
      FitOptions fewer;
      fewer.n_components = test.n_components;
      fewer.covariance = family;
      EXPECT_NEAR(test.log_likelihood, fit(x, fewer).report.log_likelihood, 0.05) << family.name;
    }
  }
}

TEST(Lrt, HasTheSameBytesForAnyNumberOfThreads) {
  const Problem problem({.n = 100, .d = 2, .k = 3, .separation = 2, .seed = 5});
  LrtOptions options = options_for({1, 2, 3}, 30);
  const auto with_threads = [&](unsigned n_threads) {
    options.fit.n_threads = n_threads;
    return lrt_json(lrt(problem.view(), options));
  };
  const std::string one = with_threads(1);
  EXPECT_EQ(one, with_threads(3));
  options.fit.seed = 1;
  EXPECT_NE(one, with_threads(1));
}

TEST(Lrt, MoreReplicatesBeginWithTheFewer) {
  const Matrix x = two_clusters(40, 2, 6);
  const std::vector<double> few = lrt(x, options_for({1}, 19)).tests.front().replicates;
  const std::vector<double> many = lrt(x, options_for({1}, 25)).tests.front().replicates;
  ASSERT_GE(many.size(), few.size());
  EXPECT_TRUE(std::equal(few.begin(), few.end(), many.begin()));
}

TEST(Lrt, OneDataSetIsEnoughAtALevelOfOneHalf) {
  LrtOptions options = options_for({1}, 1);
  options.level = 0.5;
  const LrtResult result = lrt(two_clusters(60, 9, 7), options);
  EXPECT_EQ(result.tests.front().p_value, 0.5);
  EXPECT_FALSE(result.n_components.has_value()) << "rejected, and there is no other K";
  EXPECT_THAT(summary(result), HasSubstr("K = 1 is rejected at 0.5: the rows call for 2 components or more"));
}

TEST(Lrt, ARowOfWeightThreeIsThreeRows) {
  const Matrix x = two_clusters(30, 2, 8);
  std::vector<double> weights;
  std::vector<double> values;
  for (std::size_t i = 0; i < 30; ++i) {
    weights.push_back(static_cast<double>(i % 4));
    for (std::size_t copy = 0; copy < i % 4; ++copy) values.insert(values.end(), {x(i, 0), x(i, 1)});
  }
  const std::size_t n = values.size() / 2;
  const LikelihoodRatioTest once = lrt(DataView(x, weights), options_for({1}, 19)).tests.front();
  const LikelihoodRatioTest many = lrt(Matrix(n, 2, std::move(values)), options_for({1}, 19)).tests.front();
  EXPECT_NEAR(once.log_likelihood, many.log_likelihood, 1e-6);
  EXPECT_NEAR(once.log_likelihood_of_next, many.log_likelihood_of_next, 0.02);
  ASSERT_EQ(once.replicates.size(), many.replicates.size());
  for (std::size_t i = 0; i < once.replicates.size(); ++i) EXPECT_NEAR(once.replicates[i], many.replicates[i], 1e-3);
}

TEST(Lrt, SaysWhyThereIsNoTest) {
  const LrtResult few = lrt(normal_rows(2, 1, 9), options_for({2, 3}, 19));
  ASSERT_EQ(few.tests.size(), 1U);
  const std::string reason = few.tests.front().reason;
  EXPECT_THAT(reason, HasSubstr("no fit of 2 components: in every maximum a component holds fewer rows than"));
  EXPECT_FALSE(few.n_components.has_value());
  EXPECT_THAT(summary(few), HasSubstr("K = 2 cannot be tested\nno test         no fit of 2 components"));
  Matrix three_values(60, 1);
  for (std::size_t i = 0; i < 60; ++i) three_values(i, 0) = static_cast<double>(i % 3);
  LrtOptions options = options_for({3}, 19);
  options.fit.covariance = families::eii;
  options.fit.reg_covar = 0.01;
  EXPECT_EQ(lrt(three_values, options).tests.front().reason,
            "no fit of 4 components: more components than different rows, 3");
  EXPECT_EQ(lrt(normal_rows(3, 1, 9), options_for({5}, 19)).tests.front().reason,
            "no fit of 5 components: more components than different rows, 3");
  const auto json = nlohmann::json::parse(lrt_json(few));
  EXPECT_TRUE(json["tests"][0]["statistic"].is_null());
  EXPECT_TRUE(json["tests"][0]["p_value"].is_null());
  EXPECT_EQ(json["tests"][0]["reason"], reason);
  EXPECT_TRUE(json["n_components"].is_null());
}

// Of few rows of one feature, as sometimes in every maximum a component holds a row or two.
TEST(Lrt, CountsTheDataSetsWithoutAFit) {
  const LrtResult result = lrt(normal_rows(40, 1, 1), options_for({3}, 199));
  const LikelihoodRatioTest& test = result.tests.front();
  ASSERT_EQ(test.reason, "");
  EXPECT_GT(test.n_failed, 0U);
  EXPECT_GT(test.n_failed_of_next, 0U);
  EXPECT_EQ(test.replicates.size() + test.n_failed, 199U);
  EXPECT_LE(test.n_failed_of_next, static_cast<std::size_t>(std::ranges::count(test.replicates, 0)));
  const auto n_larger = std::ranges::count_if(test.replicates, [&](double s) { return s >= test.statistic; });
  EXPECT_EQ(test.p_value, (1 + static_cast<double>(n_larger) + static_cast<double>(test.n_failed)) / 200);
  EXPECT_THAT(summary(result),
              HasSubstr("of 199 data sets of K = 3, which count as if their statistics were as large"));
  EXPECT_THAT(summary(result), HasSubstr("of 199 data sets of K = 3, whose statistics are 0"));
}

TEST(Lrt, KeepsWhatIsDoneWhereItIsInterrupted) {
  std::size_t n_told = 0;
  LrtOptions options = options_for({1, 2}, 200000);
  options.fit.n_threads = 1;
  options.progress = [&](std::size_t n_components, std::size_t n_done, std::size_t n_bootstrap) {
    EXPECT_EQ(n_components, 1U);
    EXPECT_EQ(n_done, ++n_told);
    EXPECT_EQ(n_bootstrap, 200000U);
  };
  options.fit.interrupted = [&] { return n_told >= 20; };
  const LrtResult result = lrt(two_clusters(50, 1, 11), options);
  EXPECT_TRUE(result.is_interrupted);
  EXPECT_FALSE(result.n_components.has_value());
  ASSERT_EQ(result.tests.size(), 1U);
  const LikelihoodRatioTest& test = result.tests.front();
  EXPECT_GE(test.n_drawn(), 20U);
  EXPECT_LT(test.n_drawn(), 200000U);
  const auto n_larger = std::ranges::count_if(test.replicates, [&](double s) { return s >= test.statistic; });
  EXPECT_EQ(test.p_value, (1 + static_cast<double>(n_larger) + static_cast<double>(test.n_failed)) /
                              (static_cast<double>(test.n_drawn()) + 1));
  EXPECT_THAT(summary(result), HasSubstr("interrupted in the test of K = 1, after"));
}

TEST(Lrt, TakesABoundOnEigenvalues) {
  LrtOptions options = options_for({1, 2}, 19);
  options.fit.max_eigenvalue_ratio = 4;
  options.fit.reg_covar = 0;
  const LrtResult result = lrt(two_clusters(100, 7, 12), options);
  EXPECT_EQ(result.n_components, 2U);
}

TEST(Lrt, RefusesOptionsThatBreakARule) {
  const Matrix x = two_clusters(30, 2, 13);
  const auto refusal = [&](const auto& change) {
    LrtOptions options;
    options.n_bootstrap = 19;
    change(options);
    return message_of<invalid_argument>([&] { lrt(x, options); });
  };
  EXPECT_THAT(refusal([](LrtOptions& o) { o.n_components = {}; }), HasSubstr("n_components: no value"));
  EXPECT_THAT(refusal([](LrtOptions& o) { o.n_components = {0}; }), HasSubstr("n_components = 0"));
  EXPECT_THAT(refusal([](LrtOptions& o) { o.n_components = {1, 3}; }), HasSubstr("3 after 1; must be a range"));
  EXPECT_THAT(refusal([](LrtOptions& o) { o.n_bootstrap = 18; }), HasSubstr("must be 19 or more at level = 0.05"));
  EXPECT_THAT(refusal([](LrtOptions& o) { o.n_bootstrap = 0; }), HasSubstr("n_bootstrap = 0"));
  EXPECT_THAT(refusal([](LrtOptions& o) { o.level = 1; }), HasSubstr("level = 1; must be more than 0"));
  EXPECT_THAT(refusal([](LrtOptions& o) { o.level = std::nan(""); }), HasSubstr("level = nan"));
  EXPECT_THAT(refusal([](LrtOptions& o) { o.fit.prior = Prior(); }), HasSubstr("prior does not go with"));
  EXPECT_THAT(refusal([](LrtOptions& o) { o.fit.weight_concentration = 2; }), HasSubstr("weight_concentration does"));
  EXPECT_THAT(refusal([](LrtOptions& o) { o.fit.hold.equal_weights = true; }), HasSubstr("hold.equal_weights does"));
  EXPECT_THAT(refusal([](LrtOptions& o) { o.fit.reg_covar = -1; }), HasSubstr("reg_covar"));
}

TEST(Lrt, RefusesWeightsThatAreNoCounts) {
  const Matrix x = two_clusters(30, 2, 14);
  std::vector<double> weights(30, 1);
  weights[4] = 0.5;
  EXPECT_THAT(message_of<invalid_argument>([&] { lrt(DataView(x, weights), options_for({1}, 19)); }),
              HasSubstr("weights: row 5 weighs 0.5; must be whole numbers"));
  weights[4] = 1e90;
  EXPECT_THROW(lrt(DataView(x, weights), options_for({1}, 19)), std::bad_alloc);
}

}  // namespace
}  // namespace mogul
