// Ellipses and regions of highest density hold what they are said to hold.
#include "report/figure/geometry.hpp"

#include <cmath>
#include <numbers>

#include "mogul/plot.hpp"
#include "mogul/sample.hpp"
#include "mogul/score.hpp"
#include "report/mixtures.hpp"

namespace mogul {
namespace {

using test::uneven_line;
using test::uneven_plane;

const std::vector<double> kMasses{0.05, 0.3, 0.5, 0.9, 0.989};

TEST(EllipseRadius, IsTheRootOfTheChiSquareQuantile) {
  // Quantiles of the chi-square distribution with two degrees of freedom, from printed tables.
  EXPECT_NEAR(std::pow(ellipse_radius(0.95), 2), 5.991464547, 1e-9);
  EXPECT_NEAR(std::pow(ellipse_radius(0.99), 2), 9.210340372, 1e-9);
  EXPECT_NEAR(std::pow(ellipse_radius(0.5), 2), 1.386294361, 1e-9);
  EXPECT_NEAR(ellipse_mass(1), 0.3934693403, 1e-10) << "not 68.3 %";
  EXPECT_NEAR(ellipse_mass(2), 0.8646647168, 1e-10);
  EXPECT_NEAR(ellipse_mass(3), 0.9888910035, 1e-10);
  for (const double mass : {1e-18, 1e-9, 0.1, 0.7, 0.999, 1 - 1e-12}) {
    EXPECT_NEAR(ellipse_mass(ellipse_radius(mass)), mass, 1e-15 + 1e-14 * mass);
  }
}

TEST(EllipseRadius, HoldsItsMassOfASample) {
  const Mixture gaussian(families::full, {1}, Matrix(1, 2, {5, -3}), {4, 2.7, 2.7, 3});
  const std::size_t n = 200000;
  const Matrix distances = squared_mahalanobis(gaussian, sample(gaussian, n, 3).x);
  for (const double mass : kMasses) {
    std::size_t inside = 0;
    for (std::size_t i = 0; i < n; ++i) inside += distances(i, 0) <= std::pow(ellipse_radius(mass), 2) ? 1 : 0;
    EXPECT_NEAR(static_cast<double>(inside) / n, mass, 5 * std::sqrt(mass * (1 - mass) / n)) << mass;
  }
}

RC_GTEST_PROP(EllipseAxes, AreThoseOfTheCovariance, ()) {
  const auto number = [](int most) { return *rc::gen::inRange(-most, most) / 100.0; };
  const double scale = std::pow(10, *rc::gen::inRange(-100, 100));
  const double a = number(1000);
  const double b = number(1000);
  const double c = number(1000);
  RC_PRE(a != 0 && c != 0);
  // L L^T
  const std::array<double, 3> covariance{scale * a * a, scale * a * b, scale * (b * b + c * c)};
  const EllipseAxes axes = ellipse_axes(covariance);
  const double u = std::cos(axes.angle);
  const double v = std::sin(axes.angle);
  const double major = axes.major * axes.major;
  const double minor = axes.minor * axes.minor;
  const double tolerance = 1e-12 * (covariance[0] + covariance[2]);
  RC_ASSERT(axes.major >= axes.minor);
  RC_ASSERT(std::abs(major * u * u + minor * v * v - covariance[0]) <= tolerance);
  RC_ASSERT(std::abs((major - minor) * u * v - covariance[1]) <= tolerance);
  RC_ASSERT(std::abs(major * v * v + minor * u * u - covariance[2]) <= tolerance);
  const double determinant = scale * a * a * scale * c * c;
  RC_ASSERT(std::abs(major * minor / determinant - 1) < 1e-6);
}

TEST(EllipseAxes, OfALineHaveNoWidth) {
  const EllipseAxes axes = ellipse_axes({4, 4, 4});
  EXPECT_DOUBLE_EQ(axes.major, std::sqrt(8));
  EXPECT_EQ(axes.minor, 0);
  EXPECT_DOUBLE_EQ(axes.angle, std::numbers::pi / 4);
  EXPECT_EQ(ellipse_axes({0, 0, 0}).major, 0);
}

// How much of a large sample has a higher density than the level.
void expect_masses(const Mixture& mixture, double tolerance) {
  const std::size_t n = 200000;
  const std::vector<double> log_density = log_densities(mixture, sample(mixture, n, 11).x);
  const std::vector<double> levels = highest_density_levels(mixture, kMasses);
  for (std::size_t i = 0; i < kMasses.size(); ++i) {
    std::size_t above = 0;
    for (const double value : log_density) above += value > levels[i] ? 1 : 0;
    const double noise = 5 * std::sqrt(kMasses[i] * (1 - kMasses[i]) / n);
    EXPECT_NEAR(static_cast<double>(above) / n, kMasses[i], noise + tolerance) << kMasses[i];
    if (i > 0) {
      EXPECT_LT(levels[i], levels[i - 1]) << "a larger region reaches lower densities";
    }
  }
}

TEST(HighestDensityLevels, HoldTheirMassOfASampleInOneDimension) {
  expect_masses(uneven_line(), 0.002);
  expect_masses(test::of_structure(families::full, 30, 1), 0.002);
  expect_masses({families::full, {1e-6, 1 - 1e-6}, Matrix(2, 1, {0, 1e6}), {1e-8, 1e8}}, 0.002);
}

TEST(HighestDensityLevels, HoldTheirMassOfASampleInThePlane) {
  expect_masses(uneven_plane(), 0.002);
  for (const CovarianceFamily structure : test::all_structures()) {
    expect_masses(test::of_structure(structure, 4, 2), 0.002);
  }
}

TEST(HighestDensityLevels, OfVeryManyComponentsHoldTheirMassToo) {
  const std::size_t k = 2000;
  Matrix means(k, 2);
  for (std::size_t c = 0; c < k; ++c) {
    means(c, 0) = 10.0 * static_cast<double>(c);
  }
  const Mixture apart(families::tied_spherical, std::vector<double>(k, 1.0 / k), means, {1});
  const std::vector<double> levels = highest_density_levels(apart, kMasses);
  const double at_mean = -std::log(2 * std::numbers::pi) - std::log(static_cast<double>(k));
  for (std::size_t i = 0; i < kMasses.size(); ++i) {
    const double radius = std::sqrt(std::max(0.0, 2 * (at_mean - levels[i])));
    EXPECT_NEAR(ellipse_mass(radius), kMasses[i], 0.002) << "as of one alone";
  }
}

TEST(HighestDensityLevels, OfOneGaussianHaveTheClosedForm) {
  const Mixture line(families::full, {1}, Matrix(1, 1, {3}), {4});
  const std::vector<double> masses{0.5, 0.9, 0.95, 0.99};
  const std::vector<double> quantiles{0.6744897502, 1.6448536270, 1.9599639845, 2.5758293035};  // of (1 + mass) / 2
  const std::vector<double> levels = highest_density_levels(line, masses);
  for (std::size_t i = 0; i < masses.size(); ++i) {
    EXPECT_NEAR(levels[i], -0.5 * quantiles[i] * quantiles[i] - 0.5 * std::log(2 * std::numbers::pi * 4), 0.01);
  }

  const Mixture plane(families::full, {1}, Matrix(1, 2, {3, 1e6}), {4, 1.9, 1.9, 1});
  const double at_mean = -std::log(2 * std::numbers::pi) - 0.5 * std::log(4 * 1 - 1.9 * 1.9);
  const std::vector<double> of_plane = highest_density_levels(plane, masses);
  for (std::size_t i = 0; i < masses.size(); ++i) {
    EXPECT_NEAR(of_plane[i], at_mean + std::log1p(-masses[i]), 0.02) << "p at the radius is p(mean) (1 - mass)";
  }
}

TEST(HighestDensityLevels, OfTheHighestMassHaveTheClosedFormToo) {
  const double mass = kHighestMass;
  const Mixture line(families::full, {1}, Matrix(1, 1, {0}), {1});
  const double level = highest_density_levels(line, {&mass, 1})[0];
  const double half_width = std::sqrt(-2 * level - std::log(2 * std::numbers::pi));
  EXPECT_NEAR(half_width, 4.891638476, 0.02) << "the quantile of 0.9999995";
  const Mixture plane(families::full, {1}, Matrix(1, 2, {0, 0}), {1, 0, 0, 1});
  const double radius = std::sqrt(-2 * (highest_density_levels(plane, {&mass, 1})[0] + std::log(2 * std::numbers::pi)));
  EXPECT_NEAR(radius, ellipse_radius(mass), 0.02);
}

TEST(HighestDensityLevels, OfComponentsFarApartAreThoseOfEach) {
  const Mixture apart(families::full, {0.5, 0.5}, Matrix(2, 2, {0, 0, 1e4, 0}), {1, 0, 0, 1, 1, 0, 0, 1});
  for (const double mass : kMasses) {
    const double level = highest_density_levels(apart, {&mass, 1})[0];
    EXPECT_NEAR(level, std::log(0.5 / (2 * std::numbers::pi)) + std::log1p(-mass), 0.02 / (1 - mass) * 0.1 + 0.01);
  }
}

TEST(HighestDensityLevels, AreFiniteForMassesNearZeroAndOne) {
  const std::vector<double> extreme{1e-300, 1e-9, 1 - 1e-9, 1 - 1e-16};
  for (const Mixture& mixture : {uneven_line(), uneven_plane()}) {
    for (const double level : highest_density_levels(mixture, extreme)) EXPECT_TRUE(std::isfinite(level)) << level;
  }
}

TEST(HighestDensityLevels, AreTheSameForAnyNumberOfThreads) {
  EXPECT_EQ(highest_density_levels(uneven_plane(), kMasses, 1), highest_density_levels(uneven_plane(), kMasses, 3));
}

}  // namespace
}  // namespace mogul
