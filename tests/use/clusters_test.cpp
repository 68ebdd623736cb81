// What clusters say of rows is what their components say together.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "message_of.hpp"
#include "mogul/merge.hpp"
#include "mogul/score.hpp"
#include "reference/generators.hpp"

namespace mogul {
namespace {

using Map = std::vector<std::int32_t>;

oracle::Problem problem() {
  return oracle::Problem({.n = 700, .d = 2, .k = 5, .columns = true, .offset = 10, .separation = 1, .seed = 5});
}

TEST(Clusters, HaveTheSumOfTheResponsibilitiesOfTheirComponents) {
  const oracle::Problem p = problem();
  const Map map{1, 0, 1, 2, 0};
  const Matrix t = cluster_responsibilities(p.model(), p.view(), map);
  const Matrix r = responsibilities(p.model(), p.view());
  ASSERT_EQ(t.cols(), 3U);
  for (std::size_t n = 0; n < t.rows(); ++n) {
    EXPECT_DOUBLE_EQ(t(n, 0), r(n, 1) + r(n, 4));
    EXPECT_DOUBLE_EQ(t(n, 1), r(n, 0) + r(n, 2));
    EXPECT_EQ(t(n, 2), r(n, 3));
  }
}

TEST(ClusterLabels, AreTheMostProbableClusters) {
  const oracle::Problem p = problem();
  const Map map{1, 0, 1, 2, 0};
  const Matrix t = cluster_responsibilities(p.model(), p.view(), map);
  const Map found = cluster_labels(p.model(), p.view(), map);
  const Map of_components = labels(p.model(), p.view());
  std::size_t n_others = 0;
  for (std::size_t n = 0; n < t.rows(); ++n) {
    const auto row = t.row(n);
    EXPECT_EQ(found[n], std::ranges::max_element(row) - row.begin());
    if (found[n] != map[static_cast<std::size_t>(of_components[n])]) ++n_others;
  }
  EXPECT_GT(n_others, 0U) << "which are not always those of the most probable components";
}

TEST(ClusterLabels, OfAClusterForEachComponentAreTheLabels) {
  const oracle::Problem p = problem();
  EXPECT_EQ(cluster_labels(p.model(), p.view(), Map{0, 1, 2, 3, 4}), labels(p.model(), p.view()));
  EXPECT_EQ(cluster_labels(p.model(), p.view(), Map{0, 0, 0, 0, 0}), Map(p.view().rows(), 0));
  EXPECT_EQ(cluster_responsibilities(p.model(), p.view(), Map{0, 1, 2, 3, 4}), responsibilities(p.model(), p.view()));
}

TEST(Clusters, RefuseAMapThatIsNone) {
  const oracle::Problem p = problem();
  EXPECT_EQ(test::message_of<invalid_argument>([&] {
              cluster_labels(p.model(), p.view(), Map{0, 1});
            }),
            "clusters has length 2; must be n_components = 5");
  EXPECT_EQ(test::message_of<invalid_argument>([&] {
              cluster_responsibilities(p.model(), p.view(), Map{0, 0, 0, 0, 5});
            }),
            "clusters[4] = 5; must lie in 0..4 (n_components - 1)");
}

}  // namespace
}  // namespace mogul
