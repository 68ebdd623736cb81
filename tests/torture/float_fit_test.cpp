// Fits of float rows end where those of the same numbers as double end: a change of the log-likelihood that rounding in
// float lanes hides is not convergence. Outliers make it large, as one row's term may be most of the sum.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "mogul/mogul.hpp"
#include "plain_families.hpp"
#include "reference/generators.hpp"

namespace mogul {
namespace {

constexpr std::size_t kRows = 90'000;  // x 4 features x 3 components: over the work from which float lanes pay
constexpr std::size_t kFeatures = 4;

struct Case {
  double outlier = 0;  // in standard deviations of a cluster; 0: none
  double offset = 0;   // likewise
  double scale = 1;
  std::size_t n_outliers = 1;
};

std::ostream& operator<<(std::ostream& out, const Case& c) {
  return out << c.n_outliers << " outliers at " << c.outlier << ", offset " << c.offset << ", scale " << c.scale;
}

// The same numbers as float and as double: three clusters, 3 apart in every feature.
struct Tables {
  explicit Tables(const Case& c) : narrow(kRows, kFeatures), wide(kRows, kFeatures) {
    oracle::Dice dice(11);
    for (std::size_t i = 0; i < kRows; ++i) {
      for (std::size_t d = 0; d < kFeatures; ++d) {
        double value = dice.normal() + 3.0 * static_cast<double>(i % 3) + c.offset;
        if (d == 0 && i % (kRows / c.n_outliers) == 17) value += c.outlier;
        narrow(i, d) = static_cast<float>(c.scale * value);
        wide(i, d) = narrow(i, d);
      }
    }
  }
  FloatMatrix narrow;
  Matrix wide;
};

FitOptions options(CovarianceFamily structure, double scale) {
  FitOptions options;
  options.n_components = 3;
  options.covariance = structure;
  options.init = InitMethod::random_from_data;
  options.reg_covar = 1e-6 * scale * scale;
  options.max_iter = 300;
  options.tol = 1e-6;
  options.acceleration = AccelerationMethod::none;
  options.n_threads = 2;
  return options;
}

void expect_the_ends_of_double(const Case& c, CovarianceFamily structure) {
  SCOPED_TRACE(testing::Message() << c << ", " << to_string(structure));
  const Tables rows(c);
  const FitOptions asked = options(structure, c.scale);
  const FitReport narrow = fit(rows.narrow, asked).report;
  const FitReport wide = fit(rows.wide, asked).report;
  ASSERT_NE(narrow.history[1], wide.history[1]) << "float lanes were not used";
  EXPECT_EQ(narrow.termination.reason, wide.termination.reason) << narrow.termination.message;
  // What both may lack of the optimum: a hundred steps of less than tol.
  EXPECT_NEAR(narrow.mean_log_likelihood, wide.mean_log_likelihood, 100 * *asked.tol);
  if (!narrow.termination.converged()) return;
  const std::size_t last = narrow.history.size() - 1;
  EXPECT_LT(std::abs(narrow.history[last] - narrow.history[last - 1]) / narrow.sum_weights, asked.tol);
  EXPECT_EQ(narrow.history[last], narrow.log_likelihood);
}

TEST(FloatFit, OrdinaryRowsTakeAsManyIterationsAsInDouble) {
  for (const auto& [structure, name] : test::plain_families()) {
    SCOPED_TRACE(name);
    const Tables rows({});
    const FitReport narrow = fit(rows.narrow, options(structure, 1)).report;
    const FitReport wide = fit(rows.wide, options(structure, 1)).report;
    EXPECT_NEAR(static_cast<double>(narrow.iterations), static_cast<double>(wide.iterations), 1);
    EXPECT_NEAR(narrow.mean_log_likelihood, wide.mean_log_likelihood, 1e-6);
  }
}

TEST(FloatFit, OneFarRowDoesNotHideTheChange) {
  for (const double outlier : {1e2, 1e3, 1e4, 1e5, 1e6}) {
    expect_the_ends_of_double({.outlier = outlier}, families::full);
    expect_the_ends_of_double({.outlier = outlier}, families::diagonal);
  }
}

TEST(FloatFit, OutliersOffsetsAndScalesOfEveryStructure) {
  for (const auto& [structure, name] : test::plain_families()) {
    expect_the_ends_of_double({.outlier = 1e5, .scale = 1e-4, .n_outliers = 9}, structure);
    expect_the_ends_of_double({.outlier = 3e4, .offset = 1e3, .scale = 1e3, .n_outliers = 3}, structure);
  }
}

}  // namespace
}  // namespace mogul
