// The table of standard errors: every parameter once, under its name.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <variant>

#include "message_of.hpp"
#include "mogul/error.hpp"
#include "mogul/standard_errors.hpp"

namespace mogul {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

StandardErrors errors_of(const Mixture& mixture) {
  StandardErrors errors{mixture.family(), StandardErrorMethod::information, 0.9};
  errors.estimate = parameter_values(mixture);
  errors.standard_error = errors.lower = errors.upper = errors.estimate;
  for (double& value : errors.standard_error.covariances) value = std::abs(value) / 10;
  return errors;
}

std::vector<std::string> names_in(const Table& table) {
  return std::get<std::vector<std::string>>(table.columns[1].values);
}
std::vector<double> numbers_in(const Table& table, std::size_t column) {
  return std::get<std::vector<double>>(table.columns[column].values);
}

TEST(StandardErrorTable, HasARowForEachParameter) {
  const Mixture mixture(families::full, {0.25, 0.75}, Matrix(2, 2, {1, 2, 3, 4}), {5, 0.5, 0.5, 6, 7, -0.7, -0.7, 8});
  const std::vector<std::string> names{"a", "b"};
  const Table table = standard_error_table(errors_of(mixture), names);
  EXPECT_THAT(names_in(table),
              ElementsAre("weight", "mean a", "mean b", "variance a", "covariance a, b", "variance b", "weight",
                          "mean a", "mean b", "variance a", "covariance a, b", "variance b"));
  EXPECT_THAT(numbers_in(table, 0), ElementsAre(0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1));
  EXPECT_THAT(numbers_in(table, 2), ElementsAre(0.25, 1, 2, 5, 0.5, 6, 0.75, 3, 4, 7, -0.7, 8));
  EXPECT_DOUBLE_EQ(numbers_in(table, 3)[10], 0.07);
}

TEST(StandardErrorTable, HasWhatAllComponentsShareOnce) {
  const Mixture mixture(families::tied_diagonal, {0.25, 0.75}, Matrix(2, 2, {1, 2, 3, 4}), std::vector<double>{5, 6});
  const StandardErrors errors = errors_of(mixture);
  EXPECT_THAT(names_in(standard_error_table(errors)), ElementsAre("weight", "mean x1", "mean x2", "weight", "mean x1",
                                                                  "mean x2", "variance x1", "variance x2"));
  EXPECT_THAT(summary(errors), testing::AllOf(HasSubstr("by the observed information; intervals of 90 %"),
                                              testing::ContainsRegex("all +variance x2 +6 +0.6 +6 +6")));
}

TEST(StandardErrorTable, NamesASphericalVarianceOnce) {
  const Mixture mixture(families::spherical, {1}, Matrix(1, 2, {1, 2}), std::vector<double>{5});
  EXPECT_THAT(names_in(standard_error_table(errors_of(mixture))),
              ElementsAre("weight", "mean x1", "mean x2", "variance"));
  const std::vector<std::string> names{"a"};
  EXPECT_THAT(test::message_of<invalid_argument>([&] { standard_error_table(errors_of(mixture), names); }),
              HasSubstr("1 feature names for 2 features"));
}

TEST(StandardErrorTable, TellsHowTheyWereMade) {
  StandardErrors errors = errors_of({families::spherical, {1}, Matrix(1, 1, {1}), std::vector<double>{5}});
  errors.method = StandardErrorMethod::weighted_bootstrap;
  errors.n_replicates = 99;
  errors.n_failed = 3;
  EXPECT_THAT(summary(errors), HasSubstr("by the weighted bootstrap, 99 fits, of which 3 failed and are left out"));
}

}  // namespace
}  // namespace mogul
