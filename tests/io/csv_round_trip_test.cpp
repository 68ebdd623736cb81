// Tables written in every dialect read back as the same matrix and names, or are refused; never as other rows. And what
// costs more on longer text costs no more than in proportion.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <ctime>
#include <random>

#include "io/text.hpp"

namespace mogul {
namespace {

using Names = std::vector<std::string>;

struct Table {
  Matrix x;
  std::vector<char> missing;  // per row
  Names names;
};

// How a program might write it.
struct Writing {
  std::string delimiter = ",";
  std::string line_end = "\n";
  char decimal = '.';
  bool header = true;
  bool index = false;      // below an empty name
  bool row_names = false;  // as R's write.table
  bool quoted_names = false;
  bool comments = false;  // one at the top and some between
  bool trailing = false;  // a delimiter at the end of each line
  bool joined = false;    // the header once more in the middle
  std::size_t first_index = 0;
};

std::string in_quotes(const std::string& text) { return "\"" + text + "\""; }

std::string written(const Table& table, const Writing& how) {
  std::string header;
  const auto field = [&](std::string& line, const std::string& text) {
    line += (line.empty() ? "" : how.delimiter) + text;
  };
  if (how.index) header = "\"\"";
  for (const std::string& name : table.names) field(header, how.quoted_names ? in_quotes(name) : name);
  const std::string end = (how.trailing ? how.delimiter : "") + how.line_end;
  std::string text = how.comments ? "# a file of numbers" + how.line_end : "";
  if (how.header) text += header + end;
  for (std::size_t row = 0; row < table.x.rows(); ++row) {
    std::string line;
    const std::string index = std::to_string(row + how.first_index);
    if (how.index) line = index;
    if (how.row_names) line = in_quotes(index);
    for (std::size_t col = 0; col < table.x.cols(); ++col) {
      std::string number = fmt::format("{:.3f}", table.x(row, col));
      std::ranges::replace(number, '.', how.decimal);
      if (how.delimiter == "," && how.decimal == ',') number = in_quotes(number);
      const bool is_missing = table.missing[row] != 0 && col == row % table.x.cols();
      field(line, is_missing ? (row % 2 == 0 ? "NA" : "null") : number);
    }
    text += line + end;
    if (how.comments && row % 3 == 1) text += "# still more of them" + how.line_end;
    if (how.joined && row == table.x.rows() / 2) text += header + end;
  }
  return text;
}

RC_GTEST_PROP(CsvRoundTrip, KeepsMatrixAndNamesInEveryDialect, (std::uint64_t seed)) {
  std::mt19937_64 engine(seed);
  const auto dice = [&](std::size_t n) { return engine() % n; };
  const std::size_t n_rows = 3 + dice(60);
  const std::size_t n_cols = 1 + dice(5);
  Table table{Matrix(n_rows, n_cols), std::vector<char>(n_rows), {}};
  for (std::size_t row = 0; row < n_rows; ++row) {
    for (double& value : table.x.row(row)) value = static_cast<double>(dice(8000)) / 8 - 500.125;
    table.missing[row] = row > 1 && dice(8) == 0 ? 1 : 0;
  }
  for (std::size_t col = 0; col < n_cols; ++col) table.names.push_back(fmt::format("name_{}", col));

  Writing how;
  how.delimiter = Names{",", "\t", ";", "|", " ", "  \t"}[dice(6)];
  how.line_end = dice(2) == 0 ? "\n" : "\r\n";
  if (dice(3) == 0) how.decimal = ',';
  how.header = dice(4) != 0;
  how.index = how.header && dice(3) == 0;
  how.row_names = how.header && !how.index && dice(4) == 0;
  how.quoted_names = dice(2) == 0;
  how.comments = dice(4) == 0;
  how.trailing = !how.row_names && how.delimiter.find(' ') == std::string::npos && n_cols > 1 && dice(5) == 0;
  how.joined = how.header && !how.index && dice(5) == 0;
  how.first_index = dice(3);
  if (how.joined) how.row_names = false;
  const bool is_told = how.joined && n_cols == 1;  // else the name that recurs may be a value

  ReadOptions options{.header = is_told ? Header::yes : Header::detect,
                      .missing = Missing::drop,
                      .decimal = how.decimal,
                      .comment = how.comments ? '#' : '\0'};
  const std::string text = written(table, how);
  ReadReport report;
  const Dataset data = parse_dataset(text, "t.csv", options, &report);

  std::vector<double> kept;
  std::vector<std::size_t> dropped;
  for (std::size_t row = 0; row < n_rows; ++row) {
    if (table.missing[row] != 0) {
      dropped.push_back(row);
    } else {
      kept.insert(kept.end(), table.x.row(row).begin(), table.x.row(row).end());
    }
  }
  RC_ASSERT(data.cols() == n_cols);
  RC_ASSERT(std::get<Matrix>(data.values()) == Matrix(kept.size() / n_cols, n_cols, kept));
  RC_ASSERT(report.dropped == dropped);
  if (how.header) RC_ASSERT(data.column_names() == table.names);
}

// Without the flag that a file needs, it is refused, and the flag named.
RC_GTEST_PROP(CsvRoundTrip, RefusesADecimalCommaThatItIsNotToldOf, (std::uint64_t seed)) {
  std::mt19937_64 engine(seed);
  Table table{Matrix(5, 2), std::vector<char>(5), {"a", "b"}};
  for (std::size_t row = 0; row < 5; ++row) {
    for (double& value : table.x.row(row)) value = static_cast<double>(engine() % 1000) / 8 - 50;
  }
  Writing how;
  how.delimiter = Names{"\t", ";", "|", " ", ","}[engine() % 5];
  how.decimal = ',';
  how.header = engine() % 2 == 0;
  const std::string message = test::text_error(written(table, how));
  RC_LOG() << message;
  RC_ASSERT(message.find("--decimal ,") != std::string::npos);
}

// Titles above the names or the rows: how many lines to skip is said, and right.
RC_GTEST_PROP(CsvRoundTrip, CountsTheLinesOfATitle, (std::uint64_t seed)) {
  std::mt19937_64 engine(seed);
  const std::size_t n_cols = 3 + engine() % 4;
  Table table{Matrix(8, n_cols), std::vector<char>(8), {}};
  for (std::size_t row = 0; row < 8; ++row) {
    for (double& value : table.x.row(row)) value = static_cast<double>(engine() % 1000) / 8 - 50;
  }
  for (std::size_t col = 0; col < n_cols; ++col) table.names.push_back(fmt::format("name_{}", col));
  Writing how;
  how.delimiter = Names{",", ";", "|"}[engine() % 3];  // by which no title is split
  how.header = engine() % 2 == 0;
  const Names titles{"Station 5", "Report of 2024", "unemployment", "", "7", "Source: an office (2nd edition)"};
  std::string text = "Measured by hand\n";
  const std::size_t n_titles = 1 + engine() % 5;
  for (std::size_t i = 1; i < n_titles; ++i) text += titles[engine() % titles.size()] + "\n";
  text += written(table, how);
  const std::string message = test::text_error(text);
  RC_LOG() << text << message;
  RC_ASSERT(message.find(fmt::format("(--skip-lines {})", n_titles)) != std::string::npos);
  const Dataset data = parse_dataset(text, "t.csv", {.skip_lines = n_titles});
  RC_ASSERT(std::get<Matrix>(data.values()) == table.x);
}

double seconds_to_read(const std::string& text, const ReadOptions& options = {}) {
  double best = 1e9;
  for (int repeat = 0; repeat < 3; ++repeat) {
    const std::clock_t start = std::clock();  // of the processor, so that other processes do not count
    try {
      test::read_text(text, options);
    } catch (const invalid_argument&) {
    }
    best = std::min(best, static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
  }
  return best;
}

// Four times as much takes at most eight times as long, and some milliseconds of noise; sixteen would be quadratic.
template <class Text>
void expect_linear(const char* what, std::size_t n, Text text) {
  const double once = seconds_to_read(text(n), {.n_threads = 1});
  const double four_times = seconds_to_read(text(4 * n), {.n_threads = 1});
  EXPECT_LT(four_times, 8 * once + 0.05) << what;
}

TEST(CsvCost, IsLinear) {
  expect_linear("doubled quotes in a name", 100000, [](std::size_t n) {
    std::string quotes;
    for (std::size_t i = 0; i < n; ++i) quotes += "\"\"";
    return "\"" + quotes + "\",b\n1.5,2\n3,4\n";
  });
  expect_linear("columns", 10000, [](std::size_t n) {
    std::string text;
    for (std::size_t i = 0; i < n; ++i) text += fmt::format("{}name{}", i == 0 ? "" : ",", i);
    for (int row = 0; row < 2; ++row) {
      text += "\n1.5";
      for (std::size_t i = 1; i < n; ++i) text += ",2.5";
    }
    return text;
  });
  expect_linear("columns without a name", 10000,
                [](std::size_t n) { return "a" + std::string(n, ',') + "b\n1" + std::string(n, ',') + "2\n"; });
  expect_linear("comments", 20000, [](std::size_t n) {
    std::string text;
    for (std::size_t i = 0; i < n; ++i) text += "# comment\n";
    return text + "a\n1.5\n";
  });
  expect_linear("an open quote", 100000, [](std::size_t n) { return "a,b\n1,2\n3,\"" + std::string(n, '\n'); });
}

TEST(CsvCost, OfColumnsByNameIsLinear) {
  const auto seconds = [](std::size_t n) {
    std::string header;
    std::string row;
    Names names;
    for (std::size_t i = 0; i < n; ++i) {
      names.push_back(fmt::format("name{}", i));
      header += (i == 0 ? "" : ",") + names.back();
      row += i == 0 ? "1.5" : ",1.5";
    }
    std::ranges::reverse(names);
    return seconds_to_read(header + "\n" + row + "\n" + row + "\n", {.columns = names, .n_threads = 1});
  };
  const double once = seconds(8000);
  EXPECT_LT(seconds(32000), 8 * once + 0.05);
}

}  // namespace
}  // namespace mogul
