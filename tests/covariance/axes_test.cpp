// Axes of symmetric matrices, and which of these count as singular.
#include "covariance/axes.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "covariance/family_problem.hpp"

namespace {

using mogul::Matrix;
using mogul::PrincipalAxes;
using oracle::Dice;

TEST(Axes, OfACovarianceAssembleItAgain) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Dice dice(seed);
    const std::size_t d = 1 + seed % 7;
    const Matrix packed = random_scatters(dice, {nullptr, 1, d, false, seed}).second;
    const PrincipalAxes principal = mogul::principal_axes(packed.row(0), d);
    EXPECT_TRUE(std::ranges::is_sorted(principal.variances));
    std::vector<double> again(packed.cols());
    assemble(principal.axes, principal.variances, again);
    for (std::size_t i = 0; i < again.size(); ++i)
      EXPECT_NEAR(again[i], packed(0, i), 1e-13 * principal.variances[d - 1]);
    const Matrix along = variances_along(principal.axes, packed);
    const Matrix turned = oracle::in_axes(principal.axes, packed.row(0));
    double log_volume = 0;
    for (std::size_t i = 0; i < d; ++i) {
      EXPECT_NEAR(along(0, i), principal.variances[i], 1e-13 * principal.variances[d - 1]);
      EXPECT_NEAR(turned(i, 0), i == 0 ? principal.variances[0] : 0, 1e-13 * principal.variances[d - 1]);
      log_volume += std::log(principal.variances[i]) / static_cast<double>(d);
    }
    EXPECT_NEAR(mogul::log_volume_of_matrix(packed.row(0), d), log_volume, 1e-9);
  }
}

TEST(Axes, WithoutVarianceMakeACovarianceSingular) {
  EXPECT_FALSE(mogul::is_singular(std::vector<double>{1, 0.5, 1}, 2));
  // A variance far below the other is not rounding as long as it is a feature's own.
  EXPECT_FALSE(mogul::is_singular(std::vector<double>{1, 0, 1e-30}, 2));

  const std::vector<double> flat = {1, 2, 4};
  EXPECT_TRUE(mogul::is_singular(flat, 2));
  EXPECT_EQ(mogul::log_volume_of_matrix(flat, 2), -std::numeric_limits<double>::infinity());
  const PrincipalAxes principal = mogul::principal_axes(flat, 2);
  EXPECT_EQ(principal.variances[0], 0);
  EXPECT_NEAR(principal.variances[1], 5, 1e-14);
  EXPECT_NEAR(std::abs(principal.axes(0, 0)), 2 / std::sqrt(5), 1e-15);
}

TEST(Axes, AreABasisWhateverTheRank) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Dice dice(seed);
    const std::size_t d = 1 + dice.index(7);
    const std::size_t rank = dice.index(d + 1);
    std::vector<double> packed(d * (d + 1) / 2);
    for (std::size_t n = 0; n < rank; ++n) {
      std::vector<double> row(d);
      for (std::size_t i = 0; i < d; ++i) row[i] = dice.normal() * std::pow(1e3, static_cast<double>(i));
      for (std::size_t i = 0, at = 0; i < d; ++i) {
        for (std::size_t j = 0; j <= i; ++j, ++at) packed[at] += row[i] * row[j];
      }
    }
    PrincipalAxes principal = mogul::principal_axes(packed, d);
    EXPECT_EQ(std::ranges::count(principal.variances, 0.0), static_cast<std::ptrdiff_t>(d - rank)) << seed;
    std::vector<double> unit(packed.size());
    for (std::size_t i = 0; i < d; ++i) unit[i * (i + 1) / 2 + i] = 1;
    settle_null_axes(principal, unit);
    const Matrix products = oracle::in_axes(principal.axes, unit);
    for (std::size_t i = 0; i < d; ++i) {
      for (std::size_t j = 0; j < d; ++j) EXPECT_NEAR(products(i, j), i == j ? 1 : 0, 1e-14);
    }
  }
}

TEST(Axes, TracesAreThoseOfTheProductWithTheInverse) {
  const std::vector<double> common = {2, 1, 3};  // inverse: (3, -1; -1, 2) / 5
  const Matrix packed(2, 3, {2, 1, 3, 5, 0, 10});
  std::vector<double> traces(2);
  EXPECT_NEAR(mogul::relative_traces(common, packed, 2, traces), std::log(5.0) / 2, 1e-15);
  EXPECT_NEAR(traces[0], 1, 1e-15);
  EXPECT_NEAR(traces[1], (5 * 3 + 10 * 2) / 5.0 / 2, 1e-14);

  std::vector<double> untouched = {7, 8};
  EXPECT_EQ(mogul::relative_traces(std::vector<double>{1, 2, 4}, packed, 2, untouched),
            -std::numeric_limits<double>::infinity());
  EXPECT_EQ(untouched, (std::vector<double>{7, 8}));
}

}  // namespace
