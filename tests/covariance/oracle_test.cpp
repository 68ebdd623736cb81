// The families against plain numerical maximisation over their definition, which shares no formula with them.
#include <cmath>

#include <gtest/gtest.h>

#include "covariance/family_problem.hpp"
#include "covariance/parametrisation.hpp"

namespace {

using mogul::CovarianceFamily;
using oracle::answer;
using oracle::Dice;
using oracle::MStepProblem;
using oracle::MStepShape;
using oracle::Parametrisation;

class EveryFamily : public testing::TestWithParam<const CovarianceFamily*> {};

INSTANTIATE_TEST_SUITE_P(Families, EveryFamily,
                         testing::ValuesIn(mogul::covariance_families().begin(), mogul::covariance_families().end()),
                         [](const auto& family) { return std::string(family.param->name); });

// The objective is in units of D / 2 sum a, in which the trace terms are 1.
TEST_P(EveryFamily, IsAsGoodAsNumericalMaximisation) {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    const std::size_t k = 1 + seed % 3;
    const std::size_t d = 1 + seed / 3 % 3;
    SCOPED_TRACE(testing::Message() << "k = " << k << ", d = " << d << ", seed = " << seed);
    MStepProblem problem(MStepShape{GetParam(), k, d, false, seed});
    const Parametrisation free_numbers(GetParam()->name, k, d);
    const double best = oracle::climb(
        [&](const std::vector<double>& numbers) { return free_numbers.objective(problem.scatters(), numbers); },
        free_numbers.size(), 8, problem.dice());
    const double ours = oracle::objective(problem.scatters(),
                                          answer(*GetParam(), problem.scatters(), nullptr, oracle::to_the_end(true)));
    EXPECT_GE(ours, best - 1e-8 * (1 + std::abs(best)));
    // The climb is a witness only where it arrives.
    EXPECT_LE(ours, best + 1e-6 * (1 + std::abs(best)));
  }
}

TEST_P(EveryFamily, HasAsManyParametersAsItsDefinitionHasFreeNumbers) {
  Dice dice(7);
  for (std::size_t k = 1; k <= 3; ++k) {
    for (std::size_t d = 1; d <= 4; ++d) {
      const Parametrisation free_numbers(GetParam()->name, k, d);
      std::vector<double> at(free_numbers.size());
      for (double& x : at) x = dice.uniform();
      const std::size_t rank = oracle::rank_of_derivative(
          [&](const std::vector<double>& numbers) { return free_numbers.matrices(numbers); }, at);
      EXPECT_EQ(GetParam()->n_parameters(k, d), rank) << "k = " << k << ", d = " << d;
    }
  }
}

}  // namespace
