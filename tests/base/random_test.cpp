// The generator gives the published numbers, its streams are told apart by every part of their name, and what is made
// of them (uniforms, normals, indices) has the right distribution.
#include "base/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace mogul {
namespace {

using Counter = std::array<std::uint32_t, 4>;
using Key = std::array<std::uint32_t, 2>;

// kat_vectors of Random123 (Salmon et al. 2011), "philox4x32 10".
TEST(Philox, GivesThePublishedAnswers) {
  EXPECT_EQ(philox({0, 0, 0, 0}, {0, 0}), (Counter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  const std::uint32_t ones = 0xffffffff;
  EXPECT_EQ(philox({ones, ones, ones, ones}, {ones, ones}), (Counter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Counter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

// The layout of a stream's name is what makes results the same from one release to the next.
TEST(RandomStream, YieldsThePhiloxBlocksOfItsNameInOrder) {
  const std::uint64_t seed = 0x0123456789abcdef;
  const std::uint64_t index = 0xfedcba9876543210;
  RandomStream stream(seed, Purpose::seeding, 5, index);
  for (std::uint32_t block = 0; block < 3; ++block) {
    const Counter words = philox({block, 2 | 5 << 3, 0x76543210, 0xfedcba98}, Key{0x89abcdef, 0x01234567});
    EXPECT_EQ(stream.next(), words[0] | std::uint64_t{words[1]} << 32);
    EXPECT_EQ(stream.next(), words[2] | std::uint64_t{words[3]} << 32);
  }
}

TEST(RandomStream, EveryPartOfTheNameTellsStreamsApart) {
  std::set<std::uint64_t> first_words;
  std::size_t n_streams = 0;
  for (const std::uint64_t seed : {0ULL, 1ULL, 1ULL << 32, ~0ULL}) {
    for (const auto purpose : {Purpose::sample, Purpose::subsample, Purpose::seeding, Purpose::responsibilities}) {
      for (const std::size_t restart : {0, 1, 7, 8, 1000}) {
        for (const std::uint64_t index : {0ULL, 1ULL, 1ULL << 32, ~0ULL}) {
          first_words.insert(RandomStream(seed, purpose, restart, index).next());
          ++n_streams;
        }
      }
    }
  }
  EXPECT_EQ(first_words.size(), n_streams);
}

TEST(RandomStream, DoesNotDependOnWhatOtherStreamsDrew) {
  RandomStream alone(3, Purpose::sample);
  RandomStream beside(3, Purpose::sample);
  RandomStream other(3, Purpose::sample, 0, 1);
  for (int i = 0; i < 100; ++i) {
    other.normal();
    EXPECT_EQ(alone.next(), beside.next());
  }
}

// 256 cells of 1000 expected draws: chi-squared has mean 255 and standard deviation sqrt(510).
TEST(RandomStream, UniformsFillTheUnitIntervalEvenly) {
  RandomStream stream(1, Purpose::sample);
  std::array<double, 256> cells{};
  for (int i = 0; i < 256'000; ++i) {
    const double u = stream.uniform();
    ASSERT_GE(u, 0);
    ASSERT_LT(u, 1);
    ASSERT_EQ(u * 0x1p53, std::floor(u * 0x1p53));
    ++cells[static_cast<std::size_t>(256 * u)];
  }
  double chi_squared = 0;
  for (const double count : cells) chi_squared += (count - 1000) * (count - 1000) / 1000;
  EXPECT_NEAR(chi_squared, 255, 5 * std::sqrt(510));
}

// One draw from each of many streams must be as good as many draws from one: that is how rows are sampled.
TEST(RandomStream, FirstUniformsOfConsecutiveRowsAreIndependent) {
  constexpr int kRows = 100'000;
  double sum = 0;
  double products = 0;
  double last = 0;
  for (int i = 0; i < kRows; ++i) {
    const double centred = RandomStream(0, Purpose::sample, 0, static_cast<std::uint64_t>(i)).uniform() - 0.5;
    sum += centred;
    products += centred * last;
    last = centred;
  }
  EXPECT_NEAR(sum / kRows, 0, 5 * std::sqrt(1.0 / 12 / kRows));
  EXPECT_NEAR(products / kRows, 0, 5 * (1.0 / 12) / std::sqrt(kRows));
}

// E z^p for p = 1..4 is 0, 1, 0, 3, with variances 1, 2, 15, 96.
TEST(RandomStream, NormalsHaveTheRightMoments) {
  constexpr int kDraws = 400'000;
  RandomStream stream(2, Purpose::sample);
  std::array<double, 4> sums{};
  double products = 0;
  double last = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double z = stream.normal();
    double power = 1;
    for (double& sum : sums) sum += power *= z;
    products += z * last;
    last = z;
  }
  const std::array<double, 4> expected{0, 1, 0, 3};
  const std::array<double, 4> variances{1, 2, 15, 96};
  for (std::size_t p = 0; p < 4; ++p) {
    EXPECT_NEAR(sums[p] / kDraws, expected[p], 5 * std::sqrt(variances[p] / kDraws)) << "moment " << p + 1;
  }
  EXPECT_NEAR(products / kDraws, 0, 5 / std::sqrt(kDraws));
}

TEST(DrawIndex, TakesTheFirstSumAboveTheShare) {
  const std::vector<double> sums{1, 3, 4};
  EXPECT_EQ(draw_index(sums, 0), 0U);
  EXPECT_EQ(draw_index(sums, 0.2499), 0U);
  EXPECT_EQ(draw_index(sums, 0.25), 1U);
  EXPECT_EQ(draw_index(sums, 0.7499), 1U);
  EXPECT_EQ(draw_index(sums, 0.75), 2U);
  EXPECT_EQ(draw_index(sums, std::nextafter(1, 0)), 2U);
}

TEST(DrawIndex, NeverTakesAnIndexWithoutAShare) {
  for (const double scale : {1.0, 3.0, 0.1, 1e-300, 1e300}) {
    const std::vector<double> sums{0, 0, scale, scale, 3 * scale, 3 * scale, 3 * scale};
    for (const double u : {0.0, std::numeric_limits<double>::denorm_min(), 0.2, 1.0 / 3, 0.4, std::nextafter(1, 0)}) {
      const std::size_t index = draw_index(sums, u);
      EXPECT_TRUE(index == 2 || index == 4) << "index " << index << " for u = " << u << ", scale = " << scale;
    }
  }
}

TEST(DrawIndex, FrequenciesFollowTheShares) {
  constexpr int kDraws = 100'000;
  const std::vector<double> sums{0.1, 0.1, 0.4, 1.0};
  RandomStream stream(4, Purpose::seeding);
  std::array<double, 4> counts{};
  for (int i = 0; i < kDraws; ++i) ++counts[draw_index(sums, stream.uniform())];
  const std::array<double, 4> shares{0.1, 0, 0.3, 0.6};
  for (std::size_t k = 0; k < 4; ++k) {
    EXPECT_NEAR(counts[k] / kDraws, shares[k], 5 * std::sqrt(shares[k] * (1 - shares[k]) / kDraws)) << k;
  }
}

}  // namespace
}  // namespace mogul
