// Third kernel: distances become responsibilities, and the likelihood comes with them. Lanes are rows.

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/cpu/normalise.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
#include <hwy/highway.h>

#include <hwy/contrib/math/math-inl.h>  // in a block of its own: it must come after foreach_target.h

#include "engine/cpu/exp-inl.hpp"
#include "engine/cpu/kernels.hpp"
#include "engine/cpu/vector-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace mogul::cpu::HWY_NAMESPACE {

// Vectors of rows that are worked on side by side, so that one fills the waiting times of another.
constexpr std::size_t kVectors = kManyRegisters ? 4 : 2;
template <class X>
using Rows = V<X>[kVectors];

template <class X>
HWY_ATTR HWY_INLINE V<X> log_joint(V<X> log_constant, V<X> m2) {
  return hn::NegMulAdd(set<X>(0.5), m2, log_constant);
}

// The largest q of each row, and the distance to its component.
template <class X>
HWY_ATTR HWY_INLINE void find_largest(std::span<const X> log_constants, const X* m2, std::size_t stride, Rows<X>& best,
                                      Rows<X>& nearest) {
  HWY_UNROLL(4) for (std::size_t v = 0; v < kVectors; ++v) {
    best[v] = set<X>(-10 * kFarthest<X>);  // below every q
    nearest[v] = set<X>(kFarthest<X>);
  }
  for (std::size_t k = 0; k < log_constants.size(); ++k) {
    const V<X> constant = set<X>(log_constants[k]);
    HWY_UNROLL(4) for (std::size_t v = 0; v < kVectors; ++v) {
      const V<X> distance = load<X>(m2 + k * stride + v * kLanes<X>);
      const V<X> q = log_joint<X>(constant, distance);
      const auto larger = hn::Gt(q, best[v]);
      nearest[v] = hn::IfThenElse(larger, distance, nearest[v]);
      best[v] = hn::IfThenElse(larger, q, best[v]);
    }
  }
}

// h = exp((q - best) / 2), and sum_k h^2 and sum_k h^2 (q - best).
template <class X>
HWY_ATTR HWY_INLINE void square_roots(std::span<const X> log_constants, const X* m2, std::size_t stride,
                                      const Rows<X>& best, X* h, Rows<X>& sum, Rows<X>& weighted) {
  HWY_UNROLL(4) for (std::size_t v = 0; v < kVectors; ++v) sum[v] = weighted[v] = set<X>(0);
  for (std::size_t k = 0; k < log_constants.size(); ++k) {
    const V<X> constant = set<X>(log_constants[k]);
    Rows<X> t;
    Rows<X> root;
    HWY_UNROLL(4) for (std::size_t v = 0; v < kVectors; ++v) {
      t[v] = hn::Sub(log_joint<X>(constant, load<X>(m2 + k * stride + v * kLanes<X>)), best[v]);
    }
    exp_of_half<X>(t, root);
    HWY_UNROLL(4) for (std::size_t v = 0; v < kVectors; ++v) {
      const V<X> e = hn::Mul(root[v], root[v]);
      sum[v] = hn::Add(sum[v], e);
      weighted[v] = hn::MulAdd(e, t[v], weighted[v]);
      store<X>(root[v], h + k * stride + v * kLanes<X>);
    }
  }
}

template <class X>
HWY_ATTR HWY_INLINE BlockSums normalise(std::span<const X> log_constants, const Block& block, const X* HWY_RESTRICT w,
                                        const X* m2, const Posterior<X>& out) {
  static_assert(kVectors * kLanes<X> <= kPad<X>);
  V<X> log_likelihood = set<X>(0);
  V<X> entropy = set<X>(0);
  V<X> map_log_likelihood = set<X>(0);
  for (std::size_t i = 0; i < block.n_padded; i += kVectors * kLanes<X>) {
    Rows<X> best, nearest, sum, weighted;
    find_largest<X>(log_constants, m2 + i, block.stride, best, nearest);
    square_roots<X>(log_constants, m2 + i, block.stride, best, out.h + i, sum, weighted);
    HWY_UNROLL(4) for (std::size_t v = 0; v < kVectors; ++v) {
      const std::size_t at = i + v * kLanes<X>;
      const V<X> log_sum = hn::Log(Tag<X>(), sum[v]);  // 1 <= sum <= K
      const V<X> one_over_sum = hn::Div(set<X>(1), sum[v]);
      store<X>(one_over_sum, out.reciprocal + at);
      store<X>(nearest[v], out.nearest + at);
      const V<X> density = hn::Add(best[v], log_sum);
      store<X>(density, out.log_density + at);
      const V<X> weight = load<X>(w + at);
      map_log_likelihood = hn::MulAdd(weight, best[v], map_log_likelihood);
      log_likelihood = hn::MulAdd(weight, density, log_likelihood);
      entropy = hn::MulAdd(weight, hn::NegMulAdd(weighted[v], one_over_sum, log_sum), entropy);
    }
  }
  return {sum_lanes<X>(log_likelihood), sum_lanes<X>(entropy), sum_lanes<X>(map_log_likelihood)};
}

template <class X>
HWY_ATTR HWY_INLINE BlockSums assign(std::span<const X> log_constants, const Block& block, const X* HWY_RESTRICT w,
                                     const X* m2, const Posterior<X>& out) {
  const V<X> one = set<X>(1);
  V<X> map_log_likelihood = set<X>(0);
  for (std::size_t i = 0; i < block.n_padded; i += kVectors * kLanes<X>) {
    Rows<X> best, nearest;
    find_largest<X>(log_constants, m2 + i, block.stride, best, nearest);
    for (std::size_t at = i, v = 0; v < kVectors; ++v, at += kLanes<X>) {
      V<X> left = one;  // 0 once the first component that has the largest q is found
      for (std::size_t k = 0; k < log_constants.size(); ++k) {
        const V<X> q = log_joint<X>(set<X>(log_constants[k]), load<X>(m2 + k * block.stride + at));
        const V<X> chosen = hn::IfThenElseZero(hn::Eq(q, best[v]), left);
        left = hn::Sub(left, chosen);
        store<X>(chosen, out.h + k * block.stride + at);
      }
      store<X>(one, out.reciprocal + at);
      store<X>(nearest[v], out.nearest + at);
      store<X>(best[v], out.log_density + at);
      map_log_likelihood = hn::MulAdd(load<X>(w + at), best[v], map_log_likelihood);
    }
  }
  const double sum = sum_lanes<X>(map_log_likelihood);
  return {sum, 0, sum};
}

template <class X>
HWY_ATTR HWY_INLINE BlockSums share_out(std::span<const X> log_constants, const Block& block, Assignment assignment,
                                        const X* w, const X* m2, const Posterior<X>& out) {
  return assignment == Assignment::hard ? assign<X>(log_constants, block, w, m2, out)
                                        : normalise<X>(log_constants, block, w, m2, out);
}

HWY_ATTR BlockSums normalise_double(std::span<const double> log_constants, const Block& block, Assignment assignment,
                                    const double* w, const double* m2, const Posterior<double>& out) {
  return share_out<double>(log_constants, block, assignment, w, m2, out);
}
HWY_ATTR BlockSums normalise_float(std::span<const float> log_constants, const Block& block, Assignment assignment,
                                   const float* w, const float* m2, const Posterior<float>& out) {
  return share_out<float>(log_constants, block, assignment, w, m2, out);
}

}  // namespace mogul::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mogul::cpu {

HWY_EXPORT(normalise_double);
HWY_EXPORT(normalise_float);

template <>
BlockSums normalise(std::span<const double> log_constants, const Block& block, Assignment assignment, const double* w,
                    const double* m2, const Posterior<double>& out) {
  return HWY_DYNAMIC_DISPATCH(normalise_double)(log_constants, block, assignment, w, m2, out);
}
template <>
BlockSums normalise(std::span<const float> log_constants, const Block& block, Assignment assignment, const float* w,
                    const float* m2, const Posterior<float>& out) {
  return HWY_DYNAMIC_DISPATCH(normalise_float)(log_constants, block, assignment, w, m2, out);
}

}  // namespace mogul::cpu
#endif
