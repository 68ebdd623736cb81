// The invariant that every mixture holds: what its constructor refuses, with which words, and what it still accepts.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "message_of.hpp"
#include "mogul/mixture.hpp"
#include "plain_families.hpp"

namespace mogul {
namespace {

using namespace families;
using testing::AllOf;
using testing::HasSubstr;

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

std::string message(CovarianceFamily structure, std::vector<double> weights, Matrix means,
                    std::vector<double> covariances) {
  return test::message_of<invalid_argument>([&] { Mixture(structure, weights, means, covariances); });
}

std::string weights_message(const std::vector<double>& weights) {
  return message(tied_spherical, weights, Matrix(weights.size(), 1), {1});
}

// About one covariance matrix in two dimensions.
std::string matrix_message(const std::vector<double>& matrix) { return message(full, {1}, Matrix(1, 2), matrix); }

TEST(MixtureRules, WeightsLieBetweenZeroAndOne) {
  EXPECT_THAT(message(full, {}, Matrix(0, 1), {}), HasSubstr("weights are empty"));
  EXPECT_THAT(weights_message({1.5, -0.5}), AllOf(HasSubstr("weights[0] = 1.5"), HasSubstr("[0, 1]")));
  EXPECT_THAT(weights_message({0.5, -1e-9, 0.5}), HasSubstr("weights[1] = -1e-09"));
  EXPECT_THAT(weights_message({0.5, 0.5, kNan}), HasSubstr("weights[2] = nan"));
  EXPECT_THAT(weights_message({kInf}), HasSubstr("weights[0] = inf"));
}

TEST(MixtureRules, WeightsSumToOneWithinTenToTheMinusEight) {
  EXPECT_THAT(weights_message({0.5, 0.4}), HasSubstr("weights sum to 0.9; must sum to 1"));
  EXPECT_THAT(weights_message({0, 0}), HasSubstr("weights sum to 0"));
  EXPECT_THAT(weights_message({0.5, 0.5 + 2e-8}), HasSubstr("must sum to 1"));
  EXPECT_NO_THROW(Mixture(tied_spherical, {0.5, 0.5 + 0.9e-8}, Matrix(2, 1), {1}));
  EXPECT_NO_THROW(Mixture(tied_spherical, {0, 1, 0}, Matrix(3, 1), {1}));
}

TEST(MixtureRules, MeansHaveARowForEachWeight) {
  EXPECT_THAT(message(tied_spherical, {0.5, 0.5}, Matrix(3, 2), {1}), HasSubstr("means have shape (3, 2)"));
  EXPECT_THAT(message(tied_spherical, {0.5, 0.5}, Matrix(2, 0), {1}), HasSubstr("at least one column"));
}

TEST(MixtureRules, MeansAreFiniteAndAtMostTenToThe100) {
  for (const auto& [bad, text] : {std::pair{kNan, "nan"}, {kInf, "inf"}, {-kInf, "-inf"}, {1.1e100, "1.1e+100"}}) {
    EXPECT_THAT(message(tied_spherical, {0.5, 0.5}, Matrix(2, 2, {0, 0, 0, bad}), {1}),
                HasSubstr("means[1][1] = " + std::string(text)));
  }
  EXPECT_NO_THROW(Mixture(tied_spherical, {1}, Matrix(1, 2, {1e100, -1e100}), {1}));
}

TEST(MixtureRules, CovariancesHaveTheStructuresSize) {
  for (const auto& [structure, name] : test::plain_families()) {
    const std::size_t size = covariance_size(structure, 2, 3);
    for (const std::size_t wrong : {std::size_t{0}, size - 1, size + 1}) {
      EXPECT_THAT(
          message(structure, {0.5, 0.5}, Matrix(2, 3), std::vector<double>(wrong, 1)),
          AllOf(HasSubstr("covariances hold " + std::to_string(wrong) + " values"), HasSubstr(std::string(name)),
                HasSubstr("n_components = 2"), HasSubstr("needs " + std::to_string(size))));
    }
  }
}

TEST(MixtureRules, VariancesArePositiveAndRepresentable) {
  for (const double bad : {0.0, -1.0, 0.9e-300, 1.1e300, kInf, kNan}) {
    EXPECT_THAT(message(diagonal, {0.5, 0.5}, Matrix(2, 2), {1, 1, 1, bad}),
                HasSubstr("the covariance of component 1: variance"));
    EXPECT_THAT(message(tied_spherical, {0.5, 0.5}, Matrix(2, 2), {bad}), HasSubstr("the shared covariance: variance"));
    EXPECT_THAT(matrix_message({1, 0, 0, bad}), HasSubstr("the covariance of component 0: variance"));
    EXPECT_THAT(message(tied, {1}, Matrix(1, 1), {bad}), HasSubstr("the shared covariance: variance"));
  }
  for (const double good : {1e-300, 1e300}) {
    EXPECT_NO_THROW(Mixture(spherical, {1}, Matrix(1, 1), {good}));
    EXPECT_NO_THROW(Mixture(full, {1}, Matrix(1, 2), {good, 0, 0, good}));
    EXPECT_NO_THROW(Mixture(full, {1}, Matrix(1, 2), {good, 0.5 * good, 0.5 * good, good}));
  }
}

TEST(MixtureRules, MatricesAreSymmetric) {
  EXPECT_THAT(matrix_message({2, 0.5, 0.25, 1}),
              AllOf(HasSubstr("component 0: not symmetric"), HasSubstr("[1][0] = 0.25"), HasSubstr("[0][1] = 0.5")));
  EXPECT_THAT(matrix_message({2, kNan, 0, 1}), HasSubstr("not symmetric"));
  EXPECT_THAT(matrix_message({2, 0, kNan, 1}), HasSubstr("not symmetric"));
  EXPECT_THAT(matrix_message({2, kNan, kNan, 1}), HasSubstr("not symmetric"));
  EXPECT_THAT(message(tied, {0.5, 0.5}, Matrix(2, 2), {2, 0.5, 0.25, 1}), HasSubstr("the shared covariance: not sym"));
}

// The rule is relative to the standard deviations: 1e-6 sqrt(a_ii a_jj), the rounding of products in float32.
TEST(MixtureRules, SmallAsymmetryIsAveragedAway) {
  for (const double scale : {1e-200, 1.0, 1e200}) {
    const std::vector<double> nearly{4 * scale, scale * (1 + 1e-6), scale * (1 - 1e-6), 4 * scale};
    const Mixture mixture(full, {1}, Matrix(1, 2), nearly);
    EXPECT_EQ(mixture.covariances().values()[1], mixture.covariances().values()[2]);
    EXPECT_DOUBLE_EQ(mixture.covariances().values()[1], scale);
    EXPECT_THAT(matrix_message({scale, scale * 0.5, scale * (0.5 + 2e-6), scale}), HasSubstr("not symmetric"));
  }
}

TEST(MixtureRules, MatricesArePositiveDefinite) {
  EXPECT_THAT(matrix_message({1, 2, 2, 1}),
              AllOf(HasSubstr("component 0: not positive definite"), HasSubstr("row [1]")));
  EXPECT_THAT(matrix_message({1, 1, 1, 1}), HasSubstr("row [1]"));
  EXPECT_THAT(message(full, {0.5, 0.5}, Matrix(2, 2), {1, 0, 0, 1, 4, 2, 2, 1}),
              HasSubstr("component 1: not positive"));
  EXPECT_THAT(message(tied, {0.5, 0.5}, Matrix(2, 2), {4, 2, 2, 1}), HasSubstr("the shared covariance: not positive"));
  EXPECT_NO_THROW(Mixture(full, {1}, Matrix(1, 2), {1, 1, 1, 1 + 1e-15}));
}

TEST(MixtureRules, ScalesFarApartAreNotMistakenForSingular) {
  EXPECT_NO_THROW(Mixture(full, {1}, Matrix(1, 2), {1e-200, 0.9, 0.9, 1e200}));
  EXPECT_THAT(matrix_message({1e-200, 1, 1, 1e200}), HasSubstr("not positive definite"));
}

}  // namespace
}  // namespace mogul
