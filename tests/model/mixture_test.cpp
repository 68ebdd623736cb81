// What follows from a mixture's parameters: the same accessors for the six structures, marginals, permutations.
#include "mogul/mixture.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

#include "message_of.hpp"
#include "plain_families.hpp"

namespace mogul {
namespace {

using namespace families;
using testing::HasSubstr;

constexpr double kEps = std::numeric_limits<double>::epsilon();

const Matrix kMeans(2, 3, {1, 2, 3, 4, 5, 6});
const std::vector<double> kWeights{0.25, 0.75};

// Two components in three dimensions; every covariance has a Cholesky factor of small integers.
Mixture example(CovarianceFamily structure) {
  const auto with = [&](std::vector<double> covariances) {
    return Mixture(structure, kWeights, kMeans, std::move(covariances));
  };
  if (structure == full) return with({4, 2, 0, 2, 10, 3, 0, 3, 5, 1, 0, 1, 0, 4, 0, 1, 0, 10});
  if (structure == tied) return with({4, 2, 0, 2, 10, 3, 0, 3, 5});
  if (structure == diagonal) return with({1, 4, 9, 16, 25, 36});
  if (structure == tied_diagonal) return with({1, 4, 9});
  if (structure == spherical) return with({4, 9});
  if (structure == tied_spherical) return with({16});
  throw std::logic_error("a seventh family");
}

// The covariances above, written out.
Matrix written_out(CovarianceFamily structure, std::size_t k) {
  const Matrix first(3, 3, {4, 2, 0, 2, 10, 3, 0, 3, 5});
  const auto diagonal_of = [](double a, double b, double c) { return Matrix(3, 3, {a, 0, 0, 0, b, 0, 0, 0, c}); };
  if (structure == full) return k == 0 ? first : Matrix(3, 3, {1, 0, 1, 0, 4, 0, 1, 0, 10});
  if (structure == tied) return first;
  if (structure == diagonal) return k == 0 ? diagonal_of(1, 4, 9) : diagonal_of(16, 25, 36);
  if (structure == tied_diagonal) return diagonal_of(1, 4, 9);
  if (structure == spherical) return k == 0 ? diagonal_of(4, 4, 4) : diagonal_of(9, 9, 9);
  if (structure == tied_spherical) return diagonal_of(16, 16, 16);
  throw std::logic_error("a seventh family");
}

TEST(Mixture, HoldsWhatItWasMadeFrom) {
  const Mixture mixture(spherical, kWeights, kMeans, {4, 9});
  EXPECT_EQ(mixture.family(), spherical);
  EXPECT_EQ(mixture.n_components(), 2U);
  EXPECT_EQ(mixture.n_features(), 3U);
  EXPECT_EQ(mixture.weights(), kWeights);
  EXPECT_EQ(mixture.means(), kMeans);
  EXPECT_EQ(mixture.covariances().values(), (std::vector<double>{4, 9}));
}

TEST(Mixture, EveryStructureGivesFullMatricesAndVariances) {
  for (const auto& [structure, name] : test::plain_families()) {
    const Mixture mixture = example(structure);
    for (std::size_t k = 0; k < 2; ++k) {
      EXPECT_EQ(mixture.covariance(k), written_out(structure, k)) << name;
      for (std::size_t d = 0; d < 3; ++d) EXPECT_EQ(mixture.variance(k, d), written_out(structure, k)(d, d)) << name;
    }
  }
}

TEST(Mixture, CholeskyFactorsAreLowerAndMultiplyBack) {
  EXPECT_EQ(example(full).cholesky(0), Matrix(3, 3, {2, 0, 0, 1, 3, 0, 0, 1, 2}));
  EXPECT_EQ(example(full).cholesky(1), Matrix(3, 3, {1, 0, 0, 0, 2, 0, 1, 0, 3}));
  for (const auto& [structure, name] : test::plain_families()) {
    const Mixture mixture = example(structure);
    for (std::size_t k = 0; k < 2; ++k) {
      const Matrix l = mixture.cholesky(k);
      for (std::size_t i = 0; i < 3; ++i) {
        for (std::size_t j = 0; j < 3; ++j) {
          double sum = 0;
          for (std::size_t m = 0; m < 3; ++m) sum += l(i, m) * l(j, m);
          EXPECT_EQ(sum, written_out(structure, k)(i, j)) << name;
          if (j > i) {
            EXPECT_EQ(l(i, j), 0) << name;
          }
        }
      }
    }
  }
}

TEST(Mixture, LogDeterminants) {
  const std::array<std::pair<CovarianceFamily, std::array<double, 2>>, 6> determinants{
      {{full, {144, 36}},
       {tied, {144, 144}},
       {diagonal, {36, 14400}},
       {tied_diagonal, {36, 36}},
       {spherical, {64, 729}},
       {tied_spherical, {4096, 4096}}}};
  for (const auto& [structure, expected] : determinants) {
    for (std::size_t k = 0; k < 2; ++k) {
      EXPECT_DOUBLE_EQ(example(structure).log_determinant(k), std::log(expected[k])) << to_string(structure);
    }
  }
}

// The product of the variances would be 1e-15000.
TEST(Mixture, LogDeterminantsDoNotUnderflow) {
  const Mixture mixture(diagonal, {1}, Matrix(1, 50), std::vector<double>(50, 1e-300));
  EXPECT_NEAR(mixture.log_determinant(0), 50 * std::log(1e-300), 1e-10);
}

TEST(Mixture, CountsFreeParameters) {
  const std::size_t weights_and_means = 1 + 2 * 3;
  EXPECT_EQ(example(full).n_parameters(), weights_and_means + 2 * 6);
  EXPECT_EQ(example(tied).n_parameters(), weights_and_means + 6);
  EXPECT_EQ(example(diagonal).n_parameters(), weights_and_means + 2 * 3);
  EXPECT_EQ(example(tied_diagonal).n_parameters(), weights_and_means + 3);
  EXPECT_EQ(example(spherical).n_parameters(), weights_and_means + 2);
  EXPECT_EQ(example(tied_spherical).n_parameters(), weights_and_means + 1);
}

TEST(Mixture, MarginalsAreSubVectorsAndSubMatrices) {
  const std::array<std::size_t, 2> features{2, 0};
  for (const auto& [structure, name] : test::plain_families()) {
    const Mixture mixture = example(structure);
    const Mixture marginal = mixture.marginal(features);
    EXPECT_EQ(marginal.family(), structure);
    EXPECT_EQ(marginal.weights(), mixture.weights());
    for (std::size_t k = 0; k < 2; ++k) {
      for (std::size_t i = 0; i < 2; ++i) {
        EXPECT_EQ(marginal.means()(k, i), kMeans(k, features[i])) << name;
        for (std::size_t j = 0; j < 2; ++j) {
          EXPECT_EQ(marginal.covariance(k)(i, j), mixture.covariance(k)(features[i], features[j])) << name;
        }
      }
    }
  }
}

TEST(Mixture, TheMarginalOfAllFeaturesIsTheMixture) {
  const std::array<std::size_t, 3> all{0, 1, 2};
  for (const auto& [structure, name] : test::plain_families()) {
    EXPECT_EQ(example(structure).marginal(all), example(structure)) << name;
  }
}

TEST(Mixture, MarginalsWantDifferentFeaturesThatExist) {
  const auto message = [](const std::vector<std::size_t>& features) {
    return test::message_of<invalid_argument>([&] { example(full).marginal(features); });
  };
  EXPECT_THAT(message({}), HasSubstr("features are empty"));
  EXPECT_THAT(message({0, 3}), HasSubstr("feature 3; must be < n_features = 3"));
  EXPECT_THAT(message({1, 0, 1}), HasSubstr("feature 1 is given twice"));
}

TEST(Mixture, PermutingMovesWholeComponents) {
  const std::array<std::size_t, 2> swapped{1, 0};
  for (const auto& [structure, name] : test::plain_families()) {
    const Mixture mixture = example(structure);
    const Mixture permuted = mixture.permuted(swapped);
    for (std::size_t k = 0; k < 2; ++k) {
      EXPECT_EQ(permuted.weights()[k], mixture.weights()[1 - k]) << name;
      EXPECT_EQ(permuted.covariance(k), mixture.covariance(1 - k)) << name;
      EXPECT_TRUE(std::ranges::equal(permuted.means().row(k), mixture.means().row(1 - k))) << name;
    }
    EXPECT_EQ(permuted.permuted(swapped), mixture) << name;
  }
}

// order = {2, 0, 1}: new component i is old component order[i], not the other way round.
TEST(Mixture, PermutingReadsTheOrderAsNewToOld) {
  const Mixture mixture(spherical, {0.2, 0.3, 0.5}, Matrix(3, 1, {10, 20, 30}), {1, 2, 3});
  const Mixture permuted = mixture.permuted(std::array<std::size_t, 3>{2, 0, 1});
  EXPECT_EQ(permuted.weights(), (std::vector<double>{0.5, 0.2, 0.3}));
  EXPECT_EQ(permuted.means().values(), (std::vector<double>{30, 10, 20}));
  EXPECT_EQ(permuted.covariances().values(), (std::vector<double>{3, 1, 2}));
}

TEST(Mixture, PermutingWantsEachComponentOnce) {
  for (const std::vector<std::size_t>& order :
       std::vector<std::vector<std::size_t>>{{}, {0}, {0, 0}, {1, 2}, {0, 1, 2}}) {
    EXPECT_THAT(test::message_of<invalid_argument>([&] { example(full).permuted(order); }),
                HasSubstr("order must hold each of 0..1 once"));
  }
}

TEST(Mixture, EqualityIsOfParametersAndStructure) {
  for (const auto& [structure, name] : test::plain_families()) {
    for (const auto& [other, other_name] : test::plain_families()) {
      EXPECT_EQ(example(structure) == example(other), structure == other) << name << ", " << other_name;
    }
  }
  EXPECT_NE(Mixture(spherical, {1}, Matrix(1, 1), {1}), Mixture(spherical, {1}, Matrix(1, 1), {1 + kEps}));
  EXPECT_NE(Mixture(spherical, {1}, Matrix(1, 1, {0}), {1}), Mixture(spherical, {1}, Matrix(1, 1, {1}), {1}));
  // In one dimension the stored numbers agree; the structure still tells them apart.
  EXPECT_NE(Mixture(full, {1}, Matrix(1, 1), {1}), Mixture(spherical, {1}, Matrix(1, 1), {1}));
}

TEST(Mixture, EqualOnesShareTheirFingerprintAndOthersDoNot) {
  const Mixture mixture(families::diagonal, {0.5, 0.5}, Matrix(2, 1, {0, 1}), {1, 2});
  EXPECT_EQ(Mixture(families::diagonal, {0.5, 0.5}, Matrix(2, 1, {-0.0, 1}), {1, 2}).fingerprint(),
            mixture.fingerprint());
  for (const Mixture& other : {Mixture(families::spherical, {0.5, 0.5}, Matrix(2, 1, {0, 1}), {1, 2}),
                               Mixture(families::diagonal, {0.4, 0.6}, Matrix(2, 1, {0, 1}), {1, 2}),
                               Mixture(families::diagonal, {0.5, 0.5}, Matrix(2, 1, {1, 0}), {1, 2}),
                               Mixture(families::diagonal, {0.5, 0.5}, Matrix(2, 1, {0, 1}), {2, 1})}) {
    EXPECT_NE(other.fingerprint(), mixture.fingerprint());
  }
}

}  // namespace
}  // namespace mogul
