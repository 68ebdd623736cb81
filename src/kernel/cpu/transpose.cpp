// First kernel: rows of float or double, in the caller's layout, become a feature-major panel of double.

#include <algorithm>

#include "kernel/cpu/kernels.hpp"

namespace mogul::cpu {
namespace {

constexpr std::size_t kTileCols = 8;  // of a row that is read while its cache line is there

// kCols columns of all rows; as a constant, so that the compiler unrolls them.
template <std::size_t kCols, class T>
void transpose_columns(MatrixView<const T> rows, std::size_t col, const Block& block, double* x) {
  const T* in = rows.data() + block.first_row * rows.stride() + col;
  double* out = x + col * block.stride;
  for (std::size_t i = 0; i < block.n_rows; ++i, in += rows.stride()) {
    for (std::size_t c = 0; c < kCols; ++c) out[c * block.stride + i] = static_cast<double>(in[c]);
  }
  for (std::size_t c = 0; c < kCols; ++c) {
    std::fill(out + c * block.stride + block.n_rows, out + c * block.stride + block.n_padded, 0.0);
  }
}

template <class T>
void transpose_rows(MatrixView<const T> rows, const Block& block, double* x) {
  std::size_t col = 0;
  for (; col + kTileCols <= rows.cols(); col += kTileCols) transpose_columns<kTileCols>(rows, col, block, x);
  for (; col < rows.cols(); ++col) transpose_columns<1>(rows, col, block, x);
}

}  // namespace

void transpose(const DataView& data, const Block& block, double* x, double* w) {
  std::visit([&](auto rows) { transpose_rows(rows, block, x); }, data.values());
  for (std::size_t i = 0; i < block.n_rows; ++i) w[i] = data.weight(block.first_row + i);
  std::fill(w + block.n_rows, w + block.n_padded, 0.0);
}

}  // namespace mogul::cpu
