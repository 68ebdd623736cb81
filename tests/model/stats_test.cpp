// Statistics: their shapes, and what adding two of them adds.
#include "mogul/stats.hpp"

#include <gtest/gtest.h>

#include "message_of.hpp"
#include "plain_families.hpp"

namespace mogul {
namespace {

using testing::HasSubstr;

constexpr Moments kAllMoments[] = {Moments::none,     Moments::mean,   Moments::spherical,
                                   Moments::diagonal, Moments::pooled, Moments::full};

// Statistics in which every number is different.
Stats counted(Moments moments, double start) {
  Stats stats(moments, Matrix(2, 3, {1, 2, 3, 4, 5, 6}));
  double next = start;
  for (double& n : stats.n) n = next++;
  for (Matrix* m : {&stats.first, &stats.second}) {
    for (std::size_t k = 0; k < m->rows(); ++k) {
      for (double& value : m->row(k)) value = next++;
    }
  }
  stats.sum_weights = next++;
  stats.log_likelihood = next++;
  stats.entropy = next++;
  stats.map_log_likelihood = next++;
  return stats;
}

TEST(Stats, HoldTheMomentsAskedForAndThoseBefore) {
  const std::size_t d = 3;
  const auto shape = [](const Matrix& m) { return std::pair(m.rows(), m.cols()); };
  const auto of = [](Moments moments) { return Stats(moments, Matrix(2, d)); };
  for (const Moments moments : kAllMoments) {
    const Stats stats = of(moments);
    EXPECT_EQ(stats.n_components(), 2U);
    EXPECT_EQ(stats.n_features(), d);
    EXPECT_EQ(stats.n, (std::vector<double>{0, 0}));
    EXPECT_EQ(shape(stats.first), moments == Moments::none ? std::pair(0UL, 0UL) : std::pair(2UL, d));
  }
  EXPECT_TRUE(of(Moments::mean).second.empty());
  EXPECT_EQ(shape(of(Moments::spherical).second), std::pair(2UL, 1UL));
  EXPECT_EQ(shape(of(Moments::diagonal).second), std::pair(2UL, d));
  EXPECT_EQ(shape(of(Moments::pooled).second), std::pair(1UL, d * (d + 1) / 2));
  EXPECT_EQ(shape(of(Moments::full).second), std::pair(2UL, d * (d + 1) / 2));
}

TEST(Stats, EveryStructureNamesTheMomentsThatItNeeds) {
  using namespace families;
  EXPECT_EQ(full.moments(), Moments::full);
  EXPECT_EQ(tied.moments(), Moments::pooled);
  for (const auto structure : {diagonal, tied_diagonal}) EXPECT_EQ(structure.moments(), Moments::diagonal);
  for (const auto structure : {spherical, tied_spherical}) EXPECT_EQ(structure.moments(), Moments::spherical);
}

TEST(Stats, PooledMomentsServeNothingFiner) {
  for (const Moments needed : kAllMoments) {
    EXPECT_EQ(provides(Moments::pooled, needed),
              needed == Moments::none || needed == Moments::mean || needed == Moments::pooled);
    EXPECT_TRUE(provides(Moments::full, needed));
    EXPECT_TRUE(provides(needed, needed));
  }
  EXPECT_FALSE(provides(Moments::diagonal, Moments::pooled));
}

TEST(Stats, MomentsHaveNames) {
  std::vector<std::string> names;
  for (const Moments moments : kAllMoments) names.emplace_back(to_string(moments));
  EXPECT_EQ(names, (std::vector<std::string>{"none", "mean", "spherical", "diagonal", "pooled", "full"}));
}

TEST(Stats, AddingAddsEveryNumberAndKeepsTheShift) {
  for (const Moments moments : kAllMoments) {
    Stats sum = counted(moments, 1);
    sum += counted(moments, 1000);
    const Stats first = counted(moments, 1);
    const Stats second = counted(moments, 1000);
    EXPECT_EQ(sum.shift, first.shift);
    for (std::size_t k = 0; k < 2; ++k) {
      EXPECT_EQ(sum.n[k], first.n[k] + second.n[k]);
      for (std::size_t i = 0; i < sum.first.cols(); ++i)
        EXPECT_EQ(sum.first(k, i), first.first(k, i) + second.first(k, i));
    }
    for (std::size_t i = 0; i < sum.second.values().size(); ++i) {
      EXPECT_EQ(sum.second.values()[i], first.second.values()[i] + second.second.values()[i]);
    }
    EXPECT_EQ(sum.sum_weights, first.sum_weights + second.sum_weights);
    EXPECT_EQ(sum.log_likelihood, first.log_likelihood + second.log_likelihood);
    EXPECT_EQ(sum.entropy, first.entropy + second.entropy);
    EXPECT_EQ(sum.map_log_likelihood, first.map_log_likelihood + second.map_log_likelihood);
    EXPECT_EQ(sum.expected_complete_log_likelihood(), sum.log_likelihood - sum.entropy);
  }
}

TEST(Stats, AddingZeroOrItselfWorks) {
  for (const Moments moments : kAllMoments) {
    Stats stats = counted(moments, 1);
    stats += Stats(moments, stats.shift);
    EXPECT_EQ(stats, counted(moments, 1));
    Stats twice = stats;
    twice += stats;
    stats += stats;
    EXPECT_EQ(stats, twice);
  }
}

TEST(Stats, OfOtherMomentsOrAnotherModelDoNotAdd) {
  Stats stats = counted(Moments::full, 1);
  EXPECT_THAT(test::message_of<invalid_argument>([&] { stats += counted(Moments::diagonal, 1); }),
              HasSubstr("different moments"));
  for (const Matrix& shift : {Matrix(2, 3), Matrix(3, 3), Matrix(2, 2), Matrix(3, 2, {1, 2, 3, 4, 5, 6})}) {
    EXPECT_THAT(test::message_of<invalid_argument>([&] { stats += Stats(Moments::full, shift); }),
                HasSubstr("different models"));
  }
  const auto under = [](double variance) {
    return accumulate({families::spherical, {1}, Matrix(1, 1), {variance}}, Matrix(1, 1, {1}));
  };
  EXPECT_THAT(test::message_of<invalid_argument>([&] { under(1) += under(2); }), HasSubstr("different models"));
  EXPECT_EQ(stats, counted(Moments::full, 1)) << "a refused sum must change nothing";
}

TEST(Stats, AccumulateUsesTheStructuresMomentsUnlessTold) {
  const Matrix x(3, 1, {1, 2, 4});
  for (const auto& [structure, name] : test::plain_families()) {
    const Mixture model(structure, {1}, Matrix(1, 1, {2}), {1});
    const Stats stats = accumulate(model, x);
    EXPECT_EQ(stats.moments, structure.moments()) << name;
    EXPECT_EQ(stats.shift, model.means());
    EXPECT_EQ(stats.n[0], 3);
    EXPECT_EQ(stats.first(0, 0), 1);   // -1 + 0 + 2
    EXPECT_EQ(stats.second(0, 0), 5);  // 1 + 0 + 4
    EXPECT_EQ(accumulate(model, x, Moments::none).moments, Moments::none);
  }
}

TEST(Stats, AccumulateRefusesRowsThatDoNotFitTheModel) {
  const Mixture model(families::full, {1}, Matrix(1, 2), {1, 0, 0, 1});
  for (const std::size_t cols : {1, 3}) {
    EXPECT_THAT(test::message_of<invalid_argument>([&] { accumulate(model, Matrix(4, cols)); }),
                HasSubstr("data have " + std::to_string(cols) + " columns; the mixture has 2 features"));
  }
}

}  // namespace
}  // namespace mogul
