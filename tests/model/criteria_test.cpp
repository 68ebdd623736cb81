// The criteria are their formulas.
#include "model/criteria.hpp"

#include <gtest/gtest.h>

namespace mogul {
namespace {

TEST(Criteria, AreTheirFormulas) {
  Stats stats(Moments::none, Matrix(2, 1));
  stats.log_likelihood = -100;
  stats.map_log_likelihood = -104;
  stats.sum_weights = 50;
  const Criteria criteria(stats, 7);
  EXPECT_DOUBLE_EQ(criteria.aic, 200 + 14);
  EXPECT_DOUBLE_EQ(criteria.bic, 200 + 7 * std::log(50));
  EXPECT_DOUBLE_EQ(criteria.icl, 208 + 7 * std::log(50));
}

}  // namespace
}  // namespace mogul
