// Whether the first line is a header: read so, read as a row, or refused with the flags that decide. Never a row lost
// or invented.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "io/text.hpp"

namespace mogul {
namespace {

using test::matrix_of;
using test::names_of;
using test::text_error;
using Names = std::vector<std::string>;

// Both readings and both flags in one sentence.
void expect_question(const std::string& text, const ReadOptions& options = {}) {
  const std::string message = text_error(text, options);
  for (const std::string part : {"line 1: may be a header or a row", "--header", "--no-header", "first row"}) {
    EXPECT_NE(message.find(part), std::string::npos) << text << "\n" << message;
  }
}

TEST(CsvHeader, IsALineOfTextAboveNumbers) {
  for (const std::string line : {"a,b", "Na,K", "x,y z", "time,10m", "\"a\",b", "1st,mean"}) {
    EXPECT_EQ(matrix_of(line + "\n1.5,2\n3,4\n"), Matrix(2, 2, {1.5, 2, 3, 4})) << line;
  }
}

TEST(CsvHeader, IsAskedForWhereMissingValuesOrDamagedNumbersMayBeNames) {
  for (const std::string token : {"2O", "1.2.3", "\"1,234\"", "$5", "12%", "2019-01-01", "12:30", "TRUE", "1e", "0;420",
                                  "O.5", "<0.1", "1 2", "bad"}) {
    expect_question("1.5," + token + "\n1,2\n3,4\n6,8\n");
    expect_question(token + ",1.5\n1,2\n3,4\n6,8\n");
  }
  for (const std::string token : {"2O", "$5", "12%", "2019-01-01", "TRUE"}) expect_question(token + "\n1\n2\n3\n");
  for (const std::string token : {"NA", "N/A", "?", "null"}) expect_question("x," + token + "\n1,2\n3,4\n6,8\n");
}

// A row of numbers and missing values is a row: refused for the missing value, or dropped and counted.
TEST(CsvHeader, IsNoLineOfNumbersAndMissingValues) {
  for (const std::string token : {"NA", "?", "-", "--", ".", "null", "NULL", "None", "NaN", "nan", "N/A", "#N/A", ""}) {
    for (const std::string& line : {"1.5," + token, token + ",1.5", token + "," + token}) {
      const std::string text = line + "\n1,2\n3,4\n6,8\n";
      const std::string message = text_error(text);
      EXPECT_TRUE(message.find("missing value") != std::string::npos || message.find("empty") != std::string::npos)
          << message;
      ReadReport report;
      EXPECT_EQ(parse_dataset(text, "t.csv", {.missing = Missing::drop}, &report).rows(), 3U) << text;
      EXPECT_EQ(report.dropped, std::vector<std::size_t>{0});
    }
  }
}

TEST(CsvHeader, IsAskedForWhereNumbersMayBeNames) {
  expect_question("0,1\n1.5,2.5\n3.5,4.5\n");
  expect_question("0,1\n3,7\n2,5\n");
  expect_question("0,1,2\n3,7,1\n2,5,8\n");
  expect_question("1,2,3\n3,7,1\n2,5,8\n");
  expect_question("1,2\n1.5,2.5\n3.5,4.5\n");
  expect_question("2019,2020\n1.5,2.5\n3.5,4.5\n");
  expect_question("2019,2020\n15,220\n35,45\n");
  expect_question("1980,1990,2000\n15,25,7\n35,45,6\n");
  expect_question("400.0,400.5,401.0\n0.1,0.2,0.1\n0.3,0.1,0.2\n");
  expect_question("7\n0.5\n1.5\n");
  expect_question("\"0\",\"1\"\n\"1.5\",\"2.5\"\n\"3.5\",\"4.5\"\n");
  expect_question("NA,2019\n1.5,2.5\n3.5,4.5\n");
}

TEST(CsvHeader, IsNoLineOfNumbersLikeThoseBelow) {
  for (const std::string text : {"1,2\n3,4\n6,8\n5,1\n", "1.5,2.5\n3,4\n", "1\n2\n3\n", "5.0,7\n1,2\n",
                                 "3,3\n1.5,2\n2.5,4\n", "-1,2\n3,4\n", "2001,2002\n1999,2010\n1987,2020\n"}) {
    EXPECT_EQ(matrix_of(text).rows(), static_cast<std::size_t>(std::ranges::count(std::string(text), '\n'))) << text;
  }
}

TEST(CsvHeader, IsALineOfNumbersInQuotesAboveNumbersWithout) {
  EXPECT_EQ(names_of("\"2019\",\"2020\"\n1.5,2\n3,5\n4,4\n"), (Names{"2019", "2020"}));
  EXPECT_EQ(names_of("\"\",\"400\",\"401\"\n\"1\",1.5,2\n\"2\",3,5\n"), (Names{"400", "401"}));
  EXPECT_EQ(names_of(",0,1\n0,1.5,2\n1,3,5\n"), (Names{"0", "1"}));
  expect_question("\"1,234\"\n567\n890\n");  // its comma needs the quotes
}

TEST(CsvHeader, IsTheLineThatHoldsTheExpectedNames) {
  const ReadOptions years{.expected_names = {"2020", "2019"}};
  EXPECT_EQ(names_of("2019,2020\n15,220\n35,45\n", years), (Names{"2019", "2020"}));
  EXPECT_EQ(names_of("2019,x,2020\n15,220,1\n35,45,2\n", years), (Names{"2019", "x", "2020"}));
  expect_question("2019,2021\n15,220\n35,45\n", years);
  EXPECT_EQ(matrix_of("5,7\n15,220\n35,45\n", years).rows(), 3U);
}

// A table with a random kind of first line, written with and without it. Whatever is read has all the rows.
RC_GTEST_PROP(CsvHeader, NeverLosesOrInventsARow, (std::uint64_t seed)) {
  std::mt19937_64 engine(seed);
  const auto dice = [&](std::size_t n) { return engine() % n; };
  const std::size_t n_rows = 1 + dice(30);
  const std::size_t n_cols = 1 + dice(5);
  const std::size_t n_digits = dice(4);
  std::normal_distribution<double> normal(0, 20);
  const auto number = [&] { return fmt::format("{:.{}f}", normal(engine), n_digits); };
  std::string rows;
  for (std::size_t row = 0; row < n_rows; ++row) {
    for (std::size_t col = 0; col < n_cols; ++col) rows += (col == 0 ? "" : ",") + number();
    rows += "\n";
  }

  // Names: 0, 1, ...; 1, 2, ...; years; words; letters; each perhaps in quotes.
  const std::size_t kind = dice(5);
  const bool quoted = dice(2) == 0;
  Names names;
  for (std::size_t col = 0; col < n_cols; ++col) {
    const std::string name = kind == 0   ? std::to_string(col)
                             : kind == 1 ? std::to_string(col + 1)
                             : kind == 2 ? std::to_string(2000 + 5 * col)
                             : kind == 3 ? fmt::format("column {}", col)
                                         : std::string(1, static_cast<char>('a' + col));
    names.push_back(quoted ? "\"" + name + "\"" : name);
  }
  const std::string with_header = fmt::format("{}\n", fmt::join(names, ",")) + rows;
  try {
    const Dataset data = test::read_text(with_header);
    // One or two whole numbers above others look like a row: to call them names, there must be more of them.
    const bool is_row = !quoted && n_digits == 0 && kind <= 2 && n_cols <= 2;
    RC_ASSERT(data.rows() == n_rows + (is_row ? 1 : 0));
  } catch (const invalid_data& error) {
    RC_ASSERT(std::string(error.what()).find("--no-header") != std::string::npos);
  }

  // Without a header, and a token in the first row.
  const std::vector<std::string> tokens{"NA", "?", "", "2O", "1,2", "$3", "none", "12%"};
  const std::string token = tokens[dice(tokens.size())];
  const std::size_t place = dice(n_cols);
  std::string first;
  for (std::size_t col = 0; col < n_cols; ++col) {
    first += (col == 0 ? "" : ",") + (col == place ? "\"" + token + "\"" : number());
  }
  try {
    ReadReport report;
    const Dataset data = parse_dataset(first + "\n" + rows, "t.csv", {.missing = Missing::drop}, &report);
    RC_ASSERT(data.rows() + report.dropped.size() == n_rows + 1);
  } catch (const invalid_data& error) {  // that says which reading needs which flag, or what the token is
    const std::string message = error.what();
    const bool asks = message.find("--header") != std::string::npos && message.find("--no-header") != std::string::npos;
    RC_ASSERT(asks || message.find("line 1, column") != std::string::npos ||
              message.find("a value is missing in every row") != std::string::npos);
  }
}

// Columns without a name are called by their position, but never as another is really called.
RC_GTEST_PROP(CsvHeader, NeverInventsANameThatAColumnHas, (std::uint64_t seed)) {
  std::mt19937_64 engine(seed);
  const Names words{"x1", "x2", "x3", "x1_", "x2_", "a", "", "", ""};
  Names header;
  while (header.size() < 4) {
    const std::string& word = words[engine() % words.size()];
    if (word.empty() || std::ranges::find(header, word) == header.end()) header.push_back(word);
  }
  const std::string text = fmt::format("\"{}\"\n1.5,7,2.5,3\n0.5,3,1.5,9\n8.5,1,7.5,5\n", fmt::join(header, "\",\""));
  const Names names = names_of(text, {.columns = {"1", "2", "3", "4"}, .header = Header::yes});
  RC_ASSERT(std::set<std::string>(names.begin(), names.end()).size() == 4U);
  for (std::size_t i = 0; i < 4; ++i) {
    const std::string own = "x" + std::to_string(i + 1);
    RC_ASSERT((header[i].empty() ? names[i].starts_with(own) : names[i] == header[i]));
  }
}

}  // namespace
}  // namespace mogul
