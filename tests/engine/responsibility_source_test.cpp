// Given responsibilities are checked once and then handed out as they are.
#include "engine/responsibility_source.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "message_of.hpp"

namespace mogul {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();

const Matrix kRows(3, 1, {1, 2, 3});

template <class Error>
std::string message(const Matrix& r, std::size_t n_components) {
  const auto engine = make_engine(kRows, 1);
  return test::message_of<Error>([&] { from_responsibilities(r.view(), *engine, n_components); });
}

TEST(ResponsibilitySource, HandsOutTheRowsAskedFor) {
  const std::vector<double> wide{0.25, 0.75, kNan, 1, 0, kNan, 0.5, 0.5, kNan};
  const auto engine = make_engine(kRows, 1);
  const auto source = from_responsibilities({wide.data(), 3, 2, 3}, *engine, 2);
  Matrix out(2, 2);
  source(1, out.view());
  EXPECT_EQ(out, Matrix(2, 2, {1, 0, 0.5, 0.5}));
  Matrix first(1, 2);
  source(0, first.view());
  EXPECT_EQ(first, Matrix(1, 2, {0.25, 0.75}));
}

TEST(ResponsibilitySource, WantsARowPerRowAndAColumnPerComponent) {
  for (const Matrix& r : {Matrix(2, 2), Matrix(4, 2), Matrix(3, 1), Matrix(3, 3)}) {
    EXPECT_THAT(message<invalid_argument>(r, 2), AllOf(HasSubstr("responsibilities have shape"), HasSubstr("(3, 2)")));
  }
}

TEST(ResponsibilitySource, WantsNumbersThatAreNotNegative) {
  for (const auto& [bad, text] : {std::pair{-0.1, "-0.1"}, {kNan, "nan"}, {-kInf, "-inf"}}) {
    EXPECT_THAT(message<invalid_data>(Matrix(3, 2, {0, 1, 1, 0, 1.1, bad}), 2),
                AllOf(HasSubstr("responsibilities[2][1] = " + std::string(text)), HasSubstr(">= 0")));
  }
}

TEST(ResponsibilitySource, WantsRowsThatSumToOneWithinAMillionth) {
  EXPECT_THAT(message<invalid_data>(Matrix(3, 2, {0, 1, 0.5, 0.4, 0, 0}), 2),
              AllOf(HasSubstr("responsibilities[1] sum to 0.9"), HasSubstr("must sum to 1")));
  EXPECT_THAT(message<invalid_data>(Matrix(3, 2, {0, 1, kInf, 0, 0, 1}), 2), HasSubstr("[1] sum to inf"));
  EXPECT_THAT(message<invalid_data>(Matrix(3, 1, {1, 1, 1 + 2e-6}), 1), HasSubstr("[2] sum to 1.000002"));
  const auto engine = make_engine(kRows, 1);
  EXPECT_NO_THROW(from_responsibilities(Matrix(3, 1, {1, 1, 1 + 0.9e-6}).view(), *engine, 1));
}

}  // namespace
}  // namespace mogul
