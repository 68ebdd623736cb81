// The Gram matrix of a panel: what second moments come down to. Compiled once per instruction set.

#if defined(MOGUL_GRAM_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MOGUL_GRAM_INL_HPP
#undef MOGUL_GRAM_INL_HPP
#else
#define MOGUL_GRAM_INL_HPP
#endif

#include <algorithm>
#include <span>

#include "engine/cpu/vector-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace mogul::cpu::HWY_NAMESPACE {

// A tile of kGramRows x kGramCols sums of products keeps both multipliers busy and stays in the registers.
constexpr std::size_t kGramRows = kManyRegisters ? 6 : 4;
constexpr std::size_t kGramCols = kManyRegisters ? 4 : 3;

/// Rows of n elements (a multiple of kLanes), stride apart.
template <class T>
struct Panel {
  const T* z;
  std::size_t stride;
  std::size_t n;

  const T* row(std::size_t i) const { return z + i * stride; }
};

/// Adds rows first_row.. times columns first_col.. of Z Z^T to the packed lower triangle.
template <std::size_t kRows, std::size_t kCols, class T>
HWY_ATTR HWY_INLINE void add_gram_tile(const Panel<T>& panel, std::size_t first_row, std::size_t first_col,
                                       std::span<double> packed) {
  V<T> sums[kRows * kCols];
  HWY_UNROLL(24) for (std::size_t s = 0; s < kRows * kCols; ++s) sums[s] = set<T>(0);
  const T* HWY_RESTRICT rows = panel.row(first_row);
  const T* HWY_RESTRICT cols = panel.row(first_col);
  for (std::size_t i = 0; i < panel.n; i += kLanes<T>) {
    V<T> col[kCols];
    HWY_UNROLL(8) for (std::size_t c = 0; c < kCols; ++c) col[c] = load<T>(cols + c * panel.stride + i);
    HWY_UNROLL(8) for (std::size_t r = 0; r < kRows; ++r) {
      const V<T> row = load<T>(rows + r * panel.stride + i);
      HWY_UNROLL(8) for (std::size_t c = 0; c < kCols; ++c) {
        sums[r * kCols + c] = hn::MulAdd(row, col[c], sums[r * kCols + c]);
      }
    }
  }
  T out[kRows * kCols];
  sum_lanes<T>(sums, out);
  for (std::size_t r = 0; r < kRows; ++r) {
    const std::size_t row = first_row + r;
    for (std::size_t c = 0; c < kCols; ++c) packed[row * (row + 1) / 2 + first_col + c] += out[r * kCols + c];
  }
}

/// The same for the triangle where rows meet themselves.
template <std::size_t kRows, class T>
HWY_ATTR HWY_INLINE void add_gram_triangle(const Panel<T>& panel, std::size_t first_row, std::span<double> packed) {
  constexpr std::size_t kSize = kRows * (kRows + 1) / 2;
  V<T> sums[kSize];
  HWY_UNROLL(24) for (std::size_t s = 0; s < kSize; ++s) sums[s] = set<T>(0);
  const T* HWY_RESTRICT rows = panel.row(first_row);
  for (std::size_t i = 0; i < panel.n; i += kLanes<T>) {
    V<T> row[kRows];
    HWY_UNROLL(8) for (std::size_t r = 0; r < kRows; ++r) row[r] = load<T>(rows + r * panel.stride + i);
    HWY_UNROLL(8) for (std::size_t r = 0; r < kRows; ++r) {
      HWY_UNROLL(8) for (std::size_t c = 0; c <= r; ++c) {
        sums[r * (r + 1) / 2 + c] = hn::MulAdd(row[r], row[c], sums[r * (r + 1) / 2 + c]);
      }
    }
  }
  T out[kSize];
  sum_lanes<T>(sums, out);
  for (std::size_t r = 0; r < kRows; ++r) {
    const std::size_t row = first_row + r;
    for (std::size_t c = 0; c <= r; ++c) packed[row * (row + 1) / 2 + first_row + c] += out[r * (r + 1) / 2 + c];
  }
}

template <std::size_t kRows, class T>
HWY_ATTR HWY_INLINE void add_gram_strip(const Panel<T>& panel, std::size_t first_row, std::span<double> packed) {
  std::size_t col = 0;
  while (col < first_row) {
    // Never one column alone, which would wait for its own sums.
    const std::size_t left = first_row - col;
    if (left >= kGramCols && left != kGramCols + 1) {
      add_gram_tile<kRows, kGramCols>(panel, first_row, col, packed);
      col += kGramCols;
    } else if (left == 3 || left == 5) {
      add_gram_tile<kRows, 3>(panel, first_row, col, packed);
      col += 3;
    } else if (left >= 2) {
      add_gram_tile<kRows, 2>(panel, first_row, col, packed);
      col += 2;
    } else {
      add_gram_tile<kRows, 1>(panel, first_row, col, packed);
      col += 1;
    }
  }
  add_gram_triangle<kRows>(panel, first_row, packed);
}

/// Adds Z Z^T to a packed lower triangle: row i at i (i + 1) / 2. Z has n_rows rows, which are cut into strips that are
/// as equal as can be.
/// @cost  n n_rows^2 flops
template <class T>
HWY_ATTR HWY_INLINE void add_gram(const Panel<T>& panel, std::size_t n_rows, std::span<double> packed) {
  const std::size_t n_strips = (n_rows + kGramRows - 1) / kGramRows;
  for (std::size_t s = 0; s < n_strips; ++s) {
    const std::size_t first = s * n_rows / n_strips;
    switch ((s + 1) * n_rows / n_strips - first) {
      case 1: add_gram_strip<1>(panel, first, packed); break;
      case 2: add_gram_strip<2>(panel, first, packed); break;
      case 3: add_gram_strip<3>(panel, first, packed); break;
      case 4: add_gram_strip<4>(panel, first, packed); break;
      case 5: add_gram_strip<std::min<std::size_t>(5, kGramRows)>(panel, first, packed); break;
      default: add_gram_strip<kGramRows>(panel, first, packed); break;
    }
  }
}

}  // namespace mogul::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
