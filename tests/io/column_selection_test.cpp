#include "io/column_selection.hpp"

#include <gtest/gtest.h>

#include "io/files.hpp"

namespace mogul {
namespace {

using Names = std::vector<std::string>;
using Columns = std::vector<std::size_t>;

const Names kNames = {"eruptions", "waiting", "weight", "2"};

ColumnSelection select(const ReadOptions& options, const Names& names = kNames) {
  return select_columns(names, options, "f.csv");
}

template <class Error = invalid_argument>
std::string error(const ReadOptions& options, const Names& names = kNames) {
  return test::message_of<Error>([&] { select(options, names); });
}

TEST(ColumnSelection, KeepsEveryColumnByDefault) {
  const ColumnSelection all = select({});
  EXPECT_EQ(all.features, (Columns{0, 1, 2, 3}));
  EXPECT_EQ(all.names, kNames);
  EXPECT_FALSE(all.weights);
}

TEST(ColumnSelection, KeepsTheOrderOfColumns) {
  const ColumnSelection chosen = select({.columns = {"weight", "1"}});
  EXPECT_EQ(chosen.features, (Columns{2, 0}));
  EXPECT_EQ(chosen.names, (Names{"weight", "eruptions"}));
}

TEST(ColumnSelection, LetsANameWinOverAPosition) {
  EXPECT_EQ(select({.columns = {"2"}}).features, (Columns{3}));
  EXPECT_EQ(select({.columns = {"2"}}, {"a", "b"}).features, (Columns{1}));
}

TEST(ColumnSelection, PullsTheWeightsOutOfTheFeatures) {
  const ColumnSelection weighted = select({.exclude = {"4"}, .weights = "weight"});
  EXPECT_EQ(weighted.features, (Columns{0, 1}));
  EXPECT_EQ(weighted.weights, 2U);
  EXPECT_EQ(select({.exclude = {"weight"}, .weights = "3"}).weights, 2U);
}

TEST(ColumnSelection, LeavesExcludedColumnsOut) {
  EXPECT_EQ(select({.exclude = {"waiting", "1", "1"}}).features, (Columns{2, 3}));
}

TEST(ColumnSelection, SuggestsTheNearestName) {
  EXPECT_EQ(error({.exclude = {"wating"}}), "f.csv: exclude = 'wating': no such column; did you mean 'waiting'?");
  EXPECT_EQ(error({.columns = {"Eruption"}}), "f.csv: columns = 'Eruption': no such column; did you mean 'eruptions'?");
  EXPECT_EQ(error({.weights = "weights"}), "f.csv: weights = 'weights': no such column; did you mean 'weight'?");
}

TEST(ColumnSelection, ListsTheColumnsWhereNoneIsNear) {
  const std::string list = "no such column; its 4 columns are eruptions, waiting, weight, 2";
  EXPECT_EQ(error({.columns = {"class"}}), "f.csv: columns = 'class': " + list);
  EXPECT_EQ(error({.columns = {"5"}}, {"a", "b"}), "f.csv: columns = '5': no such column; its 2 columns are a, b");
  for (const std::string wanted : {"0", "-1", "5", "99999999999999999999"}) {
    EXPECT_NE(error({.exclude = {wanted}}).find("exclude = '" + wanted + "': no such column; "), std::string::npos);
  }
  const Names many(12, "long name");
  EXPECT_TRUE(error({.columns = {"z"}}, many).ends_with("long name, ...")) << error({.columns = {"z"}}, many);
}

TEST(ColumnSelection, RefusesContradictions) {
  EXPECT_EQ(error({.columns = {"waiting", "waiting"}}), "f.csv: columns = 'waiting': the column is listed twice");
  EXPECT_EQ(error({.columns = {"weight"}, .weights = "3"}), "f.csv: columns = 'weight': the column holds the weights");
  EXPECT_EQ(error({.columns = {"1"}, .exclude = {"eruptions"}}), "f.csv: columns = '1': the column is excluded");
  EXPECT_EQ(error({.exclude = {"1"}, .weights = "2"}, {"a", "b"}), "f.csv: no column is left; keep at least one");
}

TEST(ColumnSelection, RefusesNamesThatTwoColumnsShare) {
  const Names names = {"a", "b", "a"};
  EXPECT_EQ(error({.columns = {"a"}}, names),
            "f.csv: columns = 'a': more than one column has this name; give its position");
  EXPECT_EQ(error<invalid_data>({}, names),
            "f.csv: columns 1 and 3 are both called 'a'; rename one, or exclude it by position");
  EXPECT_EQ(select({.exclude = {"3"}}, names).features, (Columns{0, 1}));
}

}  // namespace
}  // namespace mogul
