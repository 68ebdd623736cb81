// Hard numbers: rows far in the tails, data far from the origin, tiny and huge units, extreme weights, float.
#include <algorithm>
#include <cfloat>
#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "mogul/error.hpp"
#include "mogul/fit.hpp"
#include "mogul/sample.hpp"
#include "mogul/score.hpp"
#include "reference/border.hpp"
#include "reference/generators.hpp"
#include "torture/messages.hpp"

namespace {

using mogul::CovarianceFamily;
using mogul::DataView;
using mogul::FitOptions;
using mogul::FitResult;
using mogul::Matrix;
using mogul::Mixture;
using torture::expect_message;

class HardNumbers : public testing::TestWithParam<CovarianceFamily> {
 protected:
  // Two overlapping components of unit variance in three dimensions, 2000 rows on a grid of 2^-10, so that a shift by
  // an integer is exact as far as 2^53 / 2^10 and scaling rounds only once.
  static Matrix unit_rows() {
    oracle::Dice dice(42);
    Matrix x(2000, 3);
    for (std::size_t n = 0; n < x.rows(); ++n) {
      const double centre = n % 2 == 0 ? -2 : 2;
      for (double& value : x.row(n)) value = std::round(1024 * (centre + dice.normal())) / 1024;
    }
    return x;
  }

  FitOptions options() const {
    FitOptions out;
    out.n_components = 2;
    out.covariance = GetParam();
    return out;
  }
};

INSTANTIATE_TEST_SUITE_P(Structures, HardNumbers,
                         testing::Values(mogul::families::full, mogul::families::tied, mogul::families::diagonal,
                                         mogul::families::tied_diagonal, mogul::families::spherical,
                                         mogul::families::tied_spherical),
                         [](const auto& parameter) { return std::string(to_string(parameter.param)); });

bool all_finite(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); });
}

// Means of values at the limit may exceed it by rounding.
TEST(Limits, ValuesAtTheLargestMagnitudeAreFitted) {
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    oracle::Dice dice(seed);
    Matrix x(50 + 7 * seed, 2);
    for (std::size_t i = 0; i < x.rows(); ++i) {
      x(i, 0) = dice.index(2) == 0 ? 1e100 : -1e100;
      x(i, 1) = dice.index(3) == 0 ? 1e90 : dice.index(2) == 0 ? 1e100 : -1e100;
    }
    for (const auto structure : {mogul::families::full, mogul::families::diagonal}) {
      for (const std::size_t k : {2, 3, 4, 6}) {
        FitOptions options;
        options.n_components = k;
        options.covariance = structure;
        EXPECT_TRUE(std::isfinite(fit(x, options).report.log_likelihood)) << seed << ", K = " << k;
      }
    }
  }
}

TEST(Tails, RowsAMillionStandardDeviationsAwayHaveFiniteDensities) {
  const Mixture model(mogul::families::full, {0.5, 0.5}, Matrix(2, 1, {-1, 1}), {1, 4});
  const Matrix x(4, 1, {1e6, -1e6, 0, 3e6});
  const std::vector<double> density = log_densities(model, x);
  const oracle::Row expected = oracle::log_densities(oracle::from(model), oracle::from(DataView(x)));
  // The squared distance, 1e12, is rounded to a few eps of its size.
  for (std::size_t n = 0; n < 4; ++n) EXPECT_NEAR(density[n] / static_cast<double>(expected[n]), 1, 8 * DBL_EPSILON);
  const Matrix r = responsibilities(model, x);
  for (std::size_t n = 0; n < 4; ++n) EXPECT_DOUBLE_EQ(r(n, 0) + r(n, 1), 1);
  EXPECT_EQ(r(0, 1), 1) << "the broad component takes the tail";
  EXPECT_EQ(labels(model, x), (std::vector<std::int32_t>{1, 1, 0, 1}));
  EXPECT_TRUE(std::isfinite(log_likelihood(model, x)));
  EXPECT_EQ(entropy(model, Matrix(1, 1, {1e6})), 0);
}

TEST(Tails, TheLargestValueAllowedStillHasAFiniteDensity) {
  const Mixture model(mogul::families::diagonal, {0.5, 0.5}, Matrix(2, 2, {-1, 0, 1, 0}), {1, 1, 1, 1e-300});
  const Matrix x(2, 2, {1e100, -1e100, 0, 1e100});
  EXPECT_TRUE(all_finite(log_densities(model, x)));
  EXPECT_TRUE(all_finite(responsibilities(model, x).values()));
  const Matrix distances = squared_mahalanobis(model, x);
  for (const double distance : distances.values()) EXPECT_LE(distance, 1e300);
  EXPECT_EQ(squared_mahalanobis(model, x)(1, 1), 1e300) << "capped, as documented";
}

TEST(Tails, OneFarRowDoesNotSpoilAFit) {
  Matrix x(201, 1);
  for (std::size_t n = 0; n < 200; ++n) x(n, 0) = (n % 2 == 0 ? -5 : 5) + 0.01 * static_cast<double>(n);
  x(200, 0) = 1e6;
  FitOptions options;
  options.n_components = 3;
  // Any share of the column's variance, which is the far row's doing, would be more than that of the others.
  EXPECT_FALSE(fit(x, options).report.warnings.empty());
  options.reg_covar = 1e-6;
  const FitResult result = fit(x, options);
  EXPECT_TRUE(std::isfinite(result.report.log_likelihood));
  std::vector<double> means(result.mixture.means().values());
  std::sort(means.begin(), means.end());
  EXPECT_NEAR(means[0], -4, 0.1);
  EXPECT_NEAR(means[1], 6, 0.1);
  EXPECT_NEAR(means[2], 1e6, 1e-6);
}

// Shifting rows on the grid is exact, so what differs is the fit's own doing. From the same start in the same seed.
TEST_P(HardNumbers, ShiftedDataGiveTheUnshiftedAnswer) {
  const Matrix x = unit_rows();
  const FitResult plain = fit(x, options());
  for (const double shift : {1e3, 1e6, 1e8}) {
    Matrix moved = x;
    for (std::size_t n = 0; n < moved.rows(); ++n) {
      for (double& value : moved.row(n)) value += shift;
    }
    const FitResult result = fit(moved, options());
    EXPECT_TRUE(result.report.termination.converged());
    EXPECT_NEAR(result.report.log_likelihood / plain.report.log_likelihood, 1, 1e-6) << "shift " << shift;
    for (std::size_t k = 0; k < 2; ++k) {
      for (std::size_t d = 0; d < 3; ++d) {
        EXPECT_NEAR(result.mixture.variance(k, d) / plain.mixture.variance(k, d), 1, 1e-3) << "shift " << shift;
        EXPECT_NEAR(result.mixture.means()(k, d) - shift, plain.mixture.means()(k, d), 1e-3) << "shift " << shift;
      }
    }
  }
}

TEST_P(HardNumbers, UnitVarianceAtOneHundredMillionDoesNotCollapseWithoutRegularisation) {
  Matrix moved = unit_rows();
  for (std::size_t n = 0; n < moved.rows(); ++n) {
    for (double& value : moved.row(n)) value += 1e8;
  }
  FitOptions exact = options();
  exact.reg_covar = 0;
  const FitResult result = fit(moved, exact);
  EXPECT_EQ(result.report.n_revived, 0u);
  for (std::size_t k = 0; k < 2; ++k) {
    for (std::size_t d = 0; d < 3; ++d) EXPECT_NEAR(result.mixture.variance(k, d), 1, 0.15);
  }
}

TEST_P(HardNumbers, ScaledDataGiveTheScaledAnswer) {
  const Matrix x = unit_rows();
  const FitResult plain = fit(x, options());
  for (const double scale : {1e-8, 1e8}) {
    Matrix scaled = x;
    for (std::size_t n = 0; n < scaled.rows(); ++n) {
      for (double& value : scaled.row(n)) value *= scale;
    }
    const FitResult result = fit(scaled, options());
    EXPECT_EQ(result.report.iterations, plain.report.iterations);
    // Each of the three features costs log(scale) per row; the rest is rounding: 2000 additions of eps, and EM's
    // growth.
    const double expected = plain.report.log_likelihood - 2000 * 3 * std::log(scale);
    EXPECT_NEAR(result.report.log_likelihood / expected, 1, 1e-10);
    for (std::size_t k = 0; k < 2; ++k) {
      for (std::size_t d = 0; d < 3; ++d) {
        EXPECT_NEAR(result.mixture.means()(k, d) / scale, plain.mixture.means()(k, d), 1e-8);
        EXPECT_NEAR(result.mixture.variance(k, d) / scale / scale, plain.mixture.variance(k, d), 1e-8);
      }
    }
  }
}

TEST_P(HardNumbers, TinyVariancesWithoutRegularisationAreNoProblem) {
  Matrix x = unit_rows();
  for (std::size_t n = 0; n < x.rows(); ++n) {
    for (double& value : x.row(n)) value *= 1e-100;
  }
  FitOptions exact = options();
  exact.reg_covar = 0;
  const FitResult result = fit(x, exact);
  EXPECT_EQ(result.report.n_revived, 0u);
  for (std::size_t k = 0; k < 2; ++k) EXPECT_NEAR(result.mixture.variance(k, 0) * 1e200, 1, 0.15);
}

TEST_P(HardNumbers, HugeValuesAreNoProblem) {
  Matrix x = unit_rows();
  for (std::size_t n = 0; n < x.rows(); ++n) {
    for (double& value : x.row(n)) value *= 1e90;
  }
  const FitResult result = fit(x, options());
  EXPECT_TRUE(std::isfinite(result.report.log_likelihood));
  for (std::size_t k = 0; k < 2; ++k) EXPECT_NEAR(result.mixture.variance(k, 0) / 1e180, 1, 0.15);
}

TEST(Values, BeyondTheLargestAreRefusedByNameAndRule) {
  const std::vector<std::string> names = {"a", "b"};
  const Matrix x(2, 2, {0, 1, 2, 1.1e100});
  expect_message<mogul::invalid_data>([&] { fit(DataView(x).with_names(names), {}); },
                                      {"row 2", "b", "1.1e+100", "1e100"});
}

// float rows are the double rows of the same values, to the last bit.
TEST_P(HardNumbers, FloatRowsAreTheSameAsDoublesOfTheSameValues) {
  const Matrix x = unit_rows();
  mogul::FloatMatrix narrow(x.rows(), x.cols());
  Matrix same(x.rows(), x.cols());
  for (std::size_t n = 0; n < x.rows(); ++n) {
    for (std::size_t d = 0; d < x.cols(); ++d) {
      narrow(n, d) = static_cast<float>(x(n, d) * 1.1);
      same(n, d) = narrow(n, d);
    }
  }
  const FitResult from_float = fit(narrow, options());
  const FitResult from_double = fit(same, options());
  EXPECT_TRUE(from_float.mixture == from_double.mixture);
  EXPECT_EQ(from_float.report.history, from_double.report.history);
  EXPECT_EQ(log_densities(from_float.mixture, narrow), log_densities(from_float.mixture, same));
}

TEST(Weights, OfVeryDifferentSizesAreNoProblem) {
  const Matrix x(6, 1, {0, 1, 2, 100, 50, -50});
  const std::vector<double> weights = {1, 1, 1, 1e-300, 1e-160, 5e-324};
  FitOptions options;
  options.reg_covar = 0;
  const FitResult result = fit(DataView(x, weights), options);
  EXPECT_DOUBLE_EQ(result.mixture.means()(0, 0), 1);
  EXPECT_DOUBLE_EQ(result.mixture.variance(0, 0), 2.0 / 3);
}

TEST(Weights, AsLargeAsAllowedGiveTheSameFit) {
  const Matrix x(4, 1, {0, 1, 10, 11});
  const std::vector<double> large(4, 1e99);
  FitOptions options;
  options.n_components = 2;
  const FitResult plain = fit(x, options);
  const FitResult heavy = fit(DataView(x, large), options);
  EXPECT_NEAR(heavy.report.mean_log_likelihood, plain.report.mean_log_likelihood, 1e-12);
  for (std::size_t k = 0; k < 2; ++k) EXPECT_NEAR(heavy.mixture.means()(k, 0), plain.mixture.means()(k, 0), 1e-12);
}

TEST(Weights, BeyondTheLargestOrTooSmallInAllAreRefused) {
  const Matrix x(2, 1, {0, 1});
  const std::vector<double> huge = {1, 1e300}, tiny = {1e-300, 1e-300};
  expect_message<mogul::invalid_data>([&] { fit(DataView(x, huge), {}); }, {"row 2", "weight", "1e+300", "1e100"});
  expect_message<mogul::invalid_data>([&] { fit(DataView(x, tiny), {}); }, {"weights", "1e-100", "rescale"});
}

// The largest weights on the largest values, about which 1e150 as the limit of both would overflow.
TEST(Weights, AsLargeAsAllowedOnValuesAsLargeAsAllowed) {
  const Matrix x(4, 1, {-1e100, -0.9e100, 0.9e100, 1e100});
  const std::vector<double> large(4, 1e99);
  FitOptions options;
  options.n_components = 2;
  const FitResult result = fit(DataView(x, large), options);
  EXPECT_NEAR(std::abs(result.mixture.means()(0, 0) / 1e100), 0.95, 1e-12);
  EXPECT_TRUE(std::isfinite(result.report.bic));
}

}  // namespace
