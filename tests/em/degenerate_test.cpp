// Which components count as degenerate beyond the plain cases of maximise_test.cpp: those that die out, and what is
// said of components that sit on equal rows.
#include "em/degenerate.hpp"
#include "em/maximise.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/engine.hpp"

namespace mogul {
namespace {

using testing::HasSubstr;
using testing::Not;
using Cause = Degenerate::Cause;

const Mixture kHalves(families::spherical, {0.5, 0.5 - 1e-4, 1e-4}, Matrix(3, 1), {1, 1, 1});

Stats with_sizes(std::vector<double> sizes) {
  Stats stats(Moments::spherical, kHalves.means());
  for (std::size_t k = 0; k < sizes.size(); ++k) {
    stats.second(k, 0) = sizes[k];
    stats.sum_weights += sizes[k];
  }
  stats.n = std::move(sizes);
  return stats;
}

using Components = std::vector<std::size_t>;

TEST(Dying, IsAComponentOfFewRowsThatGetFewer) {
  EXPECT_EQ(dying_components(kHalves, with_sizes({5e5, 5e5, 89}), {}), Components{2});
  EXPECT_EQ(dying_components(kHalves, with_sizes({5e5, 5e5, 91}), {}), Components()) << "falls by less than a tenth";
  EXPECT_EQ(dying_components(kHalves, with_sizes({5e5, 5e5, 300}), {}), Components()) << "grows";
}

TEST(Dying, IsNotOneThatHoldsMoreThanAThousandthOfTheRows) {
  EXPECT_EQ(dying_components(kHalves, with_sizes({2e5, 8e5, 100}), {}), Components());
}

TEST(Dying, IsNothingThatIsHeld) {
  const Stats stats = with_sizes({5e5, 5e5, 1});
  EXPECT_EQ(dying_components(kHalves, stats, {.hold = {.weights = true}}), Components());
  EXPECT_EQ(dying_components(kHalves, stats, {.hold = {.means = true}}), Components());
}

TEST(Dying, CountsAsEmptyOnceNextToNothingIsLeft) {
  const auto degenerate = [](double size) {
    const Stats stats = with_sizes({5e5, 5e5, size});
    const MStepOptions step{families::spherical, 0.5, {}};
    return degenerate_components(update_parameters(stats, parameters_of(kHalves), step), stats, step, {2});
  };
  EXPECT_EQ(degenerate(0.02).size(), 0U);
  ASSERT_EQ(degenerate(0.005).size(), 1U);
  EXPECT_EQ(degenerate(0.005)[0].component, 2U);
  EXPECT_EQ(degenerate(0.005)[0].cause, Cause::dying);
  EXPECT_FALSE(degenerate(0.005)[0].is_singular());
}

// Rows of three values; component 1 sits on those of one value.
std::string message(double offset) {
  Matrix x(9, 1, {-0.5, -0.5, -0.5, 1.25, 1.25, 1.25, -2, 0.75, 1});
  for (std::size_t i = 0; i < 9; ++i) x(i, 0) += offset;
  const auto engine = make_engine(x, 1);
  const Stats stats = engine->accumulate(
      [](std::size_t first, MatrixView<double> out) {
        for (std::size_t i = 0; i < out.rows(); ++i) out(i, first + i >= 3 && first + i < 6 ? 1 : 0) = 1;
      },
      Matrix(2, 1, {offset, offset}), Moments::diagonal);
  const Parameters start{families::diagonal, {0.5, 0.5}, stats.shift, {1, 1}};
  const auto found = degenerate_components(update_parameters(stats, start, {families::diagonal, 0, {}}), stats, {});
  return found.empty() ? "sound" : describe(found[0], families::diagonal, "x");
}

TEST(Advice, EqualRowsOfCentredDataNeedNoOffsetSubtracted) {
  for (const double offset : {0.0, 1e-9, 3.0, 100.0}) {
    EXPECT_THAT(message(offset), HasSubstr("component 1 is singular at column 'x'"));
    EXPECT_THAT(message(offset), Not(HasSubstr("subtract an offset"))) << offset;
    EXPECT_THAT(message(offset), HasSubstr("raise reg_covar, lower n_components"));
  }
}

}  // namespace
}  // namespace mogul
