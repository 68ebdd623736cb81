// A table's rows for programs: CSV, TSV, JSON and JSON Lines.
#include <limits>
#include <sstream>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "mogul/io.hpp"
#include "mogul/table.hpp"

namespace mogul {
namespace {

const double kNone = std::numeric_limits<double>::quiet_NaN();

std::string csv(const Table& table, char delimiter = ',', char decimal = '.') {
  std::ostringstream out;
  write_csv(out, table, delimiter, decimal);
  return out.str();
}

std::string json(const Table& table) {
  std::ostringstream out;
  write_json(out, table);
  return out.str();
}

std::string json_lines(const Table& table) {
  std::ostringstream out;
  write_json_lines(out, table);
  return out.str();
}

// Two columns of a file and one of numbers.
Table with_fields_of_a_file() {
  const std::vector<std::string> ids{"x\"y", ""};
  const std::vector<std::string> codes{"07", "9007199254740993"};
  return {"scores",
          "",
          {{.name = "id", .values = ids, .is_from_file = true},
           {.name = "a,b", .values = codes, .is_from_file = true},
           {"score", std::vector<double>{1.5, kNone}}}};
}

TEST(TableCsv, PutsInQuotesWhatWouldNotReadBack) {
  EXPECT_EQ(csv(with_fields_of_a_file()), "id,\"a,b\",score\n\"x\"\"y\",07,1.5\n,9007199254740993,NA\n");
}

TEST(TableCsv, HasTheDecimalPointAskedFor) {
  const Table table{"", "", {{"x", std::vector<double>{-0.5, 7, kNone}}, {"y", std::vector<double>{1e-7, 1e300, 2.5}}}};
  EXPECT_EQ(csv(table, ';', ','), "x;y\n\"-0,5\";1e-07\n7;1e+300\nNA;\"2,5\"\n");
  EXPECT_EQ(csv(table, '\t'), "x\ty\n-0.5\t1e-07\n7\t1e+300\nNA\t2.5\n");
}

TEST(TableJson, TakesFieldsOfAFileForWhatTheyReadAs) {
  EXPECT_EQ(json_lines(with_fields_of_a_file()),
            "{\"id\": \"x\\\"y\", \"a,b\": \"07\", \"score\": 1.5}\n"
            "{\"id\": null, \"a,b\": 9007199254740993, \"score\": null}\n")
      << "a number of JSON as it stands, and no other text for a number";
}

TEST(TableJson, KeepsOtherTextAsText) {
  const Table table{"", "", {{"name", std::vector<std::string>{"7", "", "\xFF"}}}};
  const nlohmann::json rows = nlohmann::json::parse(json(table));
  EXPECT_EQ(rows[0]["name"], "7");
  EXPECT_EQ(rows[1]["name"], "");
  EXPECT_EQ(rows[2]["name"], "\xEF\xBF\xBD") << "bytes that are not UTF-8 are replaced";
}

TEST(TableJson, OfNoRowsIsAnEmptyArray) {
  const Table table{"", "", {{"x", std::vector<double>{}}}};
  EXPECT_EQ(nlohmann::json::parse(json(table)), nlohmann::json::array());
  EXPECT_EQ(json_lines(table), "");
  EXPECT_EQ(csv(table), "x\n");
}

// Of more rows than one piece of the writers holds.
RC_GTEST_PROP(TableRows, ReadBackEqualInEveryFormat, (std::vector<double> drawn)) {
  RC_PRE(!drawn.empty());
  std::vector<double> x;
  while (x.size() < 10000) x.insert(x.end(), drawn.begin(), drawn.end());
  const Table table{"", "", {{"x", x}, {"twice", std::vector<double>(x.rbegin(), x.rend())}}};
  const Dataset read = parse_dataset(csv(table), "table.csv");
  const nlohmann::json array = nlohmann::json::parse(json(table));
  std::istringstream lines(json_lines(table));
  std::string line;
  RC_ASSERT(read.rows() == x.size());
  RC_ASSERT(array.size() == x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    std::getline(lines, line);
    const double twice = x[x.size() - 1 - i];
    RC_ASSERT(read.view().value(i, 0) == x[i] && read.view().value(i, 1) == twice);
    RC_ASSERT(array[i]["x"].get<double>() == x[i] && array[i]["twice"].get<double>() == twice);
    RC_ASSERT(nlohmann::json::parse(line) == array[i]);
  }
  RC_ASSERT(!std::getline(lines, line));
}

}  // namespace
}  // namespace mogul
