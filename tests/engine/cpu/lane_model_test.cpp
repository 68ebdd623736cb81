// Which components float lanes hold, and what is computed in double instead.
#include "engine/cpu/lane_model.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "plain_families.hpp"
#include "reference/generators.hpp"

namespace mogul {
namespace {

using cpu::LaneModel;
using cpu::Lanes;

// Means and factors are floats that add up to the doubles.
TEST(LaneModel, FloatsAreTheDoublesInTwoParts) {
  oracle::Dice dice(3);
  for (const auto& entry : test::plain_families()) {
    const Mixture mixture = oracle::random_mixture(dice, {.d = 9, .k = 3, .structure = entry.family, .offset = 1e6});
    const RowModel model = row_model(mixture);
    const LaneModel lanes(model, Lanes::float32);
    ASSERT_EQ(lanes.lanes(), Lanes::float32) << entry.name;
    EXPECT_EQ(lanes.promoted(), (std::vector<char>{0, 0, 0})) << entry.name;
    for (std::size_t i = 0; i < 27; ++i) {
      const double sum = double{lanes.in<float>().means.high[i]} + double{lanes.in<float>().means.low[i]};
      EXPECT_NEAR(sum, mixture.means().data()[i], 0x1p-47 * std::abs(sum));
    }
    ASSERT_EQ(lanes.in<float>().factors.size(), model.operands.factors.size());
    for (std::size_t i = 0; i < lanes.in<float>().factors.size(); ++i) {
      EXPECT_EQ(lanes.in<float>().factors[i], static_cast<float>(model.operands.factors[i]));
    }
  }
}

// What a mixture is computed in.
struct Chosen {
  explicit Chosen(const Mixture& mixture, Lanes wanted = Lanes::float32) {
    const RowModel model = row_model(mixture);
    const LaneModel chosen(model, wanted);
    lanes = chosen.lanes();
    promoted = chosen.promoted();
  }
  Lanes lanes;
  std::vector<char> promoted;
};

Mixture correlated(double correlation, CovarianceFamily structure, double scale = 1) {
  const double v = scale * scale;
  std::vector<double> covariances{v, correlation * v, correlation * v, v};
  if (structure == families::full) covariances.insert(covariances.end(), {v, 0, 0, v});
  return {structure, {0.5, 0.5}, Matrix(2, 2), covariances};
}

// Variances are inflated by 1 / (1 - correlation^2), whatever the features' units.
TEST(LaneModel, NearlyDependentFeaturesArePromotedToDouble) {
  for (const double scale : {1e-9, 1.0, 1e9}) {
    const Chosen good(correlated(std::sqrt(1 - 1.1e-4), families::full, scale));
    EXPECT_EQ(good.promoted, (std::vector<char>{0, 0})) << scale;
    const Chosen bad(correlated(std::sqrt(1 - 0.9e-4), families::full, scale));
    EXPECT_EQ(bad.lanes, Lanes::float32) << scale;
    EXPECT_EQ(bad.promoted, (std::vector<char>{1, 0})) << scale;
  }
}

TEST(LaneModel, WhatFloatCannotHoldAtAllIsDouble) {
  const std::vector<char> all{1, 1};
  const Chosen tied(correlated(1 - 1e-6, families::tied));
  EXPECT_EQ(tied.lanes, Lanes::float64) << "one factor for all";
  EXPECT_EQ(tied.promoted, all);
  EXPECT_EQ(Chosen(correlated(0, families::full, 1e-13)).lanes, Lanes::float64);
  const Mixture far(families::tied_spherical, {0.5, 0.5}, Matrix(2, 1, {0, 1e16}), {1});
  EXPECT_EQ(Chosen(far).lanes, Lanes::float64);
  EXPECT_EQ(Chosen(correlated(0, families::full), Lanes::float64).promoted, all) << "nobody asked for float";
}

}  // namespace
}  // namespace mogul
