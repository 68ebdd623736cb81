// First kernel: rows of float or double, in the caller's layout, become a feature-major panel. Columns are features
// already, so of them it is a copy.

#include <algorithm>

#include "engine/cpu/kernels.hpp"

namespace mogul::cpu {
namespace {

constexpr std::size_t kTileCols = 8;  // of a row that is read while its cache line is there

// Conversions of a value: as it is, or minus the centre of its column.
struct AsItIs {
  auto operator()(auto value, std::size_t /*col*/) const { return value; }
};
struct About {
  std::span<const double> centre;
  double operator()(double value, std::size_t col) const { return value - centre[col]; }
};

// kCols columns of all rows; as a constant, so that the compiler unrolls them.
template <std::size_t kCols, class T, class X>
void transpose_columns(MatrixView<const T> rows, std::size_t col, std::size_t first, const Block& block,
                       const auto& change, X* x) {
  const T* in = rows.data() + first * rows.stride() + col;
  X* out = x + col * block.stride;
  for (std::size_t i = 0; i < block.n_rows; ++i, in += rows.stride()) {
    for (std::size_t c = 0; c < kCols; ++c) out[c * block.stride + i] = static_cast<X>(change(in[c], col + c));
  }
  for (std::size_t c = 0; c < kCols; ++c) {
    std::fill(out + c * block.stride + block.n_rows, out + c * block.stride + block.n_padded, X{0});
  }
}

template <class T, class X>
void transpose_rows(MatrixView<const T> rows, std::size_t first, const Block& block, const auto& change, X* x) {
  std::size_t col = 0;
  for (; col + kTileCols <= rows.cols(); col += kTileCols) {
    transpose_columns<kTileCols>(rows, col, first, block, change, x);
  }
  switch (rows.cols() - col) {
    case 0: return;
    case 1: return transpose_columns<1>(rows, col, first, block, change, x);
    case 2: return transpose_columns<2>(rows, col, first, block, change, x);
    case 3: return transpose_columns<3>(rows, col, first, block, change, x);
    case 4: return transpose_columns<4>(rows, col, first, block, change, x);
    case 5: return transpose_columns<5>(rows, col, first, block, change, x);
    case 6: return transpose_columns<6>(rows, col, first, block, change, x);
    default: return transpose_columns<7>(rows, col, first, block, change, x);
  }
}

// What has one value per row: a feature that is a column, or the weights.
template <class T, class X>
void copy_column(std::span<const T> column, std::size_t col, std::size_t first, const Block& block, const auto& change,
                 X* out) {
  std::ranges::transform(column.subspan(first, block.n_rows), out,
                         [&](T value) { return static_cast<X>(change(value, col)); });
  std::fill(out + block.n_rows, out + block.n_padded, X{0});
}

template <class T, class X>
void transpose_rows(ColumnsView<const T> rows, std::size_t first, const Block& block, const auto& change, X* x) {
  for (std::size_t col = 0; col < rows.cols(); ++col) {
    copy_column(rows.column(col), col, first, block, change, x + col * block.stride);
  }
}

template <class X>
void transpose_rows(const ConvertedView& rows, std::size_t first, const Block& block, const auto& change, X* x) {
  for (std::size_t col = 0; col < rows.cols(); ++col) {
    X* out = x + col * block.stride;
    const ConvertedView::Column& column = rows.column(col);
    for (std::size_t i = 0; i < block.n_rows; ++i) out[i] = static_cast<X>(change(column[first + i], col));
    std::fill(out + block.n_rows, out + block.n_padded, X{0});
  }
}

template <class X>
void copy_weights(const DataView& data, std::size_t first, const Block& block, X* w) {
  if (data.weighted()) return copy_column(data.weights(), 0, first, block, AsItIs{}, w);
  std::fill_n(w, block.n_rows, X{1});
  std::fill(w + block.n_rows, w + block.n_padded, X{0});
}

}  // namespace

template <class X>
void transpose(const DataView& data, std::size_t first, const Block& block, X* x, X* w) {
  std::visit([&](const auto& rows) { transpose_rows(rows, first, block, AsItIs{}, x); }, data.values());
  copy_weights(data, first, block, w);
}

void transpose_about(std::span<const double> centre, const DataView& data, std::size_t first, const Block& block,
                     float* x, float* w) {
  std::visit([&](const auto& rows) { transpose_rows(rows, first, block, About{centre}, x); }, data.values());
  copy_weights(data, first, block, w);
}

template void transpose(const DataView& data, std::size_t first, const Block& block, double* x, double* w);
template void transpose(const DataView& data, std::size_t first, const Block& block, float* x, float* w);

}  // namespace mogul::cpu
