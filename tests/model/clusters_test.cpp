// The rules of a map from components to clusters.
#include <gtest/gtest.h>

#include <vector>

#include "message_of.hpp"
#include "mogul/merge.hpp"

namespace mogul {
namespace {

using Map = std::vector<std::int32_t>;
using test::message_of;

TEST(CountClusters, IsOneMoreThanTheHighestNumber) {
  EXPECT_EQ(count_clusters(Map{0}, 1), 1U);
  EXPECT_EQ(count_clusters(Map{0, 0, 0}, 3), 1U);
  EXPECT_EQ(count_clusters(Map{1, 0, 1}, 3), 2U) << "in any order";
  EXPECT_EQ(count_clusters(Map{2, 0, 1}, 3), 3U);
}

TEST(CountClusters, RefusesWhatIsNoMap) {
  const auto refusal = [](const Map& map) { return message_of<invalid_argument>([&] { count_clusters(map, 3); }); };
  EXPECT_EQ(refusal({0, 1}), "clusters has length 2; must be n_components = 3");
  EXPECT_EQ(refusal({}), "clusters has length 0; must be n_components = 3");
  EXPECT_EQ(refusal({0, -1, 1}), "clusters[1] = -1; must lie in 0..2 (n_components - 1)");
  EXPECT_EQ(refusal({0, 1, 3}), "clusters[2] = 3; must lie in 0..2 (n_components - 1)");
  EXPECT_EQ(refusal({0, 2, 2}), "clusters has 2, but not 1; clusters are numbered 0, 1, ... without a gap");
  EXPECT_EQ(refusal({1, 1, 1}), "clusters has 1, but not 0; clusters are numbered 0, 1, ... without a gap");
}

}  // namespace
}  // namespace mogul
