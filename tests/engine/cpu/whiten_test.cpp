// Squared distances against the oracle's, for every structure, number of features and block size, on every
// instruction set.
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/cpu/panel.hpp"
#include "engine/cpu/targets.hpp"
#include "plain_families.hpp"
#include "reference/border.hpp"
#include "reference/generators.hpp"

namespace mogul {
namespace {

using test::Panel;
using test::Rows;

template <class X>
constexpr double kEps = std::numeric_limits<X>::epsilon();
template <class X>
constexpr cpu::Lanes kLanes = std::is_same_v<X, float> ? cpu::Lanes::float32 : cpu::Lanes::float64;
constexpr std::size_t kStride = 64;

template <class X>
Panel<X> distances(const Mixture& model, const cpu::Block& block, const Rows<X>& rows) {
  Panel<X> out(model.n_components() * kStride);
  const RowModel wide = row_model(model);
  const cpu::LaneModel lanes(wide, kLanes<X>);
  Panel<X> scratch(std::max<std::size_t>(cpu::whiten_scratch(lanes.form(), model.n_features(), kStride), 1));
  EXPECT_EQ(lanes.lanes(), kLanes<X>) << "the test is not about float lanes";
  cpu::whiten<X>(lanes, block, rows.x.data(), out.data(), scratch.data());
  return out;
}

// |L| |L^-1| in the Frobenius norm, at least the condition number that the error is documented in.
double condition(const Mixture& model, std::size_t k) {
  const oracle::Table l = oracle::from(model.cholesky(k));
  oracle::Real forward = 0;
  oracle::Real backward = 0;
  for (std::size_t j = 0; j < l.size(); ++j) {
    oracle::Row unit(l.size(), 0);
    unit[j] = 1;
    for (const oracle::Real y : oracle::solve_lower(l, unit)) backward += y * y;
    for (const oracle::Real x : l[j]) forward += x * x;
  }
  return static_cast<double>(std::sqrt(forward * backward));
}

template <class X>
void expect_documented_error(const oracle::Problem& problem) {
  const Mixture& model = problem.model();
  const std::size_t n = problem.shape().n;
  const cpu::Block block = test::block_of<X>(0, n, kStride);
  const Rows<X> rows(problem.view(), block);
  const oracle::Table expected = oracle::squared_mahalanobis(oracle::from(model), oracle::from(problem.view()));
  // Tied: how far the row is from the centre that rows are whitened about, in standard deviations.
  const auto from_centre = [&](std::size_t i) {
    if (model.family() != families::tied) return oracle::Real{0};
    oracle::Real largest = 0;
    for (std::size_t k = 0; k < model.n_components(); ++k) largest = std::max(largest, std::sqrt(expected[i][k]));
    return 2 * largest;
  };
  std::vector<double> bounds;
  for (std::size_t k = 0; k < model.n_components(); ++k) {
    bounds.push_back(8 * static_cast<double>(model.n_features()) * kEps<X> * condition(model, k));
  }
  test::on_every_target([&] {
    const Panel<X> out = distances<X>(model, block, rows);
    for (std::size_t k = 0; k < model.n_components(); ++k) {
      for (std::size_t i = 0; i < n; ++i) {
        const oracle::Real error = std::abs(out[k * kStride + i] - expected[i][k]);
        const oracle::Real m2 = expected[i][k];
        ASSERT_LE(error,
                  bounds[k] * (m2 + from_centre(i) * std::sqrt(m2) + bounds[k] * from_centre(i) * from_centre(i)))
            << problem.shape() << ", component " << k << ", row " << i;
      }
    }
    ASSERT_TRUE(test::is_untouched_beyond(block, out)) << problem.shape();
  });
}

TEST(Whiten, ErrorIsAsDocumentedForEveryShape) {
  const std::vector<std::size_t> block_sizes{1, 15, 16, 17, 31, 48, 63, 64};
  std::uint64_t seed = 0;
  for (std::size_t d = 1; d <= 18; ++d) {
    for (const std::size_t k : {1, 2, 5}) {
      for (const auto& entry : test::plain_families()) {
        oracle::Shape shape;
        shape.d = d == 18 ? 33 : d;
        shape.k = k;
        shape.structure = entry.family;
        shape.n = block_sizes[seed % block_sizes.size()];
        shape.float32 = seed % 3 == 0;
        shape.padding = seed % 2;
        shape.separation = seed % 5 == 0 ? 1e4 : 3;
        shape.seed = ++seed;
        expect_documented_error<double>(oracle::Problem(shape));
        shape.float32 = true;
        expect_documented_error<float>(oracle::Problem(shape));
      }
    }
  }
}

// The mean is subtracted first: rows and means at 1e8 or 1e-8 standard deviations from the origin cost no digits.
TEST(Whiten, KeepsItsDigitsFarFromTheOrigin) {
  for (const double offset : {1e3, 1e6, 1e8}) {
    for (const double scale : {1e-8, 1.0, 1e8}) {
      for (const auto& entry : test::plain_families()) {
        oracle::Shape shape{.n = 40, .d = 6, .k = 3, .structure = entry.family};
        shape.offset = offset;
        shape.scale = scale;
        shape.seed = 7;
        expect_documented_error<double>(oracle::Problem(shape));
        shape.float32 = true;
        if (offset * scale <= 1e11) expect_documented_error<float>(oracle::Problem(shape));
      }
    }
  }
}

TEST(Whiten, ARowAtTheMeanHasDistanceZero) {
  oracle::Dice dice(1);
  for (const auto& entry : test::plain_families()) {
    const oracle::Shape shape{.d = 7, .k = 4, .structure = entry.family, .offset = 1e8};
    const Mixture model = oracle::random_mixture(dice, shape);
    const cpu::Block block = test::block_of<double>(0, 4, kStride);
    const Rows<double> rows(model.means(), block);
    test::on_every_target([&] {
      const Panel<double> out = distances(model, block, rows);
      // Tied: row and mean are whitened apart, each with its own rounding, whose square is left.
      const double rounding = entry.family == families::tied ? 1e-24 : 0;
      for (std::size_t k = 0; k < 4; ++k) EXPECT_LE(out[k * kStride + k], rounding) << entry.name;
    });
  }
}

// Of rows at `value` to a mean at -value, where all variances are `variance`.
template <class X>
void expect_capped(X value, double variance, X farthest) {
  for (const test::PlainFamily& each : test::plain_families()) {
    const std::size_t d = 5;
    std::vector<double> covariances(covariance_size(each.family, 1, d), variance);
    if (each.family.moments() >= Moments::pooled) {
      for (std::size_t i = 0; i < d * d; ++i) covariances[i] = i % (d + 1) == 0 ? variance : 0;
    }
    const Mixture model(each.family, {1}, Matrix(1, d, std::vector<double>(d, -value)), covariances);
    const BasicMatrix<X> x(2, d, std::vector<X>(2 * d, value));
    const cpu::Block block = test::block_of<X>(0, 2, kStride);
    const Rows<X> rows(x, block);
    test::on_every_target([&] {
      const Panel<X> out = distances<X>(model, block, rows);
      EXPECT_EQ(out[0], farthest) << each.name;
      EXPECT_EQ(out[1], farthest) << each.name;
    });
  }
}

// (1e100 / 1e-150)^2 = 1e500, (1e12 / 1e-12)^2 = 1e48.
TEST(Whiten, DistancesAreCappedBeforeTheyOverflow) {
  expect_capped<double>(1e100, 1e-300, 1e300);
  expect_capped<float>(1e12F, 1e-24, 1e24F);
}

// A float holds seven digits: of features that differ by a millionth of themselves it keeps one. A component whose
// features do is computed in double, and its neighbour is not.
TEST(Whiten, ComponentsThatFloatWouldLoseAreComputedInDouble) {
  for (const std::size_t d : {2, 3, 12}) {
    std::vector<double> covariances(2 * d * d, 0.0);
    for (std::size_t i = 0; i < d; ++i) covariances[i * (d + 1)] = covariances[d * d + i * (d + 1)] = 1;
    covariances[1] = covariances[d] = 1 - 1e-10;
    const Mixture model(families::full, {0.5, 0.5}, Matrix(2, d), covariances);
    const RowModel wide = row_model(model);
    const cpu::LaneModel lanes(wide, cpu::Lanes::float32);
    EXPECT_EQ(lanes.lanes(), cpu::Lanes::float32);
    EXPECT_EQ(lanes.promoted(), (std::vector<char>{1, 0}));
    FloatMatrix x(10, d);
    for (std::size_t i = 0; i < 10; ++i) {
      x(i, 0) = 1 + 0.1F * static_cast<float>(i);
      x(i, 1) = x(i, 0) + 0x1p-17F;
    }
    const cpu::Block block = test::block_of<float>(0, 10, kStride);
    const Rows<float> rows(x, block);
    const oracle::Table expected = oracle::squared_mahalanobis(oracle::from(model), oracle::from(DataView(x)));
    test::on_every_target([&] {
      const Panel<float> out = distances<float>(model, block, rows);
      for (std::size_t k = 0; k < 2; ++k) {
        for (std::size_t i = 0; i < 10; ++i) {
          const auto exact = static_cast<double>(expected[i][k]);
          EXPECT_NEAR(out[k * kStride + i], exact, 4 * kEps<float> * exact) << d << ", " << k << ", " << i;
        }
      }
    });
  }
}

}  // namespace
}  // namespace mogul
