// Distances of few rows by solving with the factors: those of the oracle, and capped as those of the kernels are.
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/cpu/panel.hpp"
#include "plain_families.hpp"
#include "reference/border.hpp"
#include "reference/generators.hpp"

namespace mogul {
namespace {

using test::Panel;
using test::Rows;

constexpr std::size_t kStride = 64;

Panel<double> distances(const Mixture& mixture, const DataView& data) {
  const RowModel model = row_model(mixture, 1);
  const cpu::LaneModel lanes(model, cpu::Lanes::float64);
  EXPECT_EQ(lanes.form(), FactorForm::cholesky) << "the test is not about solving";
  const cpu::Block block = test::block_of<double>(0, data.rows(), kStride);
  const Rows<double> rows(data, block);
  Panel<double> out(mixture.n_components() * kStride);
  Panel<double> scratch(cpu::whiten_scratch(lanes.form(), mixture.n_features(), kStride));
  cpu::whiten<double>(lanes, block, rows.x.data(), out.data(), scratch.data());
  EXPECT_TRUE(test::is_untouched_beyond(block, out));
  return out;
}

TEST(Solve, DistancesAreThoseOfTheOracle) {
  for (const CovarianceFamily& family : {families::full, families::tied}) {
    for (const std::size_t d : {2, 3, 9, 40}) {
      for (const std::size_t n : {1, 2, 31, 33}) {
        const oracle::Problem p({.n = n, .d = d, .k = 3, .structure = family, .offset = 1e6, .seed = n + d});
        const oracle::Table expected = oracle::squared_mahalanobis(oracle::from(p.model()), oracle::from(p.view()));
        const Panel<double> found = distances(p.model(), p.view());
        for (std::size_t k = 0; k < 3; ++k) {
          for (std::size_t i = 0; i < n; ++i) {
            const auto exact = static_cast<double>(expected[i][k]);
            EXPECT_NEAR(found[k * kStride + i], exact, 1e-11 * exact) << "D = " << d << ", N = " << n;
          }
        }
      }
    }
  }
}

// Where the solution overflows, terms of both signs may be infinite.
TEST(Solve, DistancesAreCappedBeforeTheyOverflow) {
  std::vector<double> covariance(9, 0.0);
  for (std::size_t i = 0; i < 3; ++i) covariance[4 * i] = i == 0 ? 1e-300 : 1e300;
  covariance[1] = covariance[3] = 0.5;
  covariance[2] = covariance[6] = -0.5;
  const Mixture mixture(families::full, {1}, Matrix(1, 3), covariance);
  EXPECT_EQ(distances(mixture, Matrix(1, 3, {1e100, 1e100, 1e100}))[0], 1e300);
}

}  // namespace
}  // namespace mogul
