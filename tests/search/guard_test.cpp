#include "search/guard.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "mogul/stats.hpp"
#include "plain_families.hpp"
#include "reference/generators.hpp"
#include "start/partition.hpp"

namespace mogul {
namespace {

using oracle::Problem;

EmState state_of(const Mixture& mixture, const std::vector<double>& sizes) {
  Stats stats(Moments::none, mixture.means());
  stats.n = sizes;
  return {mixture, std::move(stats), 0, 0};
}

// Every component has a covariance c times that of all rows, which is about the identity.
bool flags(const CovarianceFamily& family, double c, const std::vector<double>& sizes,
           const std::vector<double>& weights = {}, const RegCovar& reg_covar = 0) {
  oracle::Dice dice(1);
  const Mixture unit(families::full, {1}, Matrix(1, 2), {1, 0, 0, 1});
  const Matrix x = oracle::draw_rows(dice, unit, 400);
  const auto engine = make_engine(DataView(x, weights), 1);
  std::vector<double> covariances;
  const std::size_t n = family.shared ? 1 : 2;
  for (std::size_t k = 0; k < n; ++k) {
    if (family.layout == Layout::matrix) covariances.insert(covariances.end(), {c, 0, 0, 1});
    if (family.layout == Layout::diagonal) covariances.insert(covariances.end(), {c, 1});
    if (family.layout == Layout::spherical) covariances.push_back(c);
  }
  const Mixture mixture(family, {0.5, 0.5}, Matrix(2, 2, {0, 0, 100, 0}), covariances);
  FitOptions options;
  options.covariance = family;
  options.reg_covar = reg_covar;
  return Guard(*engine, options, row_weight(*engine)).flags(state_of(mixture, sizes));
}

TEST(Guard, FlagsNarrowComponents) {
  for (const auto& entry : test::plain_families()) {
    EXPECT_FALSE(flags(entry.family, 1, {200, 200})) << entry.name;
    EXPECT_FALSE(flags(entry.family, 1e-5, {200, 200})) << entry.name;
    EXPECT_EQ(flags(entry.family, 1e-7, {200, 200}), !entry.family.shared) << entry.name;
  }
}

// Of a component that has collapsed, what reg_covar adds is all that is left.
TEST(Guard, LooksAtWhatRegCovarHasNotAdded) {
  const RegCovar share = RegCovar::relative_to_variance(1e-4);
  for (const auto& entry : test::plain_families()) {
    const std::vector<double> few{396.5, 3.5};
    EXPECT_EQ(flags(entry.family, 1.0001e-4, few, {}, share), !entry.family.shared) << entry.name;
    EXPECT_FALSE(flags(entry.family, 2e-4, few, {}, share)) << entry.name;
  }
}

TEST(Guard, FlagsComponentsOfFewRows) {
  EXPECT_TRUE(flags(families::full, 1, {397.5, 2.5})) << "D + 1 = 3";
  EXPECT_FALSE(flags(families::full, 1, {397, 3}));
  EXPECT_TRUE(flags(families::diagonal, 1, {398.5, 1.5}));
  EXPECT_FALSE(flags(families::diagonal, 1, {398, 2}));
  EXPECT_TRUE(flags(families::spherical, 1, {398.5, 1.5}));
  EXPECT_FALSE(flags(families::tied, 1, {399.5, 0.5}));
}

// Weights below one are shares of the rows.
// Rows that are equal, or lie in a plane, are no accident where they are many.
TEST(Guard, LeavesNarrowComponentsOfManyRowsWhereRegCovarBoundsTheLikelihood) {
  for (const CovarianceFamily& family : {families::full, families::diagonal, families::spherical}) {
    const double needed = family.layout == Layout::matrix ? 3 : 2;
    const RegCovar added = RegCovar::relative_to_variance(1e-6);
    EXPECT_FALSE(flags(family, 1e-6, {2 * needed, 400 - 2 * needed}, {}, added)) << family.name;
    EXPECT_TRUE(flags(family, 1e-6, {2 * needed - 1, 401 - 2 * needed}, {}, added)) << family.name;
    EXPECT_TRUE(flags(family, 1e-7, {200, 200})) << family.name;
  }
}

TEST(Guard, FlagsComponentsThatCoincide) {
  oracle::Dice dice(2);
  const Mixture unit(families::full, {1}, Matrix(1, 2), {1, 0, 0, 1});
  const Matrix x = oracle::draw_rows(dice, unit, 400);
  const auto engine = make_engine(x, 1);
  for (const CovarianceFamily& family : {families::full, families::tied}) {
    FitOptions options;
    options.covariance = family;
    const std::vector<double> covariances =
        family.shared ? std::vector<double>{1, 0, 0, 1} : std::vector<double>{1, 0, 0, 1, 1, 0, 0, 1};
    const auto flags_at = [&](double away) {
      const Mixture mixture(family, {0.5, 0.5}, Matrix(2, 2, {0, 0, away, 0}), covariances);
      return Guard(*engine, options, 1).flags(state_of(mixture, {200, 200}));
    };
    EXPECT_TRUE(flags_at(0));
    EXPECT_FALSE(flags_at(0.1));
  }
}

TEST(Guard, CountsRowsOfAnyWeight) {
  const std::vector<double> small(400, 0.01);
  EXPECT_FALSE(flags(families::full, 1, {3.9, 0.1}, small));
  EXPECT_TRUE(flags(families::full, 1, {3.98, 0.02}, small));
}

}  // namespace
}  // namespace mogul
