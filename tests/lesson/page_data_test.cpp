// The numbers of rows on pages.
#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "report/page_data.hpp"

namespace mogul {
namespace {

TEST(PageData, RowNumbersCountTheRowsThatWereLeftOut) {
  const std::vector<std::size_t> dropped = {0, 1, 4, 7, 8, 9};
  std::size_t row = 0;
  for (std::size_t in_file = 0; in_file < 14; ++in_file) {
    if (std::ranges::find(dropped, in_file) != dropped.end()) continue;
    EXPECT_EQ(row_number(row, dropped), static_cast<double>(in_file + 1));
    ++row;
  }
  EXPECT_EQ(row, 8U);
  EXPECT_EQ(row_number(5, {}), 6);
}

// More rows than any list of their numbers could hold.
TEST(PageData, RowNumbersNeedNoMemoryForTheOtherRows) {
  const std::vector<std::size_t> dropped = {3, std::size_t{1} << 40U};
  EXPECT_EQ(row_number(std::size_t{1} << 50U, dropped), static_cast<double>((std::size_t{1} << 50U) + 3));
}

}  // namespace
}  // namespace mogul
