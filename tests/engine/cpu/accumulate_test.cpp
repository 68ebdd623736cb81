// Weighted moments of a block against the oracle's sums, for every kind of moments, on every instruction set.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "engine/cpu/panel.hpp"
#include "engine/cpu/targets.hpp"
#include "reference/border.hpp"
#include "reference/generators.hpp"

namespace mogul {
namespace {

using test::Panel;
using test::Rows;

template <class X>
constexpr double kEps = std::numeric_limits<X>::epsilon();
constexpr std::size_t kStride = 64;
const std::vector<char> kNonePromoted{0};
constexpr Moments kAllMoments[] = {Moments::none, Moments::mean, Moments::spherical, Moments::diagonal, Moments::full};

// Rows of a random problem with random responsibilities, some of them zero.
template <class X>
struct CaseOf {
  explicit CaseOf(const oracle::Shape& shape)
      : problem(shape),
        block(test::block_of<X>(0, shape.n, kStride)),
        rows(problem.view(), block),
        posterior(shape.k, kStride),
        table(shape.n, oracle::Row(shape.k)) {
    oracle::Dice dice(shape.seed);
    for (std::size_t k = 0; k < shape.k; ++k) {
      for (std::size_t i = 0; i < block.n_padded; ++i) {
        const double r = (i + k) % 4 == 3 ? 0 : dice.uniform();  // also in the padding, which has weight zero
        const X h = static_cast<X>(std::sqrt(2 * r));
        posterior.h[k * kStride + i] = h;
        posterior.reciprocal[i] = 0.5;
        posterior.nearest[i] = 0;
        if (i < shape.n) table[i][k] = std::pow(static_cast<oracle::Real>(h), 2) / 2;
      }
    }
  }

  void add_to(Stats& stats, bool promoted = false) {
    Panel<X> scratch(cpu::accumulate_scratch(stats.moments, stats.n_features(), kStride));
    const std::vector<char> all(stats.n_components(), promoted);
    cpu::accumulate<X>(block, rows.x.data(), rows.w.data(), posterior.view(), all, scratch.data(), stats);
  }
  Stats stats(Moments moments, bool promoted = false) {
    Stats out(moments, problem.model().means());
    add_to(out, promoted);
    return out;
  }

  oracle::Problem problem;
  cpu::Block block;
  Rows<X> rows;
  test::Posterior<X> posterior;
  oracle::Table table;
};
using Case = CaseOf<double>;

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

void expect_near(double actual, oracle::Real expected, oracle::Real absolute_sum, double relative) {
  ASSERT_LE(std::abs(actual - expected), relative * absolute_sum);
}

template <class X>
void expect_sums(const CaseOf<X>& c, const Stats& stats) {
  const oracle::Data data = oracle::from(c.problem.view());
  const oracle::Table shift = oracle::from(stats.shift);
  const oracle::Sums expected = oracle::sums(data, c.table, shift);
  const oracle::Sums absolute = oracle::sums(data, c.table, shift, true);
  const double relative = kEps<X> * static_cast<double>(data.x.size() + 8);
  for (std::size_t k = 0; k < stats.n_components(); ++k) {
    expect_near(stats.n[k], expected.n[k], absolute.n[k], relative);
    for (std::size_t d = 0; d < stats.first.cols(); ++d) {
      expect_near(stats.first(k, d), expected.first[k][d], absolute.first[k][d], relative);
    }
    const oracle::Row second = stored(expected.second[k], stats.moments);
    const oracle::Row scale = stored(absolute.second[k], stats.moments);
    ASSERT_EQ(stats.second.cols(), stats.moments <= Moments::mean ? 0 : second.size());
    for (std::size_t i = 0; i < stats.second.cols(); ++i) {
      expect_near(stats.second(k, i), second[i], scale[i], relative);
    }
  }
}

template <class X>
void expect_sums_for_every_shape() {
  const std::vector<std::size_t> block_sizes{1, 2, 15, 16, 17, 33, 48, 63, 64};
  std::uint64_t seed = 0;
  for (std::size_t d = 1; d <= 18; ++d) {
    for (const std::size_t k : {1, 2, 5}) {
      oracle::Shape shape{.n = block_sizes[seed % block_sizes.size()], .d = d == 18 ? 33 : d, .k = k};
      shape.structure = families::diagonal;
      shape.weights = seed % 2 == 0 ? oracle::RowWeights::some_zero : oracle::RowWeights::none;
      shape.float32 = std::is_same_v<X, float> || seed % 3 == 0;
      shape.offset = seed % 4 == 0 ? 1e8 : 0;
      shape.seed = ++seed;
      SCOPED_TRACE(testing::Message() << shape);
      CaseOf<X> c(shape);
      test::on_every_target([&] {
        for (const Moments moments : kAllMoments) expect_sums(c, c.stats(moments));
        expect_sums(c, c.stats(Moments::full, true));
      });
    }
  }
}

TEST(Accumulate, SumsAreTheOraclesForEveryShape) { expect_sums_for_every_shape<double>(); }
TEST(Accumulate, SumsOfFloatsAreTheOraclesForEveryShape) { expect_sums_for_every_shape<float>(); }

// The scratch is as large as is promised, also where features are many and rows few: a sanitizer would tell.
TEST(Accumulate, PooledMomentsOfManyFeaturesFitTheScratch) {
  const std::size_t d = 1600;
  FloatMatrix x(64, d);
  for (std::size_t i = 0; i < 64; ++i) x(i, i) = 2;
  const cpu::Block block = test::block_of<float>(0, 64, 128);
  test::Panel<float> panel(d * 128), w(128), scratch(cpu::accumulate_scratch(Moments::pooled, d, 128));
  cpu::transpose(DataView(x), 0, block, panel.data(), w.data());
  std::vector<double> second(d * (d + 1) / 2);
  cpu::accumulate_pooled<float>(block, panel.data(), w.data(), std::vector<double>(d, 0.0), scratch.data(), second);
  for (std::size_t i = 0; i < 70; ++i) EXPECT_EQ(second[i * (i + 1) / 2 + i], i < 64 ? 4 : 0) << i;
}

// Squares of 4097 = 2^12 + 1 have 25 bits, one more than a float.
TEST(Accumulate, PromotedComponentsAreSummedInDouble) {
  for (const std::size_t d : {2, 7}) {
    const FloatMatrix x(50, d, std::vector<float>(50 * d, 4097));
    const cpu::Block block = test::block_of<float>(0, 50, kStride);
    const Rows<float> rows(x, block);
    test::Posterior<float> posterior(2, kStride);
    for (std::size_t i = 0; i < block.n_padded; ++i) {
      posterior.h[i] = posterior.h[kStride + i] = posterior.reciprocal[i] = posterior.nearest[i] = 1;
    }
    Panel<float> scratch(cpu::accumulate_scratch(Moments::full, d, kStride));
    test::on_every_target([&] {
      Stats stats(Moments::full, Matrix(2, d));
      cpu::accumulate<float>(block, rows.x.data(), rows.w.data(), posterior.view(), std::vector<char>{0, 1},
                             scratch.data(), stats);
      EXPECT_NE(stats.second(0, 0), 50 * 4097.0 * 4097);
      EXPECT_NEAR(stats.second(0, 0), 50 * 4097.0 * 4097, 1e-5 * stats.second(0, 0));
      EXPECT_EQ(stats.second(1, 0), 50 * 4097.0 * 4097);
      EXPECT_EQ(stats.second(1, d), 50 * 4097.0 * 4097);
    });
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
  const cpu::Block block = test::block_of<double>(0, 20, kStride);
  const Rows<double> rows(x, block);
  test::Posterior<double> posterior(1, kStride);
  for (std::size_t i = 0; i < block.n_padded; ++i) posterior.h[i] = posterior.reciprocal[i] = posterior.nearest[i] = 1;
  test::on_every_target([&] {
    Stats stats(Moments::full, Matrix(1, 2, {1e8, -1e8}));
    Panel<double> scratch(cpu::accumulate_scratch(Moments::full, 2, kStride));
    cpu::accumulate<double>(block, rows.x.data(), rows.w.data(), posterior.view(), kNonePromoted, scratch.data(),
                            stats);
    EXPECT_EQ(stats.n[0], 20);
    EXPECT_EQ(stats.first, Matrix(1, 2, {40, -10}));
    EXPECT_EQ(stats.second, Matrix(1, 3, {120, -20, 10}));
  });
}

// Of 64 rows, a component has three; what is left of the others is below the rounding of its sums.
template <class X>
void expect_no_trace(bool promoted) {
  for (const std::size_t d : {1, 3, 4, 9, 33}) {
    const oracle::Problem problem({.n = 60,
                                   .d = d,
                                   .k = 1,
                                   .weights = oracle::RowWeights::random,
                                   .float32 = std::is_same_v<X, float>,
                                   .seed = d});
    const cpu::Block block = test::block_of<X>(0, 60, kStride);
    const Rows<X> rows(problem.view(), block);
    Panel<X> scratch(cpu::accumulate_scratch(Moments::full, d, kStride));
    test::Posterior<X> posterior(1, kStride);
    oracle::Table r(60, oracle::Row(1));
    for (std::size_t i = 0; i < block.n_padded; ++i) {
      posterior.h[i] = i % 25 == 7 ? X{1} : static_cast<X>(1e-12);  // r = 1e-24
      posterior.reciprocal[i] = 1;
      posterior.nearest[i] = 10;
      if (i < 60) r[i][0] = std::pow(static_cast<oracle::Real>(posterior.h[i]), 2);
    }
    const oracle::Sums expected = oracle::sums(oracle::from(problem.view()), r, oracle::from(problem.model().means()));
    test::on_every_target([&] {
      for (const Moments moments : {Moments::diagonal, Moments::full}) {
        Stats stats(moments, problem.model().means());
        cpu::accumulate<X>(block, rows.x.data(), rows.w.data(), posterior.view(), std::vector<char>{promoted},
                           scratch.data(), stats);
        EXPECT_NEAR(stats.n[0] / static_cast<double>(expected.n[0]), 1, 8 * kEps<X>);
        const oracle::Row second = stored(expected.second[0], moments);
        const oracle::Row scale =
            stored(oracle::sums(oracle::from(problem.view()), r, oracle::from(problem.model().means()), true).second[0],
                   moments);
        for (std::size_t i = 0; i < second.size(); ++i)
          expect_near(stats.second(0, i), second[i], scale[i], 16 * kEps<X>);
      }
    });
  }
}

TEST(Accumulate, RowsThatDoNotCountAreLeftOutWithoutATrace) { expect_no_trace<double>(false); }
TEST(Accumulate, FloatRowsThatDoNotCountAreLeftOutWithoutATrace) { expect_no_trace<float>(false); }
TEST(Accumulate, RowsThatDoNotCountForAPromotedComponentAreLeftOutWithoutATrace) { expect_no_trace<float>(true); }

// Nobody owns these rows, so nearly nothing of each is all that the component has.
TEST(Accumulate, RowsThatCountForLittleAreKeptWhereTheyAreAll) {
  const std::size_t d = 5;
  const oracle::Problem problem({.n = 60, .d = d, .k = 1, .seed = 3});
  const cpu::Block block = test::block_of<double>(0, 60, kStride);
  const Rows<double> rows(problem.view(), block);
  Panel<double> scratch(cpu::accumulate_scratch(Moments::full, d, kStride));
  test::Posterior<double> posterior(1, kStride);
  for (std::size_t i = 0; i < block.n_padded; ++i) {
    posterior.h[i] = i == 7 ? 0x1p-31 : 0x1p-33;
    posterior.reciprocal[i] = 1;
    posterior.nearest[i] = 10;
  }
  test::on_every_target([&] {
    Stats stats(Moments::diagonal, problem.model().means());
    cpu::accumulate<double>(block, rows.x.data(), rows.w.data(), posterior.view(), kNonePromoted, scratch.data(),
                            stats);
    oracle::Real expected = 0;
    for (std::size_t i = 0; i < 60; ++i) {
      expected += (i == 7 ? 0x1p-62L : 0x1p-66L) * std::pow(problem.view().value(i, 2) - stats.shift(0, 2), 2);
    }
    EXPECT_NEAR(stats.second(0, 2) / static_cast<double>(expected), 1, 100 * kEps<double>);
  });
}

// A row at 1e9 standard deviations with r = 1e-20: its share of the second moment is a hundredth of the other row's.
TEST(Accumulate, ARowFarFromEveryComponentCountsHoweverSmallItsShare) {
  const std::size_t d = 4;
  Matrix x(40, d);
  for (std::size_t i = 0; i < 40; ++i) x(i, 0) = i == 20 ? 1e9 : i == 0 ? 1 : 0;
  const cpu::Block block = test::block_of<double>(0, 40, kStride);
  const Rows<double> rows(x, block);
  Panel<double> scratch(cpu::accumulate_scratch(Moments::full, d, kStride));
  test::Posterior<double> posterior(1, kStride);
  for (std::size_t i = 0; i < block.n_padded; ++i) {
    posterior.h[i] = i == 0 ? 1 : 1e-10;
    posterior.reciprocal[i] = 1;
    posterior.nearest[i] = i == 20 ? 1e18 : 1;
  }
  test::on_every_target([&] {
    Stats stats(Moments::full, Matrix(1, d));
    cpu::accumulate<double>(block, rows.x.data(), rows.w.data(), posterior.view(), kNonePromoted, scratch.data(),
                            stats);
    EXPECT_DOUBLE_EQ(stats.second(0, 0), 1.01);
  });
}

}  // namespace
}  // namespace mogul
