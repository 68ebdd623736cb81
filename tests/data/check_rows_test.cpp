// Rows are refused with the place, the value and the rule; what passes is counted.
#include "data/check_rows.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "message_of.hpp"

namespace mogul {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StrEq;

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

RowCount check(const DataView& data, unsigned n_threads = 1) {
  ThreadPool pool(n_threads);
  return check_rows(data, pool);
}

std::string message(const DataView& data, unsigned n_threads = 1) {
  return test::message_of<invalid_data>([&] { check(data, n_threads); });
}

TEST(CheckRows, NamesRowColumnValueAndRule) {
  const std::vector<std::string> names{"eruptions", "waiting"};
  for (const auto& [value, text] : {std::pair{kNan, "nan"}, {kInf, "inf"}, {-kInf, "-inf"}}) {
    Matrix x(3, 2);
    x(2, 1) = value;
    EXPECT_THAT(message(DataView(x).with_names(names)),
                AllOf(HasSubstr("row 3, column 'waiting'"), HasSubstr("value " + std::string(text) + ";"),
                      HasSubstr("must be finite")));
    EXPECT_THAT(message(x), HasSubstr("row 3, column 'x2'"));
  }
}

TEST(CheckRows, ValuesAreAtMostTenToThe100) {
  EXPECT_NO_THROW(check(Matrix(2, 1, {kLargestValue, -kLargestValue})));
  const double beyond = std::nextafter(kLargestValue, kInf);
  EXPECT_THAT(message(Matrix(2, 1, {0, beyond})), AllOf(HasSubstr("row 2, column 'x1'"), HasSubstr("1e100")));
  EXPECT_THAT(message(Matrix(2, 1, {-beyond, 0})), AllOf(HasSubstr("row 1, column 'x1'"), HasSubstr("rescale")));
}

TEST(CheckRows, ReadsFloatsAndLeavesGapsBetweenRowsAlone) {
  const float bad = std::numeric_limits<float>::infinity();
  const std::vector<float> gaps{1, 2, bad, 3, 4, bad};
  EXPECT_EQ(check(MatrixView<const float>(gaps.data(), 2, 2, 3)).n_positive, 2U);
  const std::vector<float> inside{1, 2, 0, 3, bad, 0};
  EXPECT_THAT(message(MatrixView<const float>(inside.data(), 2, 2, 3)), HasSubstr("row 2, column 'x2': value inf"));
}

TEST(CheckRows, TheFirstOfManyBadValuesIsNamedByAnyNumberOfThreads) {
  Matrix x(200'000, 2);
  for (std::size_t i = 40'000; i < x.rows(); i += 1'111) x(i, 1) = kNan;
  x(40'000, 0) = kInf;
  for (const unsigned n_threads : {1U, 2U, 7U}) {
    EXPECT_THAT(message(x, n_threads), HasSubstr("row 40001, column 'x1': value inf")) << n_threads << " threads";
  }
}

// Whether the two bad values are in one task's rows or not.
TEST(CheckRows, OfColumnsTheFirstBadRowIsNamedAsOfRows) {
  for (const std::size_t later : {40'001, 60'000}) {
    Matrix x(100'000, 2);
    x(40'000, 1) = kNan;
    x(later, 0) = kInf;
    std::vector<std::vector<double>> columns(2);
    for (std::size_t i = 0; i < x.rows(); ++i) {
      for (std::size_t j = 0; j < 2; ++j) columns[j].push_back(x(i, j));
    }
    const std::vector<const double*> pointers{columns[0].data(), columns[1].data()};
    for (const unsigned n_threads : {1U, 2U, 7U}) {
      EXPECT_THAT(message(ColumnsView<const double>(pointers, x.rows()), n_threads),
                  AllOf(HasSubstr("row 40001, column 'x2': value nan"), StrEq(message(x, n_threads))));
    }
  }
}

TEST(CheckRows, LooksAtEveryValueOfColumns) {
  std::vector<std::vector<float>> columns(3, std::vector<float>(20'001));
  const std::vector<const float*> pointers{columns[0].data(), columns[1].data(), columns[2].data()};
  const ColumnsView<const float> view(pointers, 20'001);
  EXPECT_TRUE(check(view).moderate);
  for (const std::size_t row : {0, 16'383, 16'384, 20'000}) {
    for (std::size_t col = 0; col < 3; ++col) {
      columns[col][row] = 1e13F;
      EXPECT_FALSE(check(view).moderate) << row << ", " << col;
      columns[col][row] = std::numeric_limits<float>::quiet_NaN();
      EXPECT_THAT(message(view), HasSubstr(fmt::format("row {}, column 'x{}': value nan", row + 1, col + 1)));
      columns[col][row] = 0;
    }
  }
}

TEST(CheckRows, CountsRowsOfPositiveWeight) {
  const Matrix x(4, 1);
  EXPECT_EQ(check(x).n_positive, 4U);
  EXPECT_EQ(check(x).sum_weights, 4);
  const std::vector<double> weights{0, 2.5, 0, 1};
  EXPECT_EQ(check({x, weights}).n_positive, 2U);
  EXPECT_EQ(check({x, weights}).sum_weights, 3.5);
}

TEST(CheckRows, WeightsAreFiniteAndNotNegative) {
  const Matrix x(3, 1);
  for (const auto& [bad, text] : {std::pair{-0.5, "-0.5"}, {kNan, "nan"}, {kInf, "inf"}, {1e101, "1e+101"}}) {
    const std::vector<double> weights{1, bad, -1};
    EXPECT_THAT(message({x, weights}), AllOf(HasSubstr("row 2: weight " + std::string(text)), HasSubstr(">= 0")));
  }
}

TEST(CheckRows, SomeWeightIsPositiveAndTheSumIsRepresentable) {
  const Matrix x(2, 1);
  EXPECT_THAT(message({x, std::vector<double>{0, 0}}), StrEq("weights are all zero; at least one must be positive"));
  EXPECT_THAT(message({x, std::vector<double>{1e-200, 0}}), HasSubstr("sum to 1e-200"));
  EXPECT_THAT(message({x, std::vector<double>{1e100, 1e100}}), HasSubstr("sum to 2e+100"));
  EXPECT_EQ(check({x, std::vector<double>{1e-99, 0}}).n_positive, 1U);
}

TEST(CheckRows, ARowOfWeightZeroIsCheckedLikeAnyOther) {
  EXPECT_THAT(message({Matrix(2, 1, {1, kNan}), std::vector<double>{1, 0}}), HasSubstr("row 2, column 'x1'"));
}

}  // namespace
}  // namespace mogul
