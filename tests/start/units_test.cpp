// The units of distances: standard deviations, of any size, and harmless where a column is constant.
#include "start/units.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "start/clusters.hpp"
#include "start/partition.hpp"

namespace mogul {
namespace {

Units units_of(const Matrix& x) { return standard_units(*make_engine(x, 1)); }

TEST(StandardUnits, AreTheMeanAndTheStandardDeviationOfEachColumn) {
  const Matrix x(3, 2, {0, 5, 2, 9, 100, 100});
  const std::vector<double> weights{1, 1, 0};
  const Units units = standard_units(*make_engine(DataView(x, weights), 1));
  EXPECT_EQ(units.centre, (std::vector<double>{1, 7}));
  EXPECT_EQ(units.scale, (std::vector<double>{1, 2}));
}

TEST(StandardUnits, OfAConstantColumnAreItsRounding) {
  const Units units = units_of(Matrix(2, 3, {5, 0, 1e100, 5, 0, 1e100}));
  EXPECT_EQ(units.centre, (std::vector<double>{5, 0, 1e100}));
  EXPECT_EQ(units.scale, (std::vector<double>{0x1p-49 * 5, kSmallestScale, 0x1p-49 * 1e100}));
}

TEST(StandardUnits, OfAnyMagnitudeGiveTheSameCoordinates) {
  const std::vector<double> values{-1, 0.5, 0.25, 3, -2, 1};
  const auto in_standard_units = [&](double unit) {
    std::vector<double> scaled = values;
    for (double& value : scaled) value *= unit;
    const Matrix x(6, 1, scaled);
    return in_units(*make_engine(x, 1), std::vector<std::size_t>{0, 1, 2, 3, 4, 5}, units_of(x)).values();
  };
  for (const int exponent : {-330, -40, -1, 1, 40, 330}) {  // powers of two: not one rounding differs
    EXPECT_EQ(in_standard_units(std::ldexp(1.0, exponent)), in_standard_units(1)) << "2^" << exponent;
  }
}

TEST(StandardUnits, ThereAndBackIsTheSamePoint) {
  const Matrix x(3, 2, {1e-100, 1e99, 3e-100, -1e99, -5e-100, 7e99});
  const auto engine = make_engine(x, 1);
  for (const Units& units : {standard_units(*engine), with_one_scale(standard_units(*engine))}) {
    const Matrix there = in_units(*engine, std::vector<std::size_t>{0, 1, 2}, units);
    const Matrix back = from_units(there, units);
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_NEAR(back(i, 1), x(i, 1), 4e-16 * 1e100);
      EXPECT_LE(std::abs(back(i, 0) - x(i, 0)), 4e-16 * units.scale[0] * 10);
    }
  }
}

TEST(StandardUnits, PointsAtTheLimitDoNotExceedItByRounding) {
  const Units units{{1e99, -1e99}, {1e100, 1e100}};
  EXPECT_EQ(from_units(Matrix(1, 2, {0.9000000000000002, -0.9000000000000002}), units), Matrix(1, 2, {1e100, -1e100}));
}

TEST(OneScale, IsTheRootMeanSquareOfAll) {
  const Units ordinary = with_one_scale({{0, 0}, {1, 7}});
  const Units tiny = with_one_scale({{0, 0}, {0x1p-490, 7 * 0x1p-490}});
  for (std::size_t d = 0; d < 2; ++d) {
    EXPECT_DOUBLE_EQ(ordinary.scale[d], 5);
    EXPECT_EQ(tiny.scale[d], 0x1p-490 * ordinary.scale[d]);
  }
}

TEST(SeparatingUnits, AreStandardDeviationsWithinTheGroupsOfEachColumn) {
  const Matrix x = test::clusters(900, 3);  // 100 standard deviations apart in the first column, noise in the second
  const auto engine = make_engine(x, 1);
  std::vector<std::size_t> rows(900);
  std::iota(rows.begin(), rows.end(), 0);
  const Units standard = standard_units(*engine);
  const Units units = separating_units(standard, in_units(*engine, rows, standard), 3);
  EXPECT_EQ(units.centre, standard.centre);
  EXPECT_DOUBLE_EQ(units.scale[0], 0.1 * standard.scale[0]) << "no less than a tenth";
  // Of a Gaussian in three groups a share of 0.19 of the variance is left (Lloyd 1982, table I).
  EXPECT_NEAR(units.scale[1], std::sqrt(0.19) * standard.scale[1], 0.05);
  const Units alone = separating_units(standard, in_units(*engine, rows, standard), 1);
  EXPECT_EQ(alone.scale, standard.scale);
}

TEST(DistanceModel, TakesDistancesInItsUnits) {
  const Matrix means(2, 2, {0, 0, 10, 1});
  const Matrix x(1, 2, {4, 1});  // nearer to the first in the first column's unit, to the second in standard ones
  const auto engine = make_engine(x, 1);
  const auto nearest = [&](const Mixture& model) {
    return engine->accumulate(row_model(model), Moments::none, Assignment::hard).n;
  };
  EXPECT_EQ(nearest(distance_model(means, 1)), (std::vector<double>{1, 0}));
  EXPECT_EQ(nearest(distance_model(means, Units{{0, 0}, {10, 0.5}})), (std::vector<double>{0, 1}));
}

}  // namespace
}  // namespace mogul
