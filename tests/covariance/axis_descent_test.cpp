// The descent of common axes, apart from the families that use it.
#include "covariance/axis_descent.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "covariance/axes.hpp"
#include "covariance/family_problem.hpp"

namespace {

using mogul::AxisDescent;
using mogul::Matrix;
using mogul::Volumes;
using oracle::Dice;

struct Start {
  Matrix packed;
  std::vector<double> shares;
  Matrix axes;
};
Start random_start(std::uint64_t seed, std::size_t k, std::size_t d) {
  Dice dice(seed);
  const mogul::Scatters scatters = random_scatters(dice, {nullptr, k, d, false, seed});
  const double total = std::accumulate(scatters.counts.begin(), scatters.counts.end(), 0.0);
  Start out{scatters.second, scatters.counts, oracle::random_rotation(dice, d)};
  for (double& share : out.shares) share /= total;
  return out;
}

// From its definition.
double value(const Start& start, Volumes volumes, const Matrix& axes) {
  const Matrix variances = variances_along(axes, start.packed);
  double own = 0, shared = 0;
  for (std::size_t k = 0; k < variances.rows(); ++k) {
    double mean_log = 0;
    for (const double variance : variances.row(k)) mean_log += std::log(variance) / static_cast<double>(axes.rows());
    own += start.shares[k] * mean_log;
    shared += start.shares[k] * std::exp(mean_log);
  }
  return volumes == Volumes::own ? own : std::log(shared);
}

double distance_from_orthogonal(const Matrix& axes) {
  double worst = 0;
  for (std::size_t i = 0; i < axes.rows(); ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      const double product = std::inner_product(axes.row(i).begin(), axes.row(i).end(), axes.row(j).begin(), 0.0);
      worst = std::max(worst, std::abs(product - (i == j ? 1 : 0)));
    }
  }
  return worst;
}

TEST(AxisDescent, KeepsTheValueOfItsAxesAndNeverRaisesIt) {
  for (const Volumes volumes : {Volumes::own, Volumes::shared}) {
    for (const bool scan : {false, true}) {
      const Start start = random_start(11, 4, 7);
      AxisDescent descent(start.packed, start.shares, volumes, start.axes, scan);
      EXPECT_NEAR(descent.value(), value(start, volumes, start.axes), 1e-12);
      for (int i = 0; i < 30; ++i) {
        const double before = descent.value();
        const double gain = descent.sweep(0);
        EXPECT_GE(gain, 0);
        EXPECT_NEAR(descent.value(), before - gain, 1e-12);
        EXPECT_NEAR(descent.value(), value(start, volumes, descent.axes()), 1e-12);
      }
    }
  }
}

TEST(AxisDescent, KeepsManyAxesOrthogonalThroughManySweeps) {
  const Start start = random_start(12, 3, 40);
  AxisDescent descent(start.packed, start.shares, Volumes::own, start.axes, false);
  for (int i = 0; i < 100; ++i) descent.sweep(0);
  EXPECT_LT(distance_from_orthogonal(descent.axes()), 1e-13);
}

TEST(AxisDescent, FindsTheAxesThatAllComponentsHave) {
  Dice dice(13);
  const Matrix axes = oracle::random_rotation(dice, 5);
  Matrix packed(3, 15);
  double expected = 0;
  for (std::size_t k = 0; k < 3; ++k) {
    std::vector<double> variances(5);
    for (double& variance : variances) {
      variance = std::exp(2 * dice.normal());
      expected += std::log(variance) / 15;
    }
    assemble(axes, variances, packed.row(k));
  }
  AxisDescent descent(packed, {1.0 / 3, 1.0 / 3, 1.0 / 3}, Volumes::own, oracle::random_rotation(dice, 5), true);
  while (descent.sweep(1e-15) > 1e-15) {
  }
  // No axes can do better, as the determinant is at most the product of the variances along any axes.
  EXPECT_NEAR(descent.value(), expected, 1e-12);
}

TEST(AxisDescent, LeavesTheRidgeBetweenTwoValleys) {
  // Along both axes the variances are equal: the slope is zero where the function is highest.
  const Matrix packed(1, 3, {1, 0.9, 1});
  AxisDescent descent(packed, {1}, Volumes::own, Matrix(2, 2, {1, 0, 0, 1}), false);
  while (descent.sweep(1e-15) > 1e-15) {
  }
  EXPECT_NEAR(descent.value(), std::log(1 - 0.81) / 2, 1e-12);
}

}  // namespace
