// Projections are exact marginals, whatever the structure.
#include "report/figure/projection.hpp"

#include <cmath>
#include <numeric>
#include <vector>

#include "message_of.hpp"
#include "mogul/error.hpp"
#include "mogul/sample.hpp"
#include "mogul/score.hpp"
#include "report/mixtures.hpp"

namespace mogul {
namespace {

using test::message_of;

Projection axes_of_all(const Mixture& mixture) {
  std::vector<std::size_t> all(mixture.n_features());
  std::iota(all.begin(), all.end(), std::size_t{0});
  return principal_axes(mixture, all);
}

TEST(PrincipalAxes, OfSomeFeaturesAreThoseOfTheirMarginal) {
  const Mixture mixture = test::of_structure(families::full, 3, 5);
  const std::vector<std::size_t> some{4, 1, 2};
  const Projection axes = principal_axes(mixture, some);
  const Projection of_marginal = axes_of_all(mixture.marginal(some));
  for (std::size_t a = 0; a < 2; ++a) {
    ASSERT_EQ(axes[a].direction.size(), 5u);
    EXPECT_EQ(axes[a].direction[0], 0);
    EXPECT_EQ(axes[a].direction[3], 0);
    for (std::size_t j = 0; j < 3; ++j) EXPECT_NEAR(axes[a].direction[some[j]], of_marginal[a].direction[j], 1e-12);
    EXPECT_NEAR(axes[a].offset, of_marginal[a].offset, 1e-12);
    EXPECT_EQ(axes[a].name, of_marginal[a].name);
  }
}

TEST(PrincipalAxes, OfAnyStructureHaveTheCovarianceOfTheProjection) {
  for (const CovarianceFamily structure : test::all_structures()) {
    const Mixture mixture = test::of_structure(structure, 3, 4);
    const Projection axes = axes_of_all(mixture);
    ASSERT_EQ(axes.size(), 2u);
    const Mixture flat = projected(mixture, axes);
    for (std::size_t k = 0; k < 3; ++k) {
      const Matrix covariance = mixture.covariance(k);
      for (std::size_t a = 0; a < 2; ++a) {
        double mean = -axes[a].offset;
        for (std::size_t i = 0; i < 4; ++i) mean += axes[a].direction[i] * mixture.means()(k, i);
        EXPECT_NEAR(flat.means()(k, a), mean, 1e-12);
        for (std::size_t b = 0; b < 2; ++b) {
          long double sum = 0;  // a^T S b
          for (std::size_t i = 0; i < 4; ++i) {
            for (std::size_t j = 0; j < 4; ++j) {
              sum += static_cast<long double>(axes[a].direction[i]) * covariance(i, j) * axes[b].direction[j];
            }
          }
          EXPECT_NEAR(flat.covariance(k)(a, b), static_cast<double>(sum), 1e-12) << to_string(structure);
        }
      }
    }
    EXPECT_EQ(flat.weights(), mixture.weights());
  }
}

TEST(PrincipalAxes, AreOrthonormalAndTheFirstHasTheLargestVariance) {
  const Mixture mixture = test::of_structure(families::full, 3, 5);
  const Projection axes = axes_of_all(mixture);
  const auto dot = [](const std::vector<double>& a, const std::vector<double>& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
    return sum;
  };
  EXPECT_NEAR(dot(axes[0].direction, axes[0].direction), 1, 1e-12);
  EXPECT_NEAR(dot(axes[1].direction, axes[1].direction), 1, 1e-12);
  EXPECT_NEAR(dot(axes[0].direction, axes[1].direction), 0, 1e-12);

  // Coordinates of a sample: uncorrelated, centred, and no direction has more variance than the first.
  const Sample rows = sample(mixture, 50000, 4);
  double sums[5] = {};
  double largest_feature = 0;
  for (std::size_t i = 0; i < rows.x.rows(); ++i) {
    const double u = axes[0].of(rows.x.row(i));
    const double v = axes[1].of(rows.x.row(i));
    const double x = rows.x(i, 0) - 3;  // feature 0 has the mean 3
    sums[0] += u;
    sums[1] += v;
    sums[2] += u * u;
    sums[3] += u * v;
    sums[4] += v * v;
    largest_feature += x * x;
  }
  for (double& sum : sums) sum /= 50000;
  EXPECT_NEAR(sums[0], 0, 0.2);
  EXPECT_NEAR(sums[1], 0, 0.05);
  EXPECT_NEAR(sums[3], 0, 0.02 * std::sqrt(sums[2] * sums[4]));
  EXPECT_GT(sums[2], sums[4]);
  EXPECT_GT(sums[2], largest_feature / 50000);
}

TEST(PrincipalAxes, OfTwoFeaturesChangeNoDensity) {
  const Mixture mixture = test::uneven_plane();
  const Projection axes = axes_of_all(mixture);
  const Mixture turned = projected(mixture, axes);
  const Matrix x = sample(mixture, 500, 1).x;
  Matrix y(500, 2);
  for (std::size_t i = 0; i < 500; ++i) {
    for (std::size_t a = 0; a < 2; ++a) y(i, a) = axes[a].of(x.row(i));
  }
  const std::vector<double> before = log_densities(mixture, x);
  const std::vector<double> after = log_densities(turned, y);
  for (std::size_t i = 0; i < 500; ++i) EXPECT_NEAR(before[i], after[i], 1e-9);
}

TEST(PrincipalAxes, SayWhatTheyHoldOfTheVariance) {
  const Mixture mixture(families::diagonal, {1}, Matrix(1, 3, {1, 2, 3}), {6, 3, 1});
  const Projection axes = axes_of_all(mixture);
  EXPECT_EQ(axes[0].name, "principal axis 1 (60 % of the variance)");
  EXPECT_EQ(axes[1].name, "principal axis 2 (30 % of the variance)");
  EXPECT_NEAR(std::abs(axes[0].direction[0]), 1, 1e-12);
}

TEST(PrincipalAxes, AreRefusedOfOneFeature) {
  const std::string message = message_of<invalid_argument>([] { axes_of_all(test::uneven_line()); });
  EXPECT_EQ(message, "projection = pca needs 2 to 2000 features, and there are 1");
}

TEST(FeatureAxes, AreTheMarginalInTheirOrder) {
  for (const CovarianceFamily structure : test::all_structures()) {
    const Mixture mixture = test::of_structure(structure, 3, 4);
    const std::vector<std::size_t> features{3, 1};
    const std::vector<std::string> names{"a", "b", "c", "d"};
    const Projection axes = feature_axes(features, names);
    EXPECT_EQ(axes[0].name, "d");
    EXPECT_EQ(axes[1].name, "b");
    const Mixture flat = projected(mixture, axes);
    for (std::size_t k = 0; k < 3; ++k) {
      EXPECT_EQ(flat.means()(k, 0), mixture.means()(k, 3));
      EXPECT_EQ(flat.means()(k, 1), mixture.means()(k, 1));
      EXPECT_NEAR(flat.covariance(k)(0, 1), mixture.covariance(k)(3, 1), 1e-15);
      EXPECT_NEAR(flat.covariance(k)(0, 0), mixture.covariance(k)(3, 3), 1e-15);
    }
  }
}

TEST(FeatureAxes, WithoutNamesHaveTheDefaultOnes) {
  const std::vector<std::size_t> features{0, 11};
  EXPECT_EQ(feature_axes(features, {})[1].name, "x12");
}

}  // namespace
}  // namespace mogul
