// Columns without variance, to which a relative reg_covar adds nothing.
#include "em/constant_columns.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "is_interruptible.hpp"
#include "message_of.hpp"
#include "mogul/fit.hpp"

namespace mogul {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::vector<std::string> kNames{"year", "height", "site", "weight"};
const Matrix kRows(4, 4, {1999, 1, 0.1, 5, 1999, 2, 0.1, 3, 1999, 4, 0.1, 4, 1999, 3, 0.1, 1});

std::string message(const FitOptions& options, const std::vector<double>& weights = {}) {
  return test::message_of<invalid_data>([&] { fit(DataView(kRows, weights).with_names(kNames), options); });
}

TEST(ConstantColumns, AreAllNamedWithWhatToDo) {
  for (const auto structure : {families::full, families::tied, families::diagonal, families::tied_diagonal}) {
    EXPECT_THAT(message({.covariance = structure}),
                AllOf(HasSubstr("columns 'year', 'site' are constant"), HasSubstr("--exclude"),
                      HasSubstr("--reg-covar 1e-6"), Not(HasSubstr("height"))));
  }
}

TEST(ConstantColumns, RowsOfWeightZeroDoNotMakeThemVary) {
  EXPECT_THAT(message({}, {1, 0, 0, 0}), HasSubstr("'year', 'height', 'site', 'weight' are constant"));
}

TEST(ConstantColumns, AreLookedForUntilTheCallerInterrupts) {
  const Matrix x(100'000, 2);
  const auto engine = make_engine(x, 1);
  const auto look = [&] {
    try {
      check_columns_vary(*engine, std::vector<std::string>{"x1", "x2"}, {});
    } catch (const invalid_data&) {
    }
  };
  EXPECT_TRUE(test::is_interruptible(look));
}

TEST(ConstantColumns, AreFittedWithAnAbsoluteRegCovar) {
  const Mixture mixture = fit(kRows, {.reg_covar = 0.25}).mixture;
  EXPECT_EQ(mixture.variance(0, 0), 0.25);
  EXPECT_EQ(mixture.variance(0, 2), 0.25);
}

TEST(ConstantColumns, HaveNoPartInASharedVarianceUnlessAllAre) {
  EXPECT_NO_THROW(fit(kRows, {.covariance = families::spherical}));
  const Matrix all(3, 2, {7, 1, 7, 1, 7, 1});
  EXPECT_THAT(test::message_of<invalid_data>([&] { fit(all, {.covariance = families::spherical}); }),
              HasSubstr("columns 'x1', 'x2' are constant"));
}

TEST(ConstantColumns, DoNotMatterWhereNoCovarianceIsEstimated) {
  const Mixture start(families::diagonal, {1}, Matrix(1, 4), {1, 1, 1, 1});
  EXPECT_NO_THROW(fit(kRows, {.covariance = families::diagonal, .init = start, .max_iter = 0}));
  EXPECT_NO_THROW(fit(kRows, {.covariance = families::diagonal, .init = start, .hold = {.covariances = true}}));
}

}  // namespace
}  // namespace mogul
