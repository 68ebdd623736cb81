// What the CSV reader understands; csv_misuse_test.cpp has what it refuses.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <random>

#include "io/text.hpp"

namespace mogul {
namespace {

using test::matrix_of;
using test::names_of;
using test::read_text;
using Names = std::vector<std::string>;

const Matrix kTwoRows(2, 2, {1, 2, 3, 4});

TEST(Csv, TakesAFirstLineOfTextAsHeader) {
  EXPECT_EQ(matrix_of("a,b\n1,2\n3,4\n"), kTwoRows);
  EXPECT_EQ(names_of("a,b\n1,2\n3,4\n"), (Names{"a", "b"}));
  EXPECT_EQ(matrix_of("1.0,2\n3,4\n"), kTwoRows);
  EXPECT_EQ(names_of("1.0,2\n3,4\n"), (Names{"x1", "x2"}));
}

TEST(Csv, FindsNamesAboveNumbersBesideAColumnOfText) {
  EXPECT_EQ(names_of("a,note,b\n1,x,2\n", {.exclude = {"note"}}), (Names{"a", "b"}));
}

// A row with a class and no header above it must not be taken for names and lost, nor a name for a number.
TEST(Csv, AsksWhetherALineOfNumbersAndTextIsAHeader) {
  const std::string rows = "5.1,3.5,setosa\n4.9,3.0,versicolor\n";
  EXPECT_EQ(
      test::text_error(rows, {.exclude = {"3"}}),
      "line 1: may be a header or a row, as it holds numbers such as '5.1' and text such as 'setosa'; a header that "
      "calls the first column '5.1' (--header), or the first row of the data (--no-header)? Say which");
  for (const std::string text : {"country,2019,2020\nItaly,1,2\n", "a,1\n", "a,7\n1,2\n3,4\n"}) {
    EXPECT_NE(test::text_error(text).find("may be a header or a row"), std::string::npos) << text;
  }
  EXPECT_EQ(matrix_of(rows, {.exclude = {"3"}, .header = Header::no}), Matrix(2, 2, {5.1, 3.5, 4.9, 3.0}));
}

TEST(Csv, ObeysWhatTheOptionsSayAboutTheHeader) {
  EXPECT_EQ(names_of("1990,1991\n1,2\n", {.header = Header::yes}), (Names{"1990", "1991"}));
  EXPECT_EQ(matrix_of("1.0,2\n3,4\n", {.header = Header::no}), kTwoRows);
  EXPECT_EQ(test::text_error("a,b\n1,2\n", {.header = Header::no}),
            "line 1, column 'x1': 'a' is not a number, and no field of the line is; is it the header (--header)?");
}

TEST(Csv, FindsTheDelimiterInTheFirstLine) {
  for (const std::string delimiter : {",", "\t", ";", " ", "   ", " \t "}) {
    const std::string text = fmt::format("a{0}b\n1{0}2\n3{0}4\n", delimiter);
    EXPECT_EQ(matrix_of(text), kTwoRows) << text;
    EXPECT_EQ(names_of(text), (Names{"a", "b"})) << text;
  }
  EXPECT_EQ(names_of("length, mm;width, mm;c, mm;d;e\n1;2;3;4;5\n"),
            (Names{"length, mm", "width, mm", "c, mm", "d", "e"}));
  EXPECT_EQ(names_of("\"length; mm\",b\n1,2\n"), (Names{"length; mm", "b"}));
  EXPECT_EQ(matrix_of("1\n2\n"), Matrix(2, 1, {1, 2}));
}

TEST(Csv, TakesTheDelimiterThatItIsGiven) {
  EXPECT_EQ(matrix_of("1.0|2\n3|4\n", {.delimiter = '|'}), kTwoRows);
  EXPECT_EQ(names_of("a,b|c\n1|2\n", {.delimiter = '|'}), (Names{"a,b", "c"}));
  EXPECT_EQ(matrix_of("1.0\t2\n3 4\n", {.delimiter = ' '}), kTwoRows);
}

TEST(Csv, TreatsRunsOfBlanksAsOneDelimiterAndIgnoresThemAtTheEnds) {
  EXPECT_EQ(matrix_of("  1.0   2\n3 \t 4   \n"), kTwoRows);
  EXPECT_EQ(matrix_of("1.0 2  \r\n 3 4\r\n"), kTwoRows);
  EXPECT_EQ(matrix_of("  7  \n 8\n"), Matrix(2, 1, {7, 8}));
}

TEST(Csv, ReadsAnyLineEndsAByteOrderMarkAndBlankLines) {
  EXPECT_EQ(matrix_of("a,b\r\n1,2\r\n3,4\r\n"), kTwoRows);
  EXPECT_EQ(matrix_of("\n\r\n1.0,2\n  \n\n3,4"), kTwoRows);
  EXPECT_EQ(matrix_of("1.0,2\n3,4\r"), kTwoRows);
  EXPECT_EQ(names_of("\xEF\xBB\xBF\"a\",b\r\n1,2"), (Names{"a", "b"}));
  EXPECT_EQ(matrix_of("\xEF\xBB\xBF"
                      "1.0,2\n3,4\n"),
            kTwoRows);
}

TEST(Csv, AcceptsBlanksAroundNumbersAndALeadingPlus) {
  EXPECT_EQ(matrix_of(" 1 ,\t+2\n+3.0e0 , 4\t\n"), kTwoRows);
  EXPECT_EQ(matrix_of("1.0\t 2\n3 \t4\n"), kTwoRows);
}

TEST(Csv, ReadsQuotedFields) {
  EXPECT_EQ(names_of("\"a \"\"big\"\" one\",\"b,c\",\"d\ne\"\n1,2,3\n"), (Names{"a \"big\" one", "b,c", "d\ne"}));
  EXPECT_EQ(matrix_of("\"1\",\" 2 \"\n\"+3\",4\n"), kTwoRows);
  EXPECT_EQ(matrix_of("a \"b\" \n1 \"2\"\n\"3\" 4\n"), kTwoRows);
  EXPECT_EQ(names_of("5\" pipe,b\n1,2\n"), (Names{"5\" pipe", "b"}));
}

TEST(Csv, SkipsExcludedTextEvenWithLineEndsInside) {
  const Dataset data = read_text("a,note,b\n1,\"x\n\n,\"\"y\",2\n3,,4\n", {.exclude = {"note"}});
  EXPECT_EQ(std::get<Matrix>(data.values()), kTwoRows);
  EXPECT_EQ(data.column_names(), (Names{"a", "b"}));
}

TEST(Csv, ReadsWideRowsWithManyLineEndsInExcludedText) {
  std::string header = "note";
  std::string row = "\"" + std::string(1000, '\n') + "\"";
  for (int i = 0; i < 300; ++i) {
    header += fmt::format(",c{}", i);
    row += fmt::format(",{}", i);
  }
  const Matrix x = matrix_of(header + "\n" + row + "\n", {.exclude = {"note"}});
  EXPECT_EQ(x.rows(), 1U);
  EXPECT_EQ(x.cols(), 300U);
  EXPECT_EQ(x(0, 299), 299.0);
}

// More than one chunk, so that rows are counted before they are read.
TEST(Csv, ReadsQuotesInManyChunksAsInOne) {
  std::string rows;
  for (int i = 0; rows.size() < (std::size_t{5} << 19); ++i)
    rows += fmt::format("{},5\" pipe,\"b \"\"{}\"\"\",c\n", i, i);
  const auto read = [&](const std::string& last) {
    return matrix_of("a,pipe,note,more\n" + rows + last, {.columns = {"a"}, .n_threads = 2});
  };
  const Matrix x = read("");
  ASSERT_GT(x.rows(), 80000U);
  for (std::size_t i = 0; i < x.rows(); ++i) ASSERT_EQ(x(i, 0), static_cast<double>(i));
  // An even number of quotes in each line, and still a field over two of them.
  const Matrix longer = read("-1,5\" pipe,\"b\n-2,5\",c\"\n-3,,,\n");
  EXPECT_EQ(longer.rows(), x.rows() + 2);
  EXPECT_EQ(longer(x.rows(), 0), -1.0);
  EXPECT_EQ(longer(x.rows() + 1, 0), -3.0);
}

TEST(Csv, NamesColumnsWithoutANameByTheirPosition) {
  EXPECT_EQ(names_of("a,,b,\"\"\n1,2,3,4\n"), (Names{"a", "x2", "b", "x4"}));
}

TEST(Csv, RoundsWhatIsTooSmallForADouble) {
  const Matrix x = matrix_of("1e-999,-1e-999,4e-324,0." + std::string(400, '0') + "1e10,1e-99999999999999999999\n");
  EXPECT_EQ(x, Matrix(1, 5, {0, 0, 4.9406564584124654e-324, 0, 0}));
  EXPECT_TRUE(std::signbit(x(0, 1)));
}

TEST(Csv, GivesTheNearestDoubleOfLongNumbers) {
  const Matrix x = matrix_of("0.1000000000000000055511151231257827,9007199254740993," + std::string(400, '0') +
                             "7,1.7976931348623157e99,123456789012345678901234567890\n");
  EXPECT_EQ(x, Matrix(1, 5, {0.1, 9007199254740992.0, 7, 1.7976931348623157e99, 1.2345678901234568e29}));
}

// A random double of any exponent that rows may have.
double random_double(std::mt19937_64& engine) {
  for (;;) {
    const auto value = std::bit_cast<double>(engine());
    if (std::abs(value) <= kLargestValue) return value;
  }
}

struct RandomText {
  Matrix x;
  std::string text;
};

// Numbers in several notations, with random quotes, blanks, blank lines and line ends.
RandomText random_text(std::uint64_t seed, bool with_quotes) {
  std::mt19937_64 engine(seed);
  const auto dice = [&](std::size_t n) { return engine() % n; };
  RandomText random{Matrix(1 + dice(40), 1 + dice(6)), "\xEF\xBB\xBF"};
  const std::string delimiter(1, ",;\t "[dice(4)]);
  const std::string newline = dice(2) == 0 ? "\n" : "\r\n";
  for (std::size_t row = 0; row < random.x.rows(); ++row) {
    for (std::size_t col = 0; col < random.x.cols(); ++col) {
      const double value = dice(2) == 0 ? random_double(engine) : static_cast<double>(dice(2000)) / 8 - 100;
      random.x(row, col) = value;
      std::string number = dice(2) == 0 ? fmt::format("{}", value) : fmt::format("{:.17e}", value);
      if (value >= 0 && !std::signbit(value) && dice(5) == 0) number = "+" + number;
      if (with_quotes && dice(3) == 0) number = "\"" + number + "\"";
      if (dice(4) == 0) number = " " + number + " ";
      random.text += (col == 0 ? "" : delimiter) + number;
    }
    if (row + 1 < random.x.rows() || dice(2) == 0) random.text += newline;
    if (dice(10) == 0) random.text += newline;
  }
  return random;
}

RC_GTEST_PROP(Csv, GivesTheNumbersThatWereWrittenInAnyNotation, (std::uint64_t seed, bool with_quotes)) {
  const RandomText random = random_text(seed, with_quotes);
  const char delimiter = random.text.find_first_of(",;\t") == std::string::npos ? ' ' : '\0';
  RC_ASSERT(matrix_of(random.text, {.delimiter = delimiter, .header = Header::no}) == random.x);
}

TEST(Csv, GivesTheSameMatrixForAnyNumberOfThreads) {
  std::mt19937_64 engine(3);
  Matrix x(150000, 3);
  std::vector<double> weights(x.rows());
  std::string text = "a,w,b,c\n";
  for (std::size_t row = 0; row < x.rows(); ++row) {
    for (double& value : x.row(row)) value = random_double(engine);
    weights[row] = static_cast<double>(row % 7);
    fmt::format_to(std::back_inserter(text), "{},{},{},{}\n{}", x(row, 0), weights[row], x(row, 1), x(row, 2),
                   row % 1000 == 0 ? "\r\n \n" : "");
  }
  ASSERT_GT(text.size(), std::size_t{8} << 20);  // several chunks
  for (const unsigned n_threads : {1U, 2U, 3U, 7U}) {
    const Dataset data = read_text(text, {.weights = "w", .n_threads = n_threads});
    EXPECT_TRUE(std::get<Matrix>(data.values()) == x) << n_threads;
    EXPECT_EQ(data.weights(), weights) << n_threads;
  }
  text += "\"1\",\"2\",3,4\n";  // a quote anywhere: read in one piece
  const Dataset data = read_text(text, {.weights = "w"});
  EXPECT_EQ(data.rows(), x.rows() + 1);
  EXPECT_EQ(data.view().value(x.rows() - 1, 2), x(x.rows() - 1, 2));
  EXPECT_EQ(data.weights().back(), 2.0);
}

}  // namespace
}  // namespace mogul
