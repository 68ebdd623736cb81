// Missing values in delimited text: refused with the flag that drops such rows, or dropped and reported.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <random>

#include "io/text.hpp"

namespace mogul {
namespace {

using test::matrix_of;
using test::text_error;

const ReadOptions kDrop{.missing = Missing::drop};

TEST(CsvMissing, IsAnErrorThatNamesTheFlag) {
  const std::string rule = "fill it in, or drop such rows (--missing drop)";
  EXPECT_EQ(text_error("a,b\n1,\n"), "line 2, column 'b': the field is empty; " + rule);
  EXPECT_EQ(text_error("a,b\n ,1\n"), "line 2, column 'a': the field is empty; " + rule);
  EXPECT_EQ(text_error("a\tb\n1\t2\n\t\n"), "line 3, column 'a': the field is empty; " + rule);
  EXPECT_EQ(text_error("a,b\n1,\"\"\n"), "line 2, column 'b': the field is empty; " + rule);
  EXPECT_EQ(text_error("1.0,,3\n4,5,6\n"), "line 1, column 'x2': the field is empty; " + rule);
  for (const std::string text : {"NA", "NaN", "-nan", "?", "null", "#N/A"}) {
    EXPECT_EQ(text_error("a,b\n1,2\n3," + text + "\n"),
              "line 3, column 'b': '" + text + "' is a missing value; " + rule);
  }
}

TEST(CsvMissing, DropsItsRowsAndReportsThem) {
  ReadReport report;
  const Dataset data = parse_dataset("a,b\nNA,2\n3,4\n\n5,?\n7,8\n", "t.csv", kDrop, &report);
  EXPECT_EQ(std::get<Matrix>(data.values()), Matrix(2, 2, {3, 4, 7, 8}));
  EXPECT_EQ(report.dropped, (std::vector<std::size_t>{0, 2}));
  EXPECT_EQ(report.notes,
            (std::vector<std::string>{"t.csv: dropped 2 of 4 rows, which lack a value; the first is line 2"}));
}

TEST(CsvMissing, MattersOnlyInColumnsThatAreUsed) {
  const std::string text = "a,note,w\n1,NA,1\n2,x,\n3,,2\n";
  ReadReport report;
  const Dataset data =
      parse_dataset(text, "t.csv", {.exclude = {"note"}, .weights = "w", .missing = Missing::drop}, &report);
  EXPECT_EQ(std::get<Matrix>(data.values()), Matrix(2, 1, {1, 3}));
  EXPECT_EQ(data.weights(), (std::vector<double>{1, 2}));
  EXPECT_EQ(report.dropped, (std::vector<std::size_t>{1}));
}

TEST(CsvMissing, DropsNoOtherFault) {
  EXPECT_NE(text_error("a,b\n1,2\n3,inf\n", kDrop).find("'inf' is not finite"), std::string::npos);
  EXPECT_NE(text_error("a,b\n1,2\n3,4x\n", kDrop).find("'4x' is not a number"), std::string::npos);
  EXPECT_NE(text_error("a,b\n1,2\nNA,2,3\n4,5\n", kDrop).find("3 fields; must be 2"), std::string::npos);
  EXPECT_EQ(text_error("a,b\n1,NA\n2,NA\n", kDrop),
            "a value is missing in every row, first in line 2; there is none in column 'b': use other columns");
}

// Rows of several chunks, some of which lose all their rows: the rest stays in order, for any number of threads, with
// quotes over line ends and without.
RC_GTEST_PROP(CsvMissing, DropsExactlyTheRowsThatLackAValue, (std::uint64_t seed)) {
  std::mt19937_64 engine(seed);
  std::bernoulli_distribution lacks(std::uniform_real_distribution(0.0, 1.0)(engine));
  const bool spans_lines = engine() % 2 == 0;
  const std::size_t n = engine() % 100 == 0 ? 300000 : 1 + engine() % 200;
  std::string text = spans_lines ? "a,\"b\nc\",w\n1.5,\"2\",0.5\n" : "a,b,w\n1.5,2,0.5\n";
  if (spans_lines) text += "\n";
  std::vector<double> x{1.5, 2};
  std::vector<double> weights{0.5};
  std::vector<std::size_t> dropped;
  for (std::size_t row = 1; row < n; ++row) {
    const auto value = static_cast<double>(row);
    if (lacks(engine)) {
      dropped.push_back(row);
      const char* formats[] = {"NA,{},{}\n", "{},,{}\n", "{},{},null\n"};
      text += fmt::format(fmt::runtime(formats[engine() % 3]), value, value);
    } else {
      text += fmt::format("{},{},{}\n", value, -value, value + 1);
      x.insert(x.end(), {value, -value});
      weights.push_back(value + 1);
    }
  }
  ReadReport report;
  const Dataset data = parse_dataset(
      text, "t.csv", {.weights = "w", .missing = Missing::drop, .n_threads = static_cast<unsigned>(1 + engine() % 3)},
      &report);
  RC_ASSERT(std::get<Matrix>(data.values()) == Matrix(weights.size(), 2, x));
  RC_ASSERT(data.weights() == weights);
  RC_ASSERT(report.dropped == dropped);
  RC_ASSERT(report.notes.size() == (dropped.empty() ? 0U : 1U));
}

}  // namespace
}  // namespace mogul
