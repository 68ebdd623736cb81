// A covariance family that the library does not know is fitted like its own: multiples of one known matrix R,
// Sigma_k = lambda_k R. In coordinates in which R is the identity, this is the family VII.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "mogul/fit.hpp"
#include "mogul/sample.hpp"
#include "mogul/score.hpp"
#include "reference/generators.hpp"

namespace mogul {
namespace {

// R = [1, 0.6; 0.6, 1] = L L^T, with L = [1, 0; 0.6, 0.8].
constexpr double kCorrelation = 0.6;
constexpr double kRest = 0.8;

// lambda_k = tr(R^-1 B_k) / (a_k D).
std::vector<double> maximise_multiple(const Scatters& scatters, const Covariances* current, InnerLoop&) {
  std::vector<double> values;
  for (std::size_t k = 0; k < scatters.counts.size(); ++k) {
    const auto b = scatters.second.row(k);
    const double trace = (b[0] - 2 * kCorrelation * b[1] + b[2]) / (kRest * kRest);
    const bool has_rows = scatters.counts[k] > 0;
    const double lambda = has_rows ? trace / (2 * scatters.counts[k]) : current->variance(k, 0);
    values.insert(values.end(), {lambda, lambda * kCorrelation, lambda * kCorrelation, lambda});
  }
  return values;
}

const CovarianceFamily kMultiples{
    "multiples of R", "", Layout::matrix, false, [](std::size_t k, std::size_t) { return k; }, maximise_multiple};

// L z, and back.
Matrix coloured(const Matrix& z) {
  Matrix x = z;
  for (std::size_t i = 0; i < x.rows(); ++i) x(i, 1) = kCorrelation * z(i, 0) + kRest * z(i, 1);
  return x;
}

Matrix white_rows() {
  oracle::Dice dice(3);
  const Mixture of_rows(families::vii, {0.3, 0.7}, Matrix(2, 2, {-2, 0, 2, 1}), {0.5, 2});
  return oracle::draw_rows(dice, of_rows, 400);
}

FitOptions options_of(const Mixture& start) {
  FitOptions options;
  options.n_components = 2;
  options.covariance = start.family();
  options.init = start;
  options.reg_covar = 0;
  options.tol = 1e-10;
  options.acceleration = AccelerationMethod::none;
  return options;
}

TEST(ExternalFamily, IsFittedAsItsTwinInOtherCoordinates) {
  const Matrix z = white_rows();
  const Matrix x = coloured(z);
  const Matrix means(2, 2, {-1, 0, 1, 0});
  const FitResult white = fit(z, options_of(Mixture(families::vii, {0.5, 0.5}, means, {1, 1})));
  const FitResult fitted =
      fit(x, options_of(Mixture(kMultiples, {0.5, 0.5}, coloured(means),
                                {1, kCorrelation, kCorrelation, 1, 1, kCorrelation, kCorrelation, 1})));
  const double log_jacobian = 400 * std::log(kRest);
  EXPECT_TRUE(fitted.report.termination.converged());
  EXPECT_EQ(fitted.report.iterations, white.report.iterations);
  EXPECT_NEAR(fitted.report.log_likelihood, white.report.log_likelihood - log_jacobian, 1e-7);
  EXPECT_EQ(fitted.report.n_parameters, white.report.n_parameters);
  for (std::size_t k = 0; k < 2; ++k) {
    EXPECT_NEAR(fitted.mixture.variance(k, 0), white.mixture.variance(k, 0), 1e-8);
    EXPECT_NEAR(fitted.mixture.covariance(k)(0, 1), kCorrelation * fitted.mixture.variance(k, 0), 1e-12);
    EXPECT_NEAR(fitted.mixture.weights()[k], white.mixture.weights()[k], 1e-9);
  }
}

TEST(ExternalFamily, StartsAndIsUsedLikeAnyOther) {
  const Matrix x = coloured(white_rows());
  FitOptions options;
  options.n_components = 2;
  options.covariance = kMultiples;
  const FitResult fitted = fit(x, options);
  EXPECT_EQ(fitted.mixture.family(), kMultiples);
  EXPECT_EQ(fitted.mixture.n_parameters(), 1U + 4U + 2U);
  EXPECT_EQ(log_densities(fitted.mixture, x).size(), 400U);
  EXPECT_EQ(sample(fitted.mixture, 5, 1).x.rows(), 5U);
  EXPECT_NE(brief(fitted.report, fitted.mixture).find("multiples of R"), std::string::npos);
}

}  // namespace
}  // namespace mogul
