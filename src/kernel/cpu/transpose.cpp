// First kernel: rows of float or double, in the caller's layout, become a feature-major panel of double.

#include <algorithm>

#include "kernel/cpu/kernels.hpp"

namespace mogul::cpu {
namespace {

template <class T>
void transpose_rows(MatrixView<const T> rows, const Block& block, double* x) {
  for (std::size_t d = 0; d < rows.cols(); ++d) {
    double* out = x + d * block.stride;
    const T* in = rows.data() + block.first_row * rows.stride() + d;
    for (std::size_t i = 0; i < block.n_rows; ++i) out[i] = static_cast<double>(in[i * rows.stride()]);
    std::fill(out + block.n_rows, out + block.n_padded, 0.0);
  }
}

}  // namespace

void transpose(const DataView& data, const Block& block, double* x, double* w) {
  std::visit([&](auto rows) { transpose_rows(rows, block, x); }, data.values());
  for (std::size_t i = 0; i < block.n_rows; ++i) w[i] = data.weight(block.first_row + i);
  std::fill(w + block.n_rows, w + block.n_padded, 0.0);
}

}  // namespace mogul::cpu
