// The bootstrapped likelihood-ratio test of mclust's vignette ("A quick tour of mclust", 6.1.3): diabetes with one
// value of insulin corrected, VVV, 999 data sets. The statistics are 369.98537, 121.10652 and 19.90071, with p-values
// of 0.001, 0.001 and 0.283. They are those of mclust's start and of its stop, which leaves 0.1 nats.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "mogul/error.hpp"
#include "mogul/fit.hpp"
#include "mogul/lrt.hpp"
#include "mogul/sample.hpp"
#include "published/mclust_cells.hpp"

namespace {

using mogul::FitResult;

constexpr std::array kStatistics{369.98537, 121.10652, 19.90071};

mogul::Matrix corrected_diabetes() {
  const mogul::Dataset read = mclust::rows_of("diabetes");
  mogul::Matrix x = std::get<mogul::Matrix>(read.values());
  EXPECT_EQ(x(103, 1), 45);
  x(103, 1) = 455;
  return x;
}

// Textbook EM until |change of L| / (1 + |L|) < 1e-5.
FitResult fit_to_the_default_stop(const mogul::Matrix& x, std::size_t n_components, const mogul::Init& init) {
  double previous = std::numeric_limits<double>::infinity();
  mogul::FitOptions options;
  options.n_components = n_components;
  options.init = init;
  options.reg_covar = 0;
  options.tol = 0;
  options.acceleration = mogul::AccelerationMethod::none;
  options.degenerate = mogul::DegeneratePolicy::error;
  options.callback = [&](const mogul::Iteration& iteration) {
    const double current = iteration.stats.log_likelihood;
    const bool stop = std::abs(current - previous) / (1 + std::abs(current)) < 1e-5;
    previous = current;
    return !stop;
  };
  return fit(x, options);
}

double statistic_of(const FitResult& fewer, const FitResult& more) {
  return 2 * (more.report.log_likelihood - fewer.report.log_likelihood);
}

TEST(PublishedLrt, StatisticsAreThoseOfMclustsStartAndStop) {
  const mogul::Matrix x = corrected_diabetes();
  std::vector<FitResult> fits;
  for (const std::size_t k : {1, 2, 3, 4}) {
    fits.push_back(fit_to_the_default_stop(x, k, mogul::InitMethod::hierarchical));
  }
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(statistic_of(fits[i], fits[i + 1]), kStatistics[i], 1e-4);
}

// mclust follows each data set from the fits of the rows alone, and draws another one where a covariance is singular.
TEST(PublishedLrt, TheThirdPValueIsThatOfMclustsBootstrap) {
  constexpr std::size_t kDataSets = 400;
  const mogul::Matrix x = corrected_diabetes();
  const FitResult three = fit_to_the_default_stop(x, 3, mogul::InitMethod::hierarchical);
  const FitResult four = fit_to_the_default_stop(x, 4, mogul::InitMethod::hierarchical);
  std::size_t n_drawn = 0;
  std::size_t n_larger = 0;
  for (std::uint64_t seed = 0; n_drawn < kDataSets; ++seed) {
    const mogul::Matrix drawn = sample(three.mixture, x.rows(), seed).x;
    try {
      const double statistic = statistic_of(fit_to_the_default_stop(drawn, 3, three.mixture),
                                            fit_to_the_default_stop(drawn, 4, four.mixture));
      ++n_drawn;
      n_larger += statistic >= kStatistics[2] ? 1 : 0;
    } catch (const mogul::fit_error&) {
    }
  }
  const double p = (1 + static_cast<double>(n_larger)) / (kDataSets + 1);
  const double error = std::sqrt(0.283 * 0.717 * (1.0 / kDataSets + 1.0 / 999));
  EXPECT_NEAR(p, 0.283, 2.6 * error);
}

// Followed to the maxima, mclust's start leads to statistics that differ by what its stop leaves.
TEST(PublishedLrt, TheSameStartLeadsToTheSameTests) {
  mogul::LrtOptions options;
  options.fit.reg_covar = 0;
  options.n_bootstrap = 199;
  options.init = mogul::InitMethod::hierarchical;
  const mogul::LrtResult result = lrt(corrected_diabetes(), options);
  ASSERT_EQ(result.tests.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(result.tests[i].statistic, kStatistics[i], 0.3);
  EXPECT_LE(result.tests[0].p_value, 0.015);
  EXPECT_LE(result.tests[1].p_value, 0.015);
  EXPECT_GE(result.tests[2].p_value, 0.2);
}

// With better maxima for both models, of the rows as of the data sets, the choice is the same.
TEST(PublishedLrt, HigherMaximaLeadToTheSameChoice) {
  mogul::LrtOptions options;
  options.fit.reg_covar = 0;
  options.n_bootstrap = 199;
  const mogul::LrtResult result = lrt(corrected_diabetes(), options);
  ASSERT_EQ(result.tests.size(), 3U);
  EXPECT_EQ(result.n_components, 3U);
  EXPECT_LE(result.tests[0].p_value, 0.015);
  EXPECT_LE(result.tests[1].p_value, 0.015);
  EXPECT_NEAR(result.tests[2].p_value, 0.24, 0.1);
  constexpr std::array kLogLikelihoods{-2540.6640, -2355.6714, -2295.1181, -2285.1677};
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_GE(result.tests[i].log_likelihood, kLogLikelihoods[i] - 1e-3);
    EXPECT_GE(result.tests[i].log_likelihood_of_next, kLogLikelihoods[i + 1]);
  }
}

}  // namespace
