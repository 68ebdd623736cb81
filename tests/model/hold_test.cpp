// What is held: its text, and what it leaves to estimate.
#include <gtest/gtest.h>

#include "mogul/hold.hpp"

namespace mogul {
namespace {

TEST(Hold, IsWrittenAsTheFlagTakesIt) {
  EXPECT_EQ(to_string(Hold{}), "");
  EXPECT_EQ(to_string({.weights = true, .covariances = true}), "weights,covariances");
  EXPECT_EQ(to_string({.means_of = {0, 2}}), "means:0,2");
  EXPECT_EQ(to_string({.weights = true, .means = true, .means_of = {0, 2}}), "weights,means") << "all means are held";
}

TEST(Hold, LeavesTheRestToEstimate) {
  EXPECT_TRUE(Hold{}.estimates_weights());
  EXPECT_FALSE(Hold{.weights = true}.estimates_weights());
  EXPECT_FALSE(Hold{.equal_weights = true}.estimates_weights());
  const Hold some{.means_of = {1}};
  EXPECT_TRUE(some.estimates_mean(0));
  EXPECT_FALSE(some.estimates_mean(1));
  EXPECT_FALSE(Hold{.means = true}.estimates_mean(0));
}

TEST(Hold, RefusesComponentsThatDoNotExistOrComeTwice) {
  EXPECT_NO_THROW(check_hold({.means_of = {0, 1}}, 2));
  EXPECT_THROW(check_hold({.means_of = {2}}, 2), invalid_argument);
  EXPECT_THROW(check_hold({.means_of = {1, 1}}, 2), invalid_argument);
  EXPECT_THROW(check_hold({.weights = true, .equal_weights = true}, 2), invalid_argument);
}

}  // namespace
}  // namespace mogul
