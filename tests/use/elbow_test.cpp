// Where two straight lines meet.
#include "use/elbow.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace mogul {
namespace {

TEST(Elbow, IsWhereTwoExactLinesMeet) {
  for (std::size_t n = 4; n < 12; ++n) {
    for (std::size_t bend = 2; bend < n; ++bend) {
      std::vector<double> values;
      for (std::size_t c = 1; c <= n; ++c) {
        const double beyond = c > bend ? static_cast<double>(c - bend) : 0.0;
        values.push_back(static_cast<double>(c) + 7 * beyond);
      }
      EXPECT_EQ(elbow(values), bend) << n;
    }
  }
}

TEST(Elbow, OfThreeIsInTheMiddle) { EXPECT_EQ(elbow(std::vector<double>{0, 5, 6}), 2U); }

TEST(Elbow, DoesNotDependOnTheScale) {
  const std::vector<double> values{0, 0, 0.87, 4.67, 46.3, 129.9};
  for (const double scale : {1e-300, 1e-3, 1e5, 1e100, 1e300}) {
    std::vector<double> scaled = values;
    for (double& value : scaled) value *= scale;
    EXPECT_EQ(elbow(scaled), elbow(values)) << scale;
  }
}

}  // namespace
}  // namespace mogul
