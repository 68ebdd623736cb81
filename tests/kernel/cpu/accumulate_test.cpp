// Weighted moments of a block against the oracle's sums, for every kind of moments, on every instruction set.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "kernel/cpu/panel.hpp"
#include "kernel/cpu/targets.hpp"
#include "reference/border.hpp"
#include "reference/generators.hpp"

namespace mogul {
namespace {

using test::Panel;
using test::Rows;

constexpr double kEps = std::numeric_limits<double>::epsilon();
constexpr std::size_t kStride = 64;
constexpr Moments kAllMoments[] = {Moments::none, Moments::mean, Moments::spherical, Moments::diagonal, Moments::full};

// Rows of a random problem with random responsibilities, some of them zero.
struct Case {
  explicit Case(const oracle::Shape& shape)
      : problem(shape),
        block(test::block_of(0, shape.n, kStride)),
        rows(problem.view(), block),
        posterior(shape.k, kStride),
        table(shape.n, oracle::Row(shape.k)) {
    oracle::Dice dice(shape.seed);
    for (std::size_t k = 0; k < shape.k; ++k) {
      for (std::size_t i = 0; i < block.n_padded; ++i) {
        const double r = (i + k) % 4 == 3 ? 0 : dice.uniform();  // also in the padding, which has weight zero
        posterior.h[k * kStride + i] = std::sqrt(2 * r);
        posterior.reciprocal[i] = 0.5;
        posterior.nearest[i] = 0;
        if (i < shape.n) table[i][k] = r;
      }
    }
  }

  void add_to(Stats& stats) {
    Panel scratch(cpu::accumulate_scratch(stats.n_features(), kStride));
    cpu::accumulate(block, rows.x.data(), rows.w.data(), posterior.view(), scratch.data(), stats);
  }
  Stats stats(Moments moments) {
    Stats out(moments, problem.model().means());
    add_to(out);
    return out;
  }

  oracle::Problem problem;
  cpu::Block block;
  Rows rows;
  test::Posterior posterior;
  oracle::Table table;
};

// Second moments of component k in the layout of `moments`.
oracle::Row stored(const oracle::Table& second, Moments moments) {
  oracle::Row out;
  oracle::Real trace = 0;
  for (std::size_t i = 0; i < second.size(); ++i) {
    trace += second[i][i];
    if (moments == Moments::diagonal) out.push_back(second[i][i]);
    for (std::size_t j = 0; moments == Moments::full && j <= i; ++j) out.push_back(second[i][j]);
  }
  return moments == Moments::spherical ? oracle::Row{trace} : out;
}

void expect_near(double actual, oracle::Real expected, oracle::Real absolute_sum, double n_operations) {
  ASSERT_LE(std::abs(actual - expected), n_operations * kEps * absolute_sum);
}

void expect_sums(const Case& c, const Stats& stats) {
  const oracle::Data data = oracle::from(c.problem.view());
  const oracle::Table shift = oracle::from(stats.shift);
  const oracle::Sums expected = oracle::sums(data, c.table, shift);
  const oracle::Sums absolute = oracle::sums(data, c.table, shift, true);
  const auto n_operations = static_cast<double>(data.x.size() + 8);
  for (std::size_t k = 0; k < stats.n_components(); ++k) {
    expect_near(stats.n[k], expected.n[k], absolute.n[k], n_operations);
    for (std::size_t d = 0; d < stats.first.cols(); ++d) {
      expect_near(stats.first(k, d), expected.first[k][d], absolute.first[k][d], n_operations);
    }
    const oracle::Row second = stored(expected.second[k], stats.moments);
    const oracle::Row scale = stored(absolute.second[k], stats.moments);
    ASSERT_EQ(stats.second.cols(), stats.moments <= Moments::mean ? 0 : second.size());
    for (std::size_t i = 0; i < stats.second.cols(); ++i) {
      expect_near(stats.second(k, i), second[i], scale[i], n_operations);
    }
  }
}

TEST(Accumulate, SumsAreTheOraclesForEveryShape) {
  const std::vector<std::size_t> block_sizes{1, 2, 15, 16, 17, 33, 48, 63, 64};
  std::uint64_t seed = 0;
  for (std::size_t d = 1; d <= 18; ++d) {
    for (const std::size_t k : {1, 2, 5}) {
      oracle::Shape shape{.n = block_sizes[seed % block_sizes.size()], .d = d == 18 ? 33 : d, .k = k};
      shape.structure = CovarianceStructure::diagonal;
      shape.weights = seed % 2 == 0 ? oracle::RowWeights::some_zero : oracle::RowWeights::none;
      shape.float32 = seed % 3 == 0;
      shape.offset = seed % 4 == 0 ? 1e8 : 0;
      shape.seed = ++seed;
      SCOPED_TRACE(testing::Message() << shape);
      Case c(shape);
      test::on_every_target([&] {
        for (const Moments moments : kAllMoments) expect_sums(c, c.stats(moments));
      });
    }
  }
}

TEST(Accumulate, AddsToWhatIsThere) {
  Case c({.n = 30, .d = 5, .k = 3, .weights = oracle::RowWeights::random, .seed = 1});
  test::on_every_target([&] {
    for (const Moments moments : kAllMoments) {
      const Stats once = c.stats(moments);
      Stats twice = once;
      c.add_to(twice);
      for (std::size_t k = 0; k < 3; ++k) {
        EXPECT_EQ(twice.n[k], 2 * once.n[k]);
        for (std::size_t d = 0; d < once.first.cols(); ++d) EXPECT_EQ(twice.first(k, d), 2 * once.first(k, d));
        for (std::size_t i = 0; i < once.second.cols(); ++i) {
          EXPECT_DOUBLE_EQ(twice.second(k, i), 2 * once.second(k, i)) << to_string(moments);
        }
      }
    }
  });
}

// The likelihood sums and the sum of weights are not this kernel's.
TEST(Accumulate, LeavesTheOtherSumsAlone) {
  Case c({.n = 10, .d = 2, .k = 2, .seed = 2});
  Stats stats(Moments::full, c.problem.model().means());
  stats.log_likelihood = 1;
  stats.entropy = 2;
  stats.map_log_likelihood = 3;
  stats.sum_weights = 4;
  test::on_every_target([&] {
    c.add_to(stats);
    EXPECT_EQ(stats.log_likelihood, 1);
    EXPECT_EQ(stats.entropy, 2);
    EXPECT_EQ(stats.map_log_likelihood, 3);
    EXPECT_EQ(stats.sum_weights, 4);
  });
}

// About the origin these second moments would be 1e16 with an error of 1; about the shift they are small integers.
TEST(Accumulate, MomentsAboutAFarShiftAreExact) {
  Matrix x(20, 2);
  for (std::size_t i = 0; i < 20; ++i) {
    x(i, 0) = 1e8 + static_cast<double>(i % 5);
    x(i, 1) = -1e8 - static_cast<double>(i % 2);
  }
  const cpu::Block block = test::block_of(0, 20, kStride);
  const Rows rows(x, block);
  test::Posterior posterior(1, kStride);
  for (std::size_t i = 0; i < block.n_padded; ++i) posterior.h[i] = posterior.reciprocal[i] = posterior.nearest[i] = 1;
  test::on_every_target([&] {
    Stats stats(Moments::full, Matrix(1, 2, {1e8, -1e8}));
    Panel scratch(cpu::accumulate_scratch(2, kStride));
    cpu::accumulate(block, rows.x.data(), rows.w.data(), posterior.view(), scratch.data(), stats);
    EXPECT_EQ(stats.n[0], 20);
    EXPECT_EQ(stats.first, Matrix(1, 2, {40, -10}));
    EXPECT_EQ(stats.second, Matrix(1, 3, {120, -20, 10}));
  });
}

// Of 64 rows, a component has three; what is left of the others is below the rounding of its sums.
TEST(Accumulate, RowsThatDoNotCountAreLeftOutWithoutATrace) {
  for (const std::size_t d : {1, 3, 4, 9, 33}) {
    const oracle::Problem problem({.n = 60, .d = d, .k = 1, .weights = oracle::RowWeights::random, .seed = d});
    const cpu::Block block = test::block_of(0, 60, kStride);
    const Rows rows(problem.view(), block);
    Panel scratch(cpu::accumulate_scratch(d, kStride));
    test::Posterior posterior(1, kStride);
    oracle::Table r(60, oracle::Row(1));
    for (std::size_t i = 0; i < block.n_padded; ++i) {
      posterior.h[i] = i % 25 == 7 ? 1 : 1e-12;  // r = 1e-24
      posterior.reciprocal[i] = 1;
      posterior.nearest[i] = 10;
      if (i < 60) r[i][0] = std::pow(static_cast<oracle::Real>(posterior.h[i]), 2);
    }
    const oracle::Sums expected = oracle::sums(oracle::from(problem.view()), r, oracle::from(problem.model().means()));
    test::on_every_target([&] {
      Stats stats(Moments::full, problem.model().means());
      cpu::accumulate(block, rows.x.data(), rows.w.data(), posterior.view(), scratch.data(), stats);
      EXPECT_NEAR(stats.n[0] / static_cast<double>(expected.n[0]), 1, 8 * kEps);
      for (std::size_t i = 0; i < d; ++i) {
        for (std::size_t j = 0; j <= i; ++j) {
          const auto scale = static_cast<double>(std::sqrt(expected.second[0][i][i] * expected.second[0][j][j]));
          EXPECT_NEAR(stats.second(0, i * (i + 1) / 2 + j), static_cast<double>(expected.second[0][i][j]),
                      16 * kEps * scale);
        }
      }
    });
  }
}

// Nobody owns these rows, so nearly nothing of each is all that the component has.
TEST(Accumulate, RowsThatCountForLittleAreKeptWhereTheyAreAll) {
  const std::size_t d = 5;
  const oracle::Problem problem({.n = 60, .d = d, .k = 1, .seed = 3});
  const cpu::Block block = test::block_of(0, 60, kStride);
  const Rows rows(problem.view(), block);
  Panel scratch(cpu::accumulate_scratch(d, kStride));
  test::Posterior posterior(1, kStride);
  for (std::size_t i = 0; i < block.n_padded; ++i) {
    posterior.h[i] = i == 7 ? 0x1p-31 : 0x1p-33;
    posterior.reciprocal[i] = 1;
    posterior.nearest[i] = 10;
  }
  test::on_every_target([&] {
    Stats stats(Moments::diagonal, problem.model().means());
    cpu::accumulate(block, rows.x.data(), rows.w.data(), posterior.view(), scratch.data(), stats);
    oracle::Real expected = 0;
    for (std::size_t i = 0; i < 60; ++i) {
      expected += (i == 7 ? 0x1p-62L : 0x1p-66L) * std::pow(problem.view().value(i, 2) - stats.shift(0, 2), 2);
    }
    EXPECT_NEAR(stats.second(0, 2) / static_cast<double>(expected), 1, 100 * kEps);
  });
}

// A row at 1e9 standard deviations with r = 1e-20: its share of the second moment is a hundredth of the other row's.
TEST(Accumulate, ARowFarFromEveryComponentCountsHoweverSmallItsShare) {
  const std::size_t d = 4;
  Matrix x(40, d);
  for (std::size_t i = 0; i < 40; ++i) x(i, 0) = i == 20 ? 1e9 : i == 0 ? 1 : 0;
  const cpu::Block block = test::block_of(0, 40, kStride);
  const Rows rows(x, block);
  Panel scratch(cpu::accumulate_scratch(d, kStride));
  test::Posterior posterior(1, kStride);
  for (std::size_t i = 0; i < block.n_padded; ++i) {
    posterior.h[i] = i == 0 ? 1 : 1e-10;
    posterior.reciprocal[i] = 1;
    posterior.nearest[i] = i == 20 ? 1e18 : 1;
  }
  test::on_every_target([&] {
    Stats stats(Moments::full, Matrix(1, d));
    cpu::accumulate(block, rows.x.data(), rows.w.data(), posterior.view(), scratch.data(), stats);
    EXPECT_DOUBLE_EQ(stats.second(0, 0), 1.01);
  });
}

}  // namespace
}  // namespace mogul
