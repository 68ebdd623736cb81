// Rows of either type and any stride become the same panel, of doubles or of floats, padded with rows of weight zero.
#include <gtest/gtest.h>

#include "kernel/cpu/panel.hpp"

namespace mogul {
namespace {

using test::Rows;

constexpr std::size_t kStride = 64;

// Element (i, d) of a table with gaps; not all are floats' values.
double value(std::size_t i, std::size_t d) { return 0.1 * static_cast<double>(i) - 7 * static_cast<double>(d); }

template <class T>
std::vector<T> table(std::size_t rows, std::size_t cols, std::size_t gap) {
  std::vector<T> values(rows * (cols + gap), std::numeric_limits<T>::quiet_NaN());
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t d = 0; d < cols; ++d) values[i * (cols + gap) + d] = static_cast<T>(value(i, d));
  }
  return values;
}

template <class T, class X>
void expect_panel(std::size_t cols, std::size_t gap, const cpu::Block& block, bool weighted) {
  constexpr std::size_t kRows = 150;
  const std::vector<T> x = table<T>(kRows, cols, gap);
  std::vector<double> weights;
  for (std::size_t i = 0; weighted && i < kRows; ++i) weights.push_back(0.5 * static_cast<double>(i));
  const DataView data(MatrixView<const T>(x.data(), kRows, cols, cols + gap), weights);
  const Rows<X> rows(data, block);
  for (std::size_t i = 0; i < block.n_padded; ++i) {
    const std::size_t row = block.first_row + i;
    const bool exists = i < block.n_rows;
    ASSERT_EQ(rows.w[i], !exists ? 0 : weighted ? 0.5 * static_cast<double>(row) : 1) << "row " << i;
    for (std::size_t d = 0; d < cols; ++d) {
      const X expected = exists ? static_cast<X>(static_cast<T>(value(row, d))) : X{0};
      ASSERT_EQ(rows.x[d * kStride + i], expected) << "row " << i << ", feature " << d;
    }
  }
  EXPECT_TRUE(test::is_untouched_beyond(block, rows.x));
  EXPECT_TRUE(test::is_untouched_beyond(block, rows.w));
}

TEST(Transpose, CopiesConvertsAndPads) {
  for (const std::size_t n_rows : {1, 15, 16, 17, 63, 64}) {
    for (const std::size_t first : {0, 1, 86}) {
      for (const std::size_t cols : {1, 2, 3, 4, 5, 6, 7, 8, 17}) {
        for (const std::size_t gap : {0, 3}) {
          const cpu::Block block = test::block_of<double>(first, n_rows, kStride);
          expect_panel<double, double>(cols, gap, block, true);
          expect_panel<float, double>(cols, gap, block, false);
          expect_panel<float, float>(cols, gap, test::block_of<float>(first, n_rows, kStride), true);
        }
      }
    }
  }
}

}  // namespace
}  // namespace mogul
