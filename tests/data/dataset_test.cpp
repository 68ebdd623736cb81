#include "mogul/dataset.hpp"

#include <gtest/gtest.h>

#include "io/files.hpp"

namespace mogul {
namespace {

using test::message_of;

const Matrix kX(3, 2, {1, 2, 3, 4, 5, 6});

TEST(DataView, HasShapeValuesAndWeightsOfWhatItBorrows) {
  const std::vector<double> weights = {1, 0, 2.5};
  const DataView view(kX, weights);
  EXPECT_EQ(view.rows(), 3U);
  EXPECT_EQ(view.cols(), 2U);
  EXPECT_EQ(view.value(2, 1), 6.0);
  EXPECT_TRUE(view.weighted());
  EXPECT_EQ(view.weight(2), 2.5);
  EXPECT_EQ(view.weights().data(), weights.data());
  EXPECT_EQ(std::get<MatrixView<const double>>(view.values()).data(), kX.data());
}

TEST(DataView, CountsEveryRowOnceWithoutWeights) {
  const DataView view(kX);
  EXPECT_FALSE(view.weighted());
  EXPECT_TRUE(view.weights().empty());
  EXPECT_EQ(view.weight(1), 1.0);
}

TEST(DataView, LeavesColumnsOfAWiderTableOutByItsStride) {
  const DataView view(MatrixView<const double>(kX.data() + 1, 3, 1, 2));
  EXPECT_EQ(view.cols(), 1U);
  EXPECT_EQ(view.value(0, 0), 2.0);
  EXPECT_EQ(view.value(2, 0), 6.0);
}

TEST(DataView, KeepsFloatsAsTheyAre) {
  const FloatMatrix x(1, 2, {0.1F, 2});
  const DataView view(x);
  EXPECT_TRUE(std::holds_alternative<MatrixView<const float>>(view.values()));
  EXPECT_EQ(view.value(0, 0), static_cast<double>(0.1F));
}

TEST(DataView, ShowsColumnsThatLieAnywhere) {
  const std::vector<double> a = {1, 3, 5}, b = {2, 4, 6}, weights = {1, 0, 2.5};
  const std::vector<const double*> columns = {a.data(), b.data()};
  const DataView view(ColumnsView<const double>(columns, 3), weights);
  EXPECT_EQ(view.rows(), 3U);
  EXPECT_EQ(view.cols(), 2U);
  EXPECT_EQ(view.weight(2), 2.5);
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 2; ++j) EXPECT_EQ(view.value(i, j), kX(i, j));
  }
  EXPECT_EQ(std::get<ColumnsView<const double>>(view.values()).column(1).data(), b.data());
}

TEST(DataView, NamesColumnsByPositionUntilItIsGivenNames) {
  const DataView view(kX);
  EXPECT_EQ(view.column_name(0), "x1");
  EXPECT_EQ(view.column_name(1), "x2");
  const std::vector<std::string> names = {"eruptions", "waiting"};
  const DataView named = view.with_names(names);
  EXPECT_EQ(named.column_name(1), "waiting");
  EXPECT_EQ(named.value(2, 0), 5.0);
  EXPECT_EQ(named.with_names({}).column_name(1), "x2");
}

TEST(DataView, RefusesShapesThatDoNotFit) {
  const std::vector<double> two = {1, 2};
  const std::vector<std::string> names = {"a", "b", "c"};
  EXPECT_EQ(message_of<invalid_argument>([&] { DataView(kX, two); }),
            "weights has 2 values for 3 rows; must have one per row");
  EXPECT_EQ(message_of<invalid_argument>([&] { DataView(kX).with_names(names); }),
            "3 column names for 2 columns; must have one per column");
  EXPECT_EQ(message_of<invalid_argument>([] { DataView{Matrix()}; }), "data has 0 rows; must have at least 1");
  EXPECT_EQ(message_of<invalid_argument>([] { DataView{FloatMatrix(2, 0)}; }),
            "data has 0 columns; must have at least 1");
}

TEST(ColumnsView, RefusesANullPointerWhereThereAreRows) {
  const float value = 1;
  const std::vector<const float*> columns = {&value, nullptr};
  EXPECT_EQ(message_of<invalid_argument>([&] { ColumnsView<const float>(columns, 1); }),
            "ColumnsView: columns[1] is null");
  EXPECT_EQ(ColumnsView<const float>(columns, 0).cols(), 2U);
}

TEST(Dataset, OwnsWhatItsViewShows) {
  const Dataset data(Matrix(kX), {"a", "b"}, {1, 2, 3});
  const Dataset copy = data;
  EXPECT_EQ(copy.rows(), 3U);
  EXPECT_EQ(copy.cols(), 2U);
  EXPECT_EQ(copy.view().value(1, 1), 4.0);
  EXPECT_EQ(copy.view().weight(2), 3.0);
  EXPECT_EQ(copy.view().column_name(1), "b");
  EXPECT_NE(std::get<Matrix>(copy.values()).data(), std::get<Matrix>(data.values()).data());
}

TEST(Dataset, GivesEveryColumnAName) {
  EXPECT_EQ(Dataset(Matrix(kX)).column_names(), (std::vector<std::string>{"x1", "x2"}));
  EXPECT_EQ(Dataset(FloatMatrix(1, 1)).column_names(), (std::vector<std::string>{"x1"}));
}

TEST(Dataset, RefusesShapesThatDoNotFit) {
  EXPECT_EQ(message_of<invalid_argument>([] { Dataset(Matrix(kX), {"a"}); }),
            "1 column names for 2 columns; must have one per column");
  EXPECT_EQ(message_of<invalid_argument>([] { Dataset(Matrix(kX), {}, {1}); }),
            "weights has 1 values for 3 rows; must have one per row");
  EXPECT_EQ(message_of<invalid_argument>([] { Dataset{Matrix()}; }), "data has 0 rows; must have at least 1");
}

}  // namespace
}  // namespace mogul
