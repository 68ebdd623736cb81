// Rows in memory as a source: in order and by their numbers, whatever their layout and type.
#include "data/memory_rows.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "is_interruptible.hpp"

namespace mogul {
namespace {

const Matrix kX(4, 2, {1, 2, 3, 4, 5, 6, 7, 8});
const FloatMatrix kFloats(4, 2, {1, 2, 3, 4, 5, 6, 7, 8});

TEST(MemoryRows, ReadsConsecutiveRowsInOrder) {
  const std::vector<double> weights{1, 0, 2, 3};
  const MemoryRows source(DataView(kX, weights));
  EXPECT_EQ(source.n_rows(), 4U);
  EXPECT_EQ(source.n_features(), 2U);
  const auto reader = source.read(1, 4);
  const RowBlock two = reader->next(2);
  EXPECT_EQ(two.first, 1U);
  EXPECT_EQ(two.n_rows, 2U);
  EXPECT_EQ(two.value(0, 0), 3);
  EXPECT_EQ(two.value(1, 1), 6);
  EXPECT_EQ(two.weight(1), 2);
  const RowBlock last = reader->next(1);
  EXPECT_EQ(last.first, 3U);
  EXPECT_EQ(last.value(0, 1), 8);
}

TEST(MemoryRows, GathersRowsInTheOrderAskedFor) {
  const std::vector<const double*> pointers{kX.data(), kX.data() + 4};
  const std::vector<std::size_t> indices{3, 0, 3};
  EXPECT_EQ(MemoryRows(kX).gather(indices), Matrix(3, 2, {7, 8, 1, 2, 7, 8}));
  EXPECT_EQ(MemoryRows(kFloats).gather(indices), Matrix(3, 2, {7, 8, 1, 2, 7, 8}));
  EXPECT_EQ(MemoryRows(ColumnsView<const double>(pointers, 4)).gather(indices), Matrix(3, 2, {4, 8, 1, 5, 4, 8}));
  EXPECT_EQ(MemoryRows(kX).gather({}).rows(), 0U);
}

TEST(MemoryRows, TellsWhetherItsValuesAreFloats) {
  const std::vector<const float*> pointers{kFloats.data(), kFloats.data() + 4};
  EXPECT_TRUE(MemoryRows(kFloats).is_float());
  EXPECT_TRUE(MemoryRows(ColumnsView<const float>(pointers, 4)).is_float());
  EXPECT_FALSE(MemoryRows(kX).is_float());
}

TEST(RowSource, ShowsAllRowsOnceUntilNobodyWantsMore) {
  const Matrix x(10'001, 1);
  std::size_t next = 0;
  for_each_block(MemoryRows(x), [&](const RowBlock& block) {
    EXPECT_EQ(block.first, next);
    next += block.n_rows;
    return true;
  });
  EXPECT_EQ(next, x.rows());
  std::size_t n_calls = 0;
  for_each_block(MemoryRows(x), [&](const RowBlock&) { return ++n_calls < 2; });
  EXPECT_EQ(n_calls, 2U);
}

TEST(RowSource, IsReadUntilTheCallerInterrupts) {
  const Matrix x(100'000, 1);
  EXPECT_TRUE(test::is_interruptible([&] { for_each_block(MemoryRows(x), [](const RowBlock&) { return true; }); }));
}

}  // namespace
}  // namespace mogul
