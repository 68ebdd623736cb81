// Second kernel: distances of a block's rows to every component. Lanes are rows.

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernel/cpu/whiten.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
#include <hwy/highway.h>

#include "kernel/cpu/kernels.hpp"

HWY_BEFORE_NAMESPACE();
namespace mogul::cpu::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<double>;
using V = hn::Vec<D>;
constexpr D d;

// Two vectors of rows at a time: with a tile of four factor rows, eight independent sums hide the
// latency of a multiply-add.
struct Pair {
  V a, b;
};

HWY_ATTR HWY_INLINE Pair load(const double* p) { return {hn::Load(d, p), hn::Load(d, p + hn::Lanes(d))}; }

// Adds |rows of W times (x - mu)|^2 for one tile of kRows rows and n_cols columns.
template <std::size_t kRows>
HWY_ATTR HWY_INLINE void add_tile(const double* w, std::size_t n_cols, const double* centred, Pair& sum) {
  Pair y[kRows];
  for (std::size_t r = 0; r < kRows; ++r) y[r] = {hn::Zero(d), hn::Zero(d)};
  for (std::size_t c = 0; c < n_cols; ++c, w += kRows) {
    const Pair x = load(centred + c * 2 * hn::Lanes(d));
    for (std::size_t r = 0; r < kRows; ++r) {
      const V factor = hn::Set(d, w[r]);
      y[r].a = hn::MulAdd(factor, x.a, y[r].a);
      y[r].b = hn::MulAdd(factor, x.b, y[r].b);
    }
  }
  for (std::size_t r = 0; r < kRows; ++r) {
    sum.a = hn::MulAdd(y[r].a, y[r].a, sum.a);
    sum.b = hn::MulAdd(y[r].b, y[r].b, sum.b);
  }
}

HWY_ATTR HWY_INLINE Pair triangular_distance(const double* w, std::size_t n_features, const double* centred) {
  Pair sum = {hn::Zero(d), hn::Zero(d)};
  std::size_t row = 0;
  for (; row + kTileRows <= n_features; row += kTileRows) {
    add_tile<kTileRows>(w, row + kTileRows, centred, sum);
    w += kTileRows * (row + kTileRows);
  }
  switch (n_features - row) {
    case 1: add_tile<1>(w, n_features, centred, sum); break;
    case 2: add_tile<2>(w, n_features, centred, sum); break;
    case 3: add_tile<3>(w, n_features, centred, sum); break;
    default: break;
  }
  return sum;
}

HWY_ATTR HWY_INLINE Pair diagonal_distance(const double* w, std::size_t n_features, const double* centred) {
  Pair sum = {hn::Zero(d), hn::Zero(d)};
  for (std::size_t c = 0; c < n_features; ++c) {
    const Pair x = load(centred + c * 2 * hn::Lanes(d));
    const V factor = hn::Set(d, w[c]);
    const V ya = hn::Mul(factor, x.a);
    const V yb = hn::Mul(factor, x.b);
    sum.a = hn::MulAdd(ya, ya, sum.a);
    sum.b = hn::MulAdd(yb, yb, sum.b);
  }
  return sum;
}

HWY_ATTR void whiten(const PreparedModel& model, const Block& block, const double* HWY_RESTRICT x,
                     double* HWY_RESTRICT out, double* HWY_RESTRICT scratch) {
  const std::size_t lanes = hn::Lanes(d);
  const V cap = hn::Set(d, 1e300);
  for (std::size_t k = 0; k < model.n_components; ++k) {
    const double* mean = model.means + k * model.n_features;
    const double* factor = model.factor(k);
    for (std::size_t i = 0; i < block.n_padded; i += 2 * lanes) {
      // The mean is subtracted before anything is multiplied: exact however far the data are from the origin.
      for (std::size_t c = 0; c < model.n_features; ++c) {
        const Pair row = load(x + c * block.stride + i);
        const V mu = hn::Set(d, mean[c]);
        hn::Store(hn::Sub(row.a, mu), d, scratch + c * 2 * lanes);
        hn::Store(hn::Sub(row.b, mu), d, scratch + c * 2 * lanes + lanes);
      }
      const Pair sum = model.triangular ? triangular_distance(factor, model.n_features, scratch)
                                        : diagonal_distance(factor, model.n_features, scratch);
      hn::Store(hn::Min(sum.a, cap), d, out + k * block.stride + i);
      hn::Store(hn::Min(sum.b, cap), d, out + k * block.stride + i + lanes);
    }
  }
}

}  // namespace mogul::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mogul::cpu {

HWY_EXPORT(whiten);

void whiten(const PreparedModel& model, const Block& block, const double* x, double* out, double* scratch) {
  HWY_DYNAMIC_DISPATCH(whiten)(model, block, x, out, scratch);
}

std::size_t whiten_scratch(std::size_t n_features) { return n_features * kPad; }

}  // namespace mogul::cpu
#endif
