// Which families are special cases of others, and the order that follows.
#include "select/nesting.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace mogul {
namespace {

std::vector<CovarianceFamily> all() {
  std::vector<CovarianceFamily> families;
  for (const CovarianceFamily* family : covariance_families()) families.push_back(*family);
  return families;
}

std::string names(const std::vector<CovarianceFamily>& families, const std::vector<std::size_t>& indices) {
  std::string text;
  for (const std::size_t i : indices) text += std::string(families[i].name) + " ";
  return text;
}

TEST(Nesting, IsThatOfVolumeShapeAndOrientation) {
  EXPECT_TRUE(is_narrower(families::eii, families::vvv));
  EXPECT_TRUE(is_narrower(families::eee, families::vee));
  EXPECT_FALSE(is_narrower(families::vii, families::eee));
  EXPECT_FALSE(is_narrower(families::eev, families::vve));
  EXPECT_FALSE(is_narrower(families::vvv, families::vvv));
  const std::vector<CovarianceFamily> families = all();
  for (std::size_t i = 0; i < families.size(); ++i) {
    if (families[i] == families::vvv) {
      EXPECT_EQ(names(families, widest_within(families, i)), "VVE VEV EVV ");
    }
    if (families[i] == families::vei) {
      EXPECT_EQ(names(families, widest_within(families, i)), "VII EEI ");
    }
    if (families[i] == families::eii) {
      EXPECT_EQ(names(families, widest_within(families, i)), "");
    }
  }
  const std::vector<CovarianceFamily> few{families::vvv, families::eii, families::vvi};
  EXPECT_EQ(names(few, widest_within(few, 0)), "VVI ");
}

// A narrower family never has more parameters.
TEST(Nesting, GoesWithTheNumberOfParameters) {
  for (const CovarianceFamily& narrow : all()) {
    for (const CovarianceFamily& wide : all()) {
      if (is_narrower(narrow, wide)) {
        EXPECT_LT(narrow.n_parameters(3, 4), wide.n_parameters(3, 4));
      }
    }
  }
}

TEST(Nesting, OrdersFamiliesSoThatNarrowerOnesComeFirst) {
  const std::vector<CovarianceFamily> families = all();
  std::vector<std::size_t> seen;
  for (const std::vector<std::size_t>& group : by_width(families)) {
    for (const std::size_t i : group) {
      for (const std::size_t j : widest_within(families, i))
        EXPECT_TRUE(std::ranges::count(seen, j)) << families[i].name;
    }
    seen.insert(seen.end(), group.begin(), group.end());
  }
  EXPECT_EQ(seen.size(), families.size());
}

TEST(Nesting, OfOneFeatureOnlyVolumesDiffer) {
  const std::vector<CovarianceFamily> families{families::eei, families::vvv, families::eii, families::vii};
  EXPECT_EQ(first_same_in_one_dimension(families, 0), 0U);
  EXPECT_EQ(first_same_in_one_dimension(families, 1), 1U);
  EXPECT_EQ(first_same_in_one_dimension(families, 2), 0U);
  EXPECT_EQ(first_same_in_one_dimension(families, 3), 1U);
}

}  // namespace
}  // namespace mogul
