// Third kernel: distances become responsibilities, and the likelihood comes with them. Lanes are rows.

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernel/cpu/normalise.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
#include <hwy/highway.h>

#include <hwy/contrib/math/math-inl.h>  // in a block of its own: it must come after foreach_target.h

#include "kernel/cpu/exp-inl.hpp"
#include "kernel/cpu/kernels.hpp"
#include "kernel/cpu/vector-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace mogul::cpu::HWY_NAMESPACE {

// Vectors of rows that are worked on side by side, so that one fills the waiting times of another.
constexpr std::size_t kVectors = kManyRegisters ? 4 : 2;
static_assert(kVectors * kLanes <= kPad);
using Rows = V[kVectors];

HWY_ATTR HWY_INLINE V log_joint(V log_constant, V m2) { return hn::NegMulAdd(hn::Set(d, 0.5), m2, log_constant); }

// The largest q of each row, and the distance to its component.
HWY_ATTR HWY_INLINE void find_largest(std::span<const double> log_constants, const double* m2, std::size_t stride,
                                      Rows& best, Rows& nearest) {
  HWY_UNROLL(4) for (std::size_t v = 0; v < kVectors; ++v) {
    best[v] = hn::Set(d, -1e301);  // below every q
    nearest[v] = hn::Set(d, 1e300);
  }
  for (std::size_t k = 0; k < log_constants.size(); ++k) {
    const V constant = hn::Set(d, log_constants[k]);
    HWY_UNROLL(4) for (std::size_t v = 0; v < kVectors; ++v) {
      const V distance = hn::Load(d, m2 + k * stride + v * kLanes);
      const V q = log_joint(constant, distance);
      nearest[v] = hn::IfThenElse(hn::Gt(q, best[v]), distance, nearest[v]);
      best[v] = hn::Max(best[v], q);
    }
  }
}

// h = exp((q - best) / 2), and sum_k h^2 and sum_k h^2 (q - best).
HWY_ATTR HWY_INLINE void square_roots(std::span<const double> log_constants, const double* m2, std::size_t stride,
                                      const Rows& best, double* h, Rows& sum, Rows& weighted) {
  HWY_UNROLL(4) for (std::size_t v = 0; v < kVectors; ++v) sum[v] = weighted[v] = hn::Zero(d);
  for (std::size_t k = 0; k < log_constants.size(); ++k) {
    const V constant = hn::Set(d, log_constants[k]);
    Rows t;
    Rows root;
    HWY_UNROLL(4) for (std::size_t v = 0; v < kVectors; ++v) {
      t[v] = hn::Sub(log_joint(constant, hn::Load(d, m2 + k * stride + v * kLanes)), best[v]);
    }
    exp_of_half(t, root);
    HWY_UNROLL(4) for (std::size_t v = 0; v < kVectors; ++v) {
      const V e = hn::Mul(root[v], root[v]);
      sum[v] = hn::Add(sum[v], e);
      weighted[v] = hn::MulAdd(e, hn::Max(t[v], hn::Set(d, -1e3)), weighted[v]);  // a weight of 0 has t = -inf
      hn::Store(root[v], d, h + k * stride + v * kLanes);
    }
  }
}

HWY_ATTR BlockSums normalise(std::span<const double> log_constants, const Block& block, const double* HWY_RESTRICT w,
                             const double* m2, const Posterior& out) {
  V log_likelihood = hn::Zero(d);
  V entropy = hn::Zero(d);
  V map_log_likelihood = hn::Zero(d);
  for (std::size_t i = 0; i < block.n_padded; i += kVectors * kLanes) {
    Rows best, nearest, sum, weighted;
    find_largest(log_constants, m2 + i, block.stride, best, nearest);
    square_roots(log_constants, m2 + i, block.stride, best, out.h + i, sum, weighted);
    HWY_UNROLL(4) for (std::size_t v = 0; v < kVectors; ++v) {
      const std::size_t at = i + v * kLanes;
      const V log_sum = hn::Log(d, sum[v]);  // 1 <= sum <= K
      const V one_over_sum = hn::Div(hn::Set(d, 1.0), sum[v]);
      hn::Store(one_over_sum, d, out.reciprocal + at);
      hn::Store(nearest[v], d, out.nearest + at);
      const V density = hn::Add(best[v], log_sum);
      hn::Store(density, d, out.log_density + at);
      const V weight = hn::Load(d, w + at);
      map_log_likelihood = hn::MulAdd(weight, best[v], map_log_likelihood);
      log_likelihood = hn::MulAdd(weight, density, log_likelihood);
      entropy = hn::MulAdd(weight, hn::NegMulAdd(weighted[v], one_over_sum, log_sum), entropy);
    }
  }
  return {sum_lanes(log_likelihood), sum_lanes(entropy), sum_lanes(map_log_likelihood)};
}

HWY_ATTR BlockSums assign(std::span<const double> log_constants, const Block& block, const double* HWY_RESTRICT w,
                          const double* m2, const Posterior& out) {
  const V one = hn::Set(d, 1.0);
  V map_log_likelihood = hn::Zero(d);
  for (std::size_t i = 0; i < block.n_padded; i += kVectors * kLanes) {
    Rows best, nearest;
    find_largest(log_constants, m2 + i, block.stride, best, nearest);
    for (std::size_t at = i, v = 0; v < kVectors; ++v, at += kLanes) {
      V left = one;  // 0 once the first component that has the largest q is found
      for (std::size_t k = 0; k < log_constants.size(); ++k) {
        const V q = log_joint(hn::Set(d, log_constants[k]), hn::Load(d, m2 + k * block.stride + at));
        const V chosen = hn::IfThenElseZero(hn::Eq(q, best[v]), left);
        left = hn::Sub(left, chosen);
        hn::Store(chosen, d, out.h + k * block.stride + at);
      }
      hn::Store(one, d, out.reciprocal + at);
      hn::Store(nearest[v], d, out.nearest + at);
      hn::Store(best[v], d, out.log_density + at);
      map_log_likelihood = hn::MulAdd(hn::Load(d, w + at), best[v], map_log_likelihood);
    }
  }
  const double sum = sum_lanes(map_log_likelihood);
  return {sum, 0, sum};
}

}  // namespace mogul::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mogul::cpu {

HWY_EXPORT(normalise);
HWY_EXPORT(assign);

BlockSums normalise(std::span<const double> log_constants, const Block& block, Assignment assignment, const double* w,
                    const double* m2, const Posterior& out) {
  return assignment == Assignment::hard ? HWY_DYNAMIC_DISPATCH(assign)(log_constants, block, w, m2, out)
                                        : HWY_DYNAMIC_DISPATCH(normalise)(log_constants, block, w, m2, out);
}

}  // namespace mogul::cpu
#endif
