// A start that is nowhere near the data: the first step moves the means by many standard deviations.
#include <gtest/gtest.h>

#include "mogul/fit.hpp"
#include "mogul/sample.hpp"

namespace mogul {
namespace {

Mixture truth() { return {CovarianceStructure::full, {1}, Matrix(1, 2, {6, 3}), {1, 0.3, 0.3, 2}}; }

Matrix rows_at(double offset) {
  Matrix x = sample(truth(), 5000, 1).x;
  for (std::size_t i = 0; i < x.rows(); ++i) {
    for (double& value : x.row(i)) value += offset;
  }
  return x;
}

// About where it starts, the second moment of the first step is 1e16 to 1e20 times the variance.
TEST(FarStart, OneStepFromTheOriginFindsTheCovarianceOfDataFarAway) {
  const FitResult near = fit(rows_at(0), {.reg_covar = 0});
  for (const double offset : {1e4, 1e8, 1e10}) {
    const Matrix x = rows_at(offset);
    for (const auto& [structure, name] : covariance_structures()) {
      const Mixture origin(CovarianceStructure::tied_spherical, {1}, Matrix(1, 2), {1});
      const FitResult far = fit(x, {.covariance = structure, .init = origin, .max_iter = 1, .reg_covar = 0});
      const FitResult direct = fit(x, {.covariance = structure, .reg_covar = 0});
      EXPECT_EQ(far.report.n_revived, 0U);
      // Both take moments about a mean that is right to rounding: a few eps of 5000 rows' sum.
      EXPECT_NEAR(far.report.log_likelihood / direct.report.log_likelihood, 1, 1e-13) << name << " at " << offset;
      if (structure != CovarianceStructure::full) continue;
      // The rows themselves are rounded to offset * eps.
      EXPECT_NEAR(far.mixture.covariance(0)(0, 1), near.mixture.covariance(0)(0, 1), 4e-16 * offset + 1e-12);
    }
  }
}

}  // namespace
}  // namespace mogul
