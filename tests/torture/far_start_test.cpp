// A start that is nowhere near the data: the first step moves the means by many standard deviations.
#include <gtest/gtest.h>

#include "mogul/fit.hpp"
#include "mogul/sample.hpp"
#include "mogul/stats.hpp"
#include "plain_families.hpp"

namespace mogul {
namespace {

Mixture truth() { return {families::full, {1}, Matrix(1, 2, {6, 3}), {1, 0.3, 0.3, 2}}; }

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
    for (const auto& [structure, name] : test::plain_families()) {
      const Mixture origin(families::tied_spherical, {1}, Matrix(1, 2), {1});
      const FitResult far = fit(x, {.covariance = structure, .init = origin, .max_iter = 1, .reg_covar = 0});
      const FitResult direct = fit(x, {.covariance = structure, .reg_covar = 0});
      EXPECT_EQ(far.report.n_revived, 0U);
      // Both take moments about a mean that is right to rounding: a few eps of 5000 rows' sum.
      EXPECT_NEAR(far.report.log_likelihood / direct.report.log_likelihood, 1, 1e-13) << name << " at " << offset;
      if (structure != families::full) continue;
      // The rows themselves are rounded to offset * eps.
      EXPECT_NEAR(far.mixture.covariance(0)(0, 1), near.mixture.covariance(0)(0, 1), 4e-16 * offset + 1e-12);
    }
  }
}

TEST(FarStart, AMStepFromGivenResponsibilitiesTakesMomentsAboutTheNewMeans) {
  const Matrix x = rows_at(1e8);
  const Mixture origin(families::full, {1}, Matrix(1, 2), {1, 0, 0, 1});
  const Matrix ones(x.rows(), 1, std::vector<double>(x.rows(), 1.0));
  const Mixture stepped = maximise(origin, x, ones.view(), {});
  const Mixture fitted = fit(x, {.reg_covar = 0}).mixture;
  for (std::size_t i = 0; i < 4; ++i)
    EXPECT_NEAR(stepped.covariances().values()[i], fitted.covariances().values()[i], 1e-12);
}

// With the weight held at zero, or the mean held where no row is, a component has nothing to be estimated from.
TEST(FarStart, AComponentThatIsHeldAwayFromTheDataStaysAsItIs) {
  const Matrix x = rows_at(0);
  for (const auto& [structure, name] : test::plain_families()) {
    std::vector<double> covariances(covariance_size(structure, 2, 2), 1.0);
    if (structure.moments() >= Moments::pooled) {
      for (std::size_t i = 0; i < covariances.size(); ++i) covariances[i] = i % 4 == 0 || i % 4 == 3 ? 1 : 0;
    }
    const Mixture start(structure, {0.5, 0.5}, Matrix(2, 2, {6, 3, 1e6, 1e6}), covariances);
    FitOptions options{.n_components = 2, .covariance = structure, .init = start};
    options.hold.means = true;
    const FitResult result = fit(x, options);
    EXPECT_EQ(result.report.n_revived, 0U) << name;
    EXPECT_EQ(result.mixture.weights(), (std::vector<double>{1, 0})) << name;
    if (!structure.shared) {
      EXPECT_EQ(result.mixture.variance(1, 0), 1) << name;
    }

    const Mixture absent(structure, {1, 0}, Matrix(2, 2, {0, 0, 1e6, 1e6}), covariances);
    FitOptions held{.n_components = 2, .covariance = structure, .init = absent};
    held.hold.weights = true;
    const FitResult kept = fit(x, held);
    EXPECT_EQ(kept.report.n_revived, 0U) << name;
    EXPECT_EQ(kept.mixture.means()(1, 0), 1e6) << name;
  }
}

}  // namespace
}  // namespace mogul
