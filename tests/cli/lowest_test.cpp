// mogul score --lowest: the rows that a model explains worst, with the numbers under which they stand in the file.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <sstream>

#include "cli/process.hpp"
#include "print/table.hpp"

namespace mogul::test {
namespace {

using Lowest = CommandLine;
using cli::Format;

using Rows = std::vector<std::vector<double>>;

// All log-densities, sorted: what --lowest must begin with.
Rows sorted_rows(const std::string& scores) {
  Rows rows = numbers_of(scores);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].insert(rows[i].begin(), static_cast<double>(i + 1));
  std::ranges::stable_sort(rows, {}, [](const std::vector<double>& row) { return row.at(1); });
  return rows;
}

TEST_F(Lowest, IsTheBeginningOfAllRowsSorted) {
  const std::string model = write_known_model();
  Rows expected = sorted_rows(mogul({"score", model, faithful()}).out);
  ASSERT_EQ(expected.size(), 272u);
  const std::vector<std::pair<std::string, std::size_t>> amounts{{"1", 1},    {"5", 5},    {"272", 272}, {"1000", 272},
                                                                 {"0.1%", 1}, {"1%", 3},   {"50%", 136}, {"100%", 272},
                                                                 {"0.4%", 2}, {"1e1%", 28}};
  for (const auto& [amount, n] : amounts) {
    const Finished run = mogul({"score", model, faithful(), "--lowest", amount});
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(lines_of(run.out).at(0), "row,log_density");
    EXPECT_EQ(numbers_of(run.out), Rows(expected.begin(), expected.begin() + static_cast<std::ptrdiff_t>(n))) << amount;
  }
}

TEST_F(Lowest, APercentageOfAHundredRowsIsThatManyRows) {
  std::string rows = "eruptions,waiting\n";
  for (int i = 0; i < 100; ++i) rows += fmt::format("3.{:02},7{}\n", i, i % 10);
  const std::string model = write_known_model();
  const std::string data = write("rows.csv", rows);
  for (const std::size_t n : {1U, 7U, 14U, 28U, 29U, 55U, 56U, 57U, 58U, 99U, 100U}) {
    const std::string out = mogul({"score", model, data, "--lowest", fmt::format("{}%", n)}).out;
    EXPECT_EQ(lines_of(out).size(), n + 1) << n;
  }
}

TEST_F(Lowest, OfEqualRowsTakesTheEarlierOnes) {
  const std::string rows = write("rows.csv", "eruptions,waiting\n2,55\n9,9\n4.5,80\n9,9\n9,9\n");
  const Rows lowest = numbers_of(mogul({"score", write_known_model(), rows, "--lowest", "2"}).out);
  ASSERT_EQ(lowest.size(), 2u);
  EXPECT_EQ(lowest[0][0], 2);
  EXPECT_EQ(lowest[1][0], 4);
}

TEST_F(Lowest, RefusesWhatIsNeitherACountNorAPercentage) {
  const std::string model = write_known_model();
  for (const std::string amount : {"0", "-1", "0.1", "0%", "-1%", "101%", "%", "1%%", "few", "nan%", "1e999%"}) {
    const Finished run = mogul({"score", model, faithful(), "--lowest", amount});
    EXPECT_EQ(run.exit_code, 2) << amount << run.out;
    EXPECT_NE(run.err.find("--lowest = " + amount), std::string::npos) << run.err;
  }
  EXPECT_NE(mogul({"score", model, faithful(), "--lowest", "0.1"}).err.find("or a percentage: 0.1%"),
            std::string::npos);
  EXPECT_EQ(mogul({"score", model, faithful(), "--lowest", "3", "--mean"}).exit_code, 2);
}

std::string written(const Table& table, Format format) {
  std::ostringstream out;
  cli::write_table(out, table, format);
  return out.str();
}

const double kNone = std::numeric_limits<double>::quiet_NaN();

TEST(Table, SaysInEachFormatWhereAValueIsMissing) {
  const Table table{
      "", "", {cli::numbers("a", {1, kNone}), cli::numbers("b", {0.1, -std::numeric_limits<double>::infinity()})}};
  EXPECT_EQ(written(table, Format::csv), "a,b\n1,0.1\nNA,-inf\n");
  EXPECT_EQ(written(table, Format::tsv), "a\tb\n1\t0.1\nNA\t-inf\n");
  EXPECT_EQ(written(table, Format::table), "   a     b\n   1   0.1\n  NA  -inf\n");
  EXPECT_EQ(written(table, Format::markdown), "| a | b |\n| ---: | ---: |\n| 1 | 0.1 |\n| NA | -inf |\n");
  EXPECT_EQ(written(table, Format::jsonl), "{\"a\": 1, \"b\": 0.1}\n{\"a\": null, \"b\": null}\n");
  EXPECT_EQ(written(table, Format::json), "[\n{\"a\": 1, \"b\": 0.1},\n{\"a\": null, \"b\": null}\n]\n");
}

TEST(Table, KeepsTheFieldsOfTheInputBeforeItsValues) {
  const TextColumns input{{"id", "score"}, {"x", "07", "left out", "8", "", "9"}};
  Table table{"", "", {cli::numbers("score", {1.5, kNone})}};
  cli::keep_columns(table, input, {2, 0});
  EXPECT_EQ(written(table, Format::csv), "id,score,score_\n,9,1.5\nx,07,NA\n");
  EXPECT_EQ(written(table, Format::table), "  id  score  score_\n          9     1.5\n   x     07      NA\n");
}

TEST(Table, HasASpreadOfItsFiniteNumbersFarFromZero) {
  EXPECT_NEAR(cli::spread_of({1e9 - 1, kNone, 1e9 + 1}), 1, 1e-6);
  EXPECT_EQ(cli::spread_of({-std::numeric_limits<double>::infinity(), 3}), 0);
  EXPECT_EQ(cli::spread_of({kNone}), 0);
  EXPECT_EQ(cli::spread_of({}), 0);
}

// Taking the dropped rows out again gives the values back, for every set of rows of a small table.
TEST(Table, DroppedRowsStandWhereTheyWere) {
  constexpr std::size_t kRows = 6;
  for (unsigned set = 0; set < (1U << kRows); ++set) {
    std::vector<std::size_t> dropped;
    for (std::size_t i = 0; i < kRows; ++i) {
      if ((set >> i & 1U) != 0) dropped.push_back(i);
    }
    std::vector<double> kept(kRows - dropped.size());
    std::iota(kept.begin(), kept.end(), 0.0);
    const std::vector<double> all = cli::with_dropped_rows(kept, dropped);
    ASSERT_EQ(all.size(), kRows);
    for (std::size_t i = 0, next = 0; i < kRows; ++i) {
      const bool is_dropped = (set >> i & 1U) != 0;
      EXPECT_EQ(std::isnan(all[i]), is_dropped);
      if (!is_dropped) {
        EXPECT_EQ(all[i], kept[next++]);
      }
    }
  }
}

}  // namespace
}  // namespace mogul::test
