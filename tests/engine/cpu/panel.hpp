// A block's panels as the engine lays them out, for tests that call one kernel at a time.
#pragma once

#include <hwy/aligned_allocator.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/cpu/kernels.hpp"

namespace mogul::test {

/// Aligned numbers, all NaN at first, so that reading what was not written shows.
template <class X>
class Panel {
 public:
  explicit Panel(std::size_t size) : size_(size), values_(hwy::AllocateAligned<X>(size)) {
    std::fill_n(values_.get(), size, std::numeric_limits<X>::quiet_NaN());
  }
  X* data() { return values_.get(); }
  const X* data() const { return values_.get(); }
  X& operator[](std::size_t i) { return values_[i]; }
  X operator[](std::size_t i) const { return values_[i]; }
  std::size_t size() const { return size_; }

 private:
  std::size_t size_;
  hwy::AlignedFreeUniquePtr<X[]> values_;
};

template <class X>
cpu::Block block_of(std::size_t first_row, std::size_t n_rows, std::size_t stride) {
  return {first_row, n_rows, (n_rows + cpu::kPad<X> - 1) / cpu::kPad<X> * cpu::kPad<X>, stride};
}

/// Whether nothing was written beyond n_padded in any of the panel's rows.
template <class X>
bool is_untouched_beyond(const cpu::Block& block, const Panel<X>& panel) {
  for (std::size_t i = 0; i < panel.size(); ++i) {
    if (i % block.stride >= block.n_padded && !std::isnan(panel[i])) return false;
  }
  return true;
}

/// The panels that the third kernel writes.
template <class X>
struct Posterior {
  Posterior(std::size_t n_components, std::size_t stride)
      : h(n_components * stride), reciprocal(stride), nearest(stride), log_density(stride) {}
  cpu::Posterior<X> view() { return {h.data(), reciprocal.data(), nearest.data(), log_density.data()}; }

  Panel<X> h;
  Panel<X> reciprocal;
  Panel<X> nearest;
  Panel<X> log_density;
};

/// A block of rows and weights after the first kernel.
template <class X>
struct Rows {
  Rows(const DataView& data, const cpu::Block& block) : x(data.cols() * block.stride), w(block.stride) {
    cpu::transpose(data, block.first_row, block, x.data(), w.data());
  }
  Panel<X> x;
  Panel<X> w;
};

}  // namespace mogul::test
