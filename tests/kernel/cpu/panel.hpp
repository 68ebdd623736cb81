// A block's panels as the engine lays them out, for tests that call one kernel at a time.
#pragma once

#include <hwy/aligned_allocator.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernel/cpu/kernels.hpp"

namespace mogul::test {

/// Aligned doubles, all NaN at first, so that reading what was not written shows.
class Panel {
 public:
  explicit Panel(std::size_t size) : size_(size), values_(hwy::AllocateAligned<double>(size)) {
    std::fill_n(values_.get(), size, std::numeric_limits<double>::quiet_NaN());
  }
  double* data() { return values_.get(); }
  const double* data() const { return values_.get(); }
  double& operator[](std::size_t i) { return values_[i]; }
  double operator[](std::size_t i) const { return values_[i]; }
  std::size_t size() const { return size_; }

 private:
  std::size_t size_;
  hwy::AlignedFreeUniquePtr<double[]> values_;
};

inline cpu::Block block_of(std::size_t first_row, std::size_t n_rows, std::size_t stride) {
  return {first_row, n_rows, (n_rows + cpu::kPad - 1) / cpu::kPad * cpu::kPad, stride};
}

/// Whether nothing was written beyond n_padded in any of the panel's rows.
inline bool is_untouched_beyond(const cpu::Block& block, const Panel& panel) {
  for (std::size_t i = 0; i < panel.size(); ++i) {
    if (i % block.stride >= block.n_padded && !std::isnan(panel[i])) return false;
  }
  return true;
}

/// The panels that the third kernel writes.
struct Posterior {
  Posterior(std::size_t n_components, std::size_t stride)
      : h(n_components * stride), reciprocal(stride), nearest(stride), log_density(stride) {}
  cpu::Posterior view() { return {h.data(), reciprocal.data(), nearest.data(), log_density.data()}; }

  Panel h;
  Panel reciprocal;
  Panel nearest;
  Panel log_density;
};

/// A block of rows and weights after the first kernel.
struct Rows {
  Rows(const DataView& data, const cpu::Block& block) : x(data.cols() * block.stride), w(block.stride) {
    cpu::transpose(data, block, x.data(), w.data());
  }
  Panel x;
  Panel w;
};

}  // namespace mogul::test
