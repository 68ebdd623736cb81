// Whitening for few rows: each component's factor is solved with, rather than inverted first. Lanes are rows. Twin:
// whiten.cpp, whose kernels multiply by inverses.

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/cpu/solve.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
#include <hwy/highway.h>

#include <algorithm>

#include "base/check_interrupted.hpp"
#include "engine/cpu/kernels.hpp"
#include "engine/cpu/vector-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace mogul::cpu::HWY_NAMESPACE {

using Vector = V<double>;

// Independent sums enough to hide the latency of a multiply-add: of two rows of the factor.
constexpr std::size_t kVectors = 4;
constexpr std::size_t kGroupRows = kVectors * kLanes<double>;

// y_r = (x_r - mu_r - sum_(c < r) L_rc y_c) / L_rr of one feature and a group of rows.
struct Sums {
  Vector v[kVectors];

  HWY_ATTR HWY_INLINE void centre(const double* x, double mean) {
    HWY_UNROLL(4) for (std::size_t i = 0; i < kVectors; ++i) {
      v[i] = hn::Sub(load<double>(x + i * kLanes<double>), set<double>(mean));
    }
  }
  HWY_ATTR HWY_INLINE void subtract(double factor, const double* y) {
    HWY_UNROLL(4) for (std::size_t i = 0; i < kVectors; ++i) {
      v[i] = hn::NegMulAdd(set<double>(factor), load<double>(y + i * kLanes<double>), v[i]);
    }
  }
  HWY_ATTR HWY_INLINE void divide(double pivot, double* y, Sums& squares) {
    HWY_UNROLL(4) for (std::size_t i = 0; i < kVectors; ++i) {
      v[i] = hn::Div(v[i], set<double>(pivot));
      store<double>(v[i], y + i * kLanes<double>);
      squares.v[i] = hn::MulAdd(v[i], v[i], squares.v[i]);
    }
  }
};

// |L^-1 (x - mu)|^2 of a group of rows. Features go in pairs, which share the loads of those solved before.
// @param y  (D, kGroupRows), overwritten
HWY_ATTR HWY_INLINE void solve_group(const double* l, const double* mean, std::size_t d, const double* x,
                                     std::size_t stride, double* y, double* out) {
  Sums squares;
  HWY_UNROLL(4) for (Vector& v : squares.v) v = set<double>(0);
  for (std::size_t r = 0; r < d; r += 2) {
    const bool paired = r + 1 < d;
    const double* one = l + r * d;
    const double* two = paired ? one + d : one;
    Sums first;
    Sums second;
    first.centre(x + r * stride, mean[r]);
    second.centre(x + (paired ? r + 1 : r) * stride, mean[paired ? r + 1 : r]);
    for (std::size_t c = 0; c < r; ++c) {
      first.subtract(one[c], y + c * kGroupRows);
      second.subtract(two[c], y + c * kGroupRows);
    }
    first.divide(one[r], y + r * kGroupRows, squares);
    if (!paired) break;
    second.subtract(two[r], y + r * kGroupRows);
    second.divide(two[r + 1], y + (r + 1) * kGroupRows, squares);
  }
  HWY_UNROLL(4) for (std::size_t i = 0; i < kVectors; ++i) {
    store<double>(hn::Min(squares.v[i], set<double>(kFarthest<double>)), out + i * kLanes<double>);
  }
}

HWY_ATTR void solve(const LaneModel& model, const Block& block, const double* x, double* out, double* scratch) {
  static_assert(kGroupRows <= kPad<double>);
  const std::size_t d = model.n_features();
  for (std::size_t k = 0; k < model.n_components(); ++k) {
    if (takes_long(d)) check_interrupted();
    double* m2 = out + k * block.stride;
    for (std::size_t i = 0; i < block.n_padded; i += kGroupRows) {
      if (i >= block.n_rows) {
        std::fill(m2 + i, m2 + i + kGroupRows, 0.0);  // padding
        continue;
      }
      const double* mean = model.in<double>().means.high.data() + k * d;
      solve_group(model.factor<double>(k), mean, d, x + i, block.stride, scratch, m2 + i);
    }
  }
}

}  // namespace mogul::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mogul::cpu {

HWY_EXPORT(solve);

void whiten_by_solving(const LaneModel& model, const Block& block, const double* x, double* out, double* scratch) {
  HWY_DYNAMIC_DISPATCH(solve)(model, block, x, out, scratch);
}

}  // namespace mogul::cpu
#endif
