// Which components are the same Gaussian twice, and which only overlap.
#include "em/coincide.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace mogul {
namespace {

using namespace families;
using Groups = std::vector<std::vector<std::size_t>>;

Mixture line(std::vector<double> means, std::vector<double> variances) {
  const std::size_t k = means.size();
  return {spherical, std::vector<double>(k, 1.0 / static_cast<double>(k)), Matrix(k, 1, std::move(means)),
          std::move(variances)};
}

TEST(Coincide, EqualComponentsAreFoundWhateverTheirWeights) {
  const Mixture mixture(diagonal, {0.25, 0.125, 0.125, 0.5}, Matrix(4, 2, {1, 2, 5, 5, 1, 2, 1, 2}),
                        {1, 4, 1, 4, 1, 4, 1, 4});
  EXPECT_EQ(coinciding_components(mixture, kSame), (Groups{{0, 2, 3}}));
}

TEST(Coincide, EveryGroupIsListed) {
  EXPECT_EQ(coinciding_components(line({0, 9, 0, 9, 4}, {1, 1, 1, 1, 1}), kSame), (Groups{{0, 2}, {1, 3}}));
}

TEST(Coincide, ComponentsThatOnlyOverlapAreDifferent) {
  EXPECT_EQ(coinciding_components(line({0, 1}, {1, 1}), kNearlySame), Groups()) << "one standard deviation apart";
  EXPECT_EQ(coinciding_components(line({0, 0.1}, {1, 1}), kNearlySame), Groups());
  EXPECT_EQ(coinciding_components(line({0, 0}, {1, 9}), kNearlySame), Groups()) << "one within the other";
  EXPECT_EQ(coinciding_components(line({0, 0}, {1, 1.1}), kNearlySame), Groups());
  EXPECT_EQ(coinciding_components(line({0, 1e-5}, {1, 1}), kSame), Groups());
  EXPECT_EQ(coinciding_components(line({0, 0}, {1, 1 + 1e-5}), kSame), Groups());
}

TEST(Coincide, OnesThatARoundingPartsAreTheSame) {
  EXPECT_EQ(coinciding_components(line({3, 3 + 1e-12}, {1, 1 - 1e-12}), kSame), (Groups{{0, 1}}));
}

TEST(Coincide, TheUnitDoesNotMatter) {
  for (const double unit : {1e-30, 1e-6, 1e6, 1e30}) {
    EXPECT_EQ(coinciding_components(line({0, 0.5 * unit}, {unit * unit, unit * unit}), kNearlySame), Groups()) << unit;
    EXPECT_EQ(coinciding_components(line({0, 1e-8 * unit}, {unit * unit, unit * unit}), kSame), (Groups{{0, 1}}));
  }
}

TEST(Coincide, AComponentWithoutWeightIsNobodysTwin) {
  const Mixture mixture(spherical, {0, 1, 0}, Matrix(3, 1), {1, 1, 1});
  EXPECT_EQ(coinciding_components(mixture, kSame), Groups());
}

// Two flat ellipses side by side: each feature's means and variances nearly agree, but no row belongs to both.
TEST(Coincide, EveryDirectionCountsNotOnlyTheFeatures) {
  const double c = 1 - 1e-8;  // the conditional standard deviation is 1.4e-4
  for (const CovarianceFamily structure : {full, tied}) {
    std::vector<double> covariances{1, c, c, 1};
    if (structure == full) covariances.insert(covariances.end(), {1, c, c, 1});
    const auto apart = [&](double x, double y) {
      return coinciding_components(Mixture(structure, {0.5, 0.5}, Matrix(2, 2, {0, 0, x, y}), covariances),
                                   kNearlySame);
    };
    EXPECT_EQ(apart(0.01, 0.01), (Groups{{0, 1}})) << "along the ellipses";
    EXPECT_EQ(apart(0.01, -0.01), Groups()) << "across";
  }
  const Mixture turned(full, {0.5, 0.5}, Matrix(2, 2), {1, 0.5, 0.5, 1, 1, 0.4, 0.4, 1});
  EXPECT_EQ(coinciding_components(turned, kNearlySame), Groups());
}

}  // namespace
}  // namespace mogul
