#include "search/split.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "mogul/fit.hpp"
#include "mogul/score.hpp"
#include "plain_families.hpp"
#include "reference/generators.hpp"

namespace mogul {
namespace {

using oracle::Problem;

// The mixture with two components in place of one.
Mixture with_halves(const Mixture& m, std::size_t k, const Mixture& halves) {
  const std::size_t n = m.n_components();
  std::vector<double> weights = m.weights();
  weights.push_back(weights[k] * halves.weights()[1]);
  weights[k] *= halves.weights()[0];
  Matrix means(n + 1, m.n_features());
  std::vector<double> covariances;
  for (std::size_t i = 0; i <= n; ++i) {
    const bool is_half = i == k || i == n;
    const Mixture& from = is_half ? halves : m;
    const std::size_t at = i == n ? 1 : i == k ? 0 : i;
    for (std::size_t d = 0; d < m.n_features(); ++d) means(i, d) = from.means()(at, d);
    const std::vector<double> own = from.covariance(at).values();
    covariances.insert(covariances.end(), own.begin(), own.end());
  }
  return {families::full, std::move(weights), std::move(means), std::move(covariances)};
}

TEST(Split, PromisesNoMoreThanTheLikelihoodGains) {
  for (const auto& entry : test::plain_families()) {
    const Problem problem({.n = 400, .d = 2, .k = 4, .structure = entry.family, .separation = 3, .seed = 7});
    FitOptions options;
    options.n_components = 2;  // too few, so that there is something to gain
    options.covariance = entry.family;
    const FitResult fitted = fit(problem.view(), options);
    const auto engine = make_engine(problem.view(), 1);
    const Membership rows = membership(*engine, fitted.mixture);
    double most = 0;
    for (std::size_t k = 0; k < 2; ++k) {
      Effort effort;
      const auto found = split(*engine, fitted.mixture, k, rows.members[k], options, 1, effort);
      ASSERT_TRUE(found.has_value()) << entry.name;
      const double gained =
          log_likelihood(with_halves(fitted.mixture, k, found->halves), problem.view()) - fitted.report.log_likelihood;
      EXPECT_LE(found->gain, gained + 0.5) << entry.name << " " << k << ", but for rows of small responsibility";
      most = std::max(most, found->gain);
      const double share = static_cast<double>(rows.members[k].rows.size()) / 400;
      EXPECT_NEAR(effort.passes.total(), 19 * share / 2, 1e-9) << "nine passes of two components, and one of one";
    }
    EXPECT_GT(most, 10) << entry.name;
  }
}

TEST(Split, NeedsRowsForTwoHalves) {
  const Problem problem({.n = 100, .d = 3, .k = 2, .seed = 8});
  const auto engine = make_engine(problem.view(), 1);
  FitOptions options;
  options.n_components = 2;
  Effort effort;
  Members few{{0, 1, 2, 3, 4, 5, 6}, std::vector<double>(7, 1)};
  EXPECT_FALSE(split(*engine, problem.model(), 0, few, options, 1, effort).has_value()) << "2 (D + 1) = 8";
  EXPECT_EQ(effort.passes.total(), 0);
}

TEST(Split, OfRowsThatAreAllEqualIsNone) {
  Matrix x(40, 2);
  for (std::size_t i = 0; i < 40; ++i) x(i, 0) = i < 20 ? 1 : static_cast<double>(i);
  const auto engine = make_engine(x, 1);
  const Mixture mixture(families::full, {0.5, 0.5}, Matrix(2, 2, {1, 0, 30, 0}), {1, 0, 0, 1, 40, 0, 0, 1});
  FitOptions options;
  options.n_components = 2;
  options.reg_covar = 0;
  Effort effort;
  const Membership rows = membership(*engine, mixture);
  EXPECT_FALSE(split(*engine, mixture, 0, rows.members[0], options, 1, effort).has_value());
}

}  // namespace
}  // namespace mogul
