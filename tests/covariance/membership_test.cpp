// Which covariances are members of a family.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "covariance/family_problem.hpp"
#include "mogul/covariance_family.hpp"
#include "reference/generators.hpp"

namespace {

using mogul::belongs_to;
using mogul::covariance_families;
using mogul::CovarianceFamily;
using mogul::Covariances;
using mogul::Layout;
using oracle::MStepProblem;
using oracle::MStepShape;

RC_GTEST_PROP(Membership, AnswersOfAFamilyAreItsMembers, ()) {
  MStepShape shape = *oracle::any_m_step();
  shape.empty = false;
  const MStepProblem problem(shape);
  RC_ASSERT(belongs_to(problem.current(), problem.family()));
}

// Matrices with condition numbers of some thousand, as a table prints them.
RC_GTEST_PROP(Membership, NineDigitsAreEnough, ()) {
  MStepShape shape = *oracle::any_m_step();
  shape.empty = false;
  const MStepProblem problem(shape);
  std::vector<double> values = problem.current().values();
  for (double& value : values) value = std::stod(fmt::format("{:.9g}", value));
  const CovarianceFamily& family = problem.family();
  RC_ASSERT(belongs_to(Covariances(family.layout, family.shared, shape.k, shape.d, values), family));
}

TEST(Membership, OtherCovariancesAreNone) {
  for (const CovarianceFamily* family : covariance_families()) {
    if (family->shared || family->layout == Layout::spherical) continue;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      oracle::Dice dice(seed);
      const bool matrices = family->layout == Layout::matrix;
      const CovarianceFamily& free = matrices ? mogul::families::vvv : mogul::families::vvi;
      const Covariances any =
          oracle::answer(free, random_scatters(dice, {.family = &free, .k = 3, .d = 3, .seed = seed}), nullptr, {});
      EXPECT_EQ(belongs_to(any, *family), *family == free) << family->name << " " << seed;
    }
  }
}

TEST(Membership, ThoseStoredInAnotherWayAreNone) {
  const Covariances diagonal(Layout::diagonal, false, 2, 2, {1, 2, 1, 2});
  EXPECT_TRUE(belongs_to(diagonal, mogul::families::vvi));
  EXPECT_TRUE(belongs_to(diagonal, mogul::families::vei));
  EXPECT_FALSE(belongs_to(diagonal, mogul::families::eei));
  EXPECT_FALSE(belongs_to(diagonal, mogul::families::vvv));
}

// Of the families here none is spherical without a plain word; those that others add may be.
TEST(Membership, ASphericalFamilyOfOthersHasItsMembers) {
  CovarianceFamily other = mogul::families::vii;
  other.plain = {};
  EXPECT_TRUE(belongs_to(Covariances(Layout::spherical, false, 2, 3, {1, 4}), other));
}

}  // namespace
