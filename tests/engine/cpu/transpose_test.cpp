// Rows of either type and any layout become the same panel, of doubles or of floats, padded with rows of weight zero.
#include <gtest/gtest.h>

#include "engine/cpu/panel.hpp"

namespace mogul {
namespace {

using test::Rows;

constexpr std::size_t kStride = 64;
constexpr std::size_t kRows = 150;

// Element (i, d) of a table with gaps; not all are floats' values.
double value(std::size_t i, std::size_t d) { return 0.1 * static_cast<double>(i) - 7 * static_cast<double>(d); }

std::vector<double> row_weights() {
  std::vector<double> weights;
  for (std::size_t i = 0; i < kRows; ++i) weights.push_back(0.5 * static_cast<double>(i));
  return weights;
}

// `data` holds value(i, d) as values of T.
template <class T, class X>
void expect_panel_of(const DataView& data, const cpu::Block& block) {
  const Rows<X> rows(data, block);
  for (std::size_t i = 0; i < block.n_padded; ++i) {
    const std::size_t row = block.first_row + i;
    const bool exists = i < block.n_rows;
    ASSERT_EQ(rows.w[i], exists ? data.weight(row) : 0) << "row " << i;
    for (std::size_t d = 0; d < data.cols(); ++d) {
      const X expected = exists ? static_cast<X>(static_cast<T>(value(row, d))) : X{0};
      ASSERT_EQ(rows.x[d * kStride + i], expected) << "row " << i << ", feature " << d;
    }
  }
  EXPECT_TRUE(test::is_untouched_beyond(block, rows.x));
  EXPECT_TRUE(test::is_untouched_beyond(block, rows.w));
}

template <class T, class X>
void expect_panel(std::size_t cols, std::size_t gap, const cpu::Block& block, std::span<const double> weights = {}) {
  std::vector<T> x(kRows * (cols + gap), std::numeric_limits<T>::quiet_NaN());
  for (std::size_t i = 0; i < kRows; ++i) {
    for (std::size_t d = 0; d < cols; ++d) x[i * (cols + gap) + d] = static_cast<T>(value(i, d));
  }
  expect_panel_of<T, X>(DataView(MatrixView<const T>(x.data(), kRows, cols, cols + gap), weights), block);
}

template <class T, class X>
void expect_panel_of_columns(std::size_t cols, const cpu::Block& block, std::span<const double> weights = {}) {
  std::vector<std::vector<T>> x(cols, std::vector<T>(kRows));
  std::vector<const T*> pointers;
  for (std::size_t d = 0; d < cols; ++d) {
    for (std::size_t i = 0; i < kRows; ++i) x[d][i] = static_cast<T>(value(i, d));
    pointers.push_back(x[d].data());
  }
  expect_panel_of<T, X>(DataView(ColumnsView<const T>(pointers, kRows), weights), block);
}

TEST(Transpose, CopiesConvertsAndPads) {
  const std::vector<double> weights = row_weights();
  for (const std::size_t n_rows : {1, 15, 16, 17, 63, 64}) {
    for (const std::size_t first : {0, 1, 86}) {
      for (const std::size_t cols : {1, 2, 3, 4, 5, 6, 7, 8, 17}) {
        for (const std::size_t gap : {0, 3}) {
          const cpu::Block block = test::block_of<double>(first, n_rows, kStride);
          expect_panel<double, double>(cols, gap, block, weights);
          expect_panel<float, double>(cols, gap, block);
          expect_panel<float, float>(cols, gap, test::block_of<float>(first, n_rows, kStride), weights);
        }
      }
    }
  }
}

TEST(Transpose, CopiesColumnsAsItDoesRows) {
  const std::vector<double> weights = row_weights();
  for (const std::size_t n_rows : {1, 15, 16, 17, 63, 64}) {
    for (const std::size_t first : {0, 1, 86}) {
      for (const std::size_t cols : {1, 2, 7, 8, 17}) {
        const cpu::Block doubles = test::block_of<double>(first, n_rows, kStride);
        const cpu::Block floats = test::block_of<float>(first, n_rows, kStride);
        expect_panel_of_columns<double, double>(cols, doubles, weights);
        expect_panel_of_columns<float, double>(cols, doubles);
        expect_panel_of_columns<double, float>(cols, floats);
        expect_panel_of_columns<float, float>(cols, floats, weights);
      }
    }
  }
}

}  // namespace
}  // namespace mogul
