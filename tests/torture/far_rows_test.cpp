// A few rows far out among many, which deserve a component of their own: a start on a sample must not miss them.
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "mogul/fit.hpp"
#include "reference/generators.hpp"

namespace mogul {
namespace {

// Two groups, and some rows at one place far from both.
Matrix rows_with_far_ones(std::size_t n, std::size_t n_far, double x, double y) {
  oracle::Dice dice(n + n_far);
  Matrix rows(n + n_far, 2);
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    const bool far = i % (n / n_far) == 1000 && i / (n / n_far) < n_far;
    rows(i, 0) = dice.normal() + (far ? x : 8.0 * static_cast<double>(i % 2));
    rows(i, 1) = dice.normal() + (far ? y : 8.0 * static_cast<double>(i % 2));
  }
  return rows;
}

Labels known_labels(const Matrix& rows, double x) {
  Labels labels;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    const bool far = std::abs(rows(i, 0) - x) < 10;
    labels.values.push_back(far ? 2 : static_cast<std::int32_t>(i % 2));
  }
  return labels;
}

class FarRows : public testing::TestWithParam<std::size_t> {};

TEST_P(FarRows, AreFoundFromEverySeed) {
  const std::size_t n_far = GetParam();
  const Matrix x = rows_with_far_ones(150'000, n_far, 1000, -1000);
  for (const CovarianceFamily structure : {families::full, families::diagonal}) {
    FitOptions options{.n_components = 3, .covariance = structure};
    options.reg_covar = 1e-6;
    options.init = known_labels(x, 1000);
    const double best = fit(x, options).report.mean_log_likelihood;
    options.init = InitMethod::kmeans;
    for (options.seed = 0; options.seed < 3; ++options.seed) {
      const FitResult result = fit(x, options);
      EXPECT_LT(result.report.n_seed_rows, x.rows());
      EXPECT_GT(result.report.mean_log_likelihood, best - 1e-4) << "seed " << options.seed;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(OneOrTen, FarRows, testing::Values(1U, 10U));

// The sample's weights are honest: a far row pulls no more than in a fit that starts from all rows.
TEST(FarRows, DoNotCountForMoreThanThemselves) {
  oracle::Dice dice(3);
  Matrix x(150'000, 1);
  for (std::size_t i = 0; i < x.rows(); ++i) x(i, 0) = dice.normal() + 6.0 * static_cast<double>(i % 2);
  x(5, 0) = 40;  // far, but not worth the loss of one of the groups
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const FitResult result = fit(x, {.n_components = 2, .seed = seed});
    EXPECT_NEAR(result.mixture.weights()[0], 0.5, 0.02) << "seed " << seed;
  }
}

}  // namespace
}  // namespace mogul
