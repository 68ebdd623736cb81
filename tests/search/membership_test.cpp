#include "search/membership.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "mogul/score.hpp"
#include "reference/generators.hpp"

namespace mogul {
namespace {

using oracle::Problem;

// log-likelihood of the mixture without component j, its weight shared out in proportion.
double log_likelihood_without(const Mixture& m, std::size_t j, const DataView& data) {
  std::vector<double> weights;
  Matrix means(m.n_components() - 1, m.n_features());
  std::vector<double> covariances;
  for (std::size_t k = 0; k < m.n_components(); ++k) {
    if (k == j) continue;
    for (std::size_t d = 0; d < m.n_features(); ++d) means(weights.size(), d) = m.means()(k, d);
    weights.push_back(m.weights()[k] / (1 - m.weights()[j]));
    const std::vector<double> own = m.covariance(k).values();
    covariances.insert(covariances.end(), own.begin(), own.end());
  }
  return log_likelihood(Mixture(families::full, weights, means, covariances), data);
}

TEST(Membership, LossesAreWhatTheLikelihoodLoses) {
  for (const auto weights : {oracle::RowWeights::none, oracle::RowWeights::some_zero}) {
    const Problem problem({.n = 150, .d = 2, .k = 3, .weights = weights, .separation = 2, .seed = 4});
    const auto engine = make_engine(problem.view(), 2);
    const Membership found = membership(*engine, problem.model());
    const double all = log_likelihood(problem.model(), problem.view());
    for (std::size_t j = 0; j < 3; ++j) {
      EXPECT_NEAR(found.losses[j], log_likelihood_without(problem.model(), j, problem.view()) - all,
                  1e-8 * std::abs(all));
    }
  }
}

TEST(Membership, ListsTheRowsOfEachComponent) {
  const Problem problem({.n = 200, .d = 2, .k = 3, .weights = oracle::RowWeights::random, .separation = 2, .seed = 5});
  const auto engine = make_engine(problem.view(), 2);
  const Membership found = membership(*engine, problem.model());
  const Matrix r = responsibilities(problem.model(), problem.view());
  for (std::size_t k = 0; k < 3; ++k) {
    std::size_t next = 0;
    const Members& members = found.members[k];
    for (std::size_t i = 0; i < 200; ++i) {
      if (!(r(i, k) > 1e-3)) continue;
      ASSERT_LT(next, members.rows.size());
      EXPECT_EQ(members.rows[next], i);
      EXPECT_NEAR(members.weights[next], problem.weights()[i] * r(i, k), 1e-12);
      ++next;
    }
    EXPECT_EQ(next, members.rows.size());
  }
}

TEST(Membership, IsTheSameForAnyNumberOfThreads) {
  const Problem problem({.n = 5000, .d = 3, .k = 5, .separation = 2, .seed = 6});
  const Membership one = membership(*make_engine(problem.view(), 1), problem.model());
  const Membership three = membership(*make_engine(problem.view(), 3), problem.model());
  EXPECT_EQ(one.losses, three.losses);
  for (std::size_t k = 0; k < 5; ++k) EXPECT_EQ(one.members[k].rows, three.members[k].rows);
}

}  // namespace
}  // namespace mogul
