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
    const Matrix turned = in_axes(principal.axes, packed.row(0));
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
  std::vector<double> regular = {1, 0.5, 1};
  EXPECT_FALSE(mogul::clear_if_singular(regular, 2));
  EXPECT_EQ(regular, (std::vector<double>{1, 0.5, 1}));

  std::vector<double> flat = {1, 2, 4};
  EXPECT_TRUE(mogul::clear_if_singular(flat, 2));
  EXPECT_EQ(flat, (std::vector<double>{1, 2, 4}));
  EXPECT_EQ(mogul::log_volume_of_matrix(flat, 2), -std::numeric_limits<double>::infinity());

  // It has a Cholesky factor, but a variance that no rotation could tell from rounding.
  std::vector<double> thin = {1, 0, 1e-30};
  EXPECT_TRUE(mogul::clear_if_singular(thin, 2));
  EXPECT_EQ(thin, (std::vector<double>{1, 0, 0}));
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
