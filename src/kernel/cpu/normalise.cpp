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

HWY_ATTR HWY_INLINE V log_joint(double log_constant, const double* m2) {
  return hn::NegMulAdd(hn::Set(d, 0.5), hn::Load(d, m2), hn::Set(d, log_constant));
}

HWY_ATTR HWY_INLINE V largest(std::span<const double> log_constants, const double* m2, std::size_t stride) {
  V best = log_joint(log_constants[0], m2);
  for (std::size_t k = 1; k < log_constants.size(); ++k) best = hn::Max(best, log_joint(log_constants[k], m2 + k * stride));
  return best;
}

struct RowSums {
  V sum;       // sum_k h^2, h^2 = exp(q - best)
  V weighted;  // sum_k h^2 (q - best)
};

HWY_ATTR HWY_INLINE RowSums square_roots(std::span<const double> log_constants, const double* m2, std::size_t stride,
                                         V best, double* h) {
  const V half = hn::Set(d, 0.5);
  RowSums sums = {hn::Zero(d), hn::Zero(d)};
  for (std::size_t k = 0; k < log_constants.size(); ++k) {
    const V t = hn::Sub(log_joint(log_constants[k], m2 + k * stride), best);
    const V root = exp_negative(hn::Mul(t, half));
    const V e = hn::Mul(root, root);
    sums.sum = hn::Add(sums.sum, e);
    sums.weighted = hn::MulAdd(e, hn::Max(t, hn::Set(d, -1e3)), sums.weighted);  // a weight of 0 has t = -inf
    hn::Store(root, d, h + k * stride);
  }
  return sums;
}

HWY_ATTR BlockSums normalise(std::span<const double> log_constants, const Block& block, const double* HWY_RESTRICT w,
                             const double* m2, double* h, double* HWY_RESTRICT scale,
                             double* HWY_RESTRICT log_density) {
  V log_likelihood = hn::Zero(d);
  V entropy = hn::Zero(d);
  V map_log_likelihood = hn::Zero(d);
  for (std::size_t i = 0; i < block.n_padded; i += kLanes) {
    const V weight = hn::Load(d, w + i);
    const V best = largest(log_constants, m2 + i, block.stride);
    const RowSums sums = square_roots(log_constants, m2 + i, block.stride, best, h + i);
    const V log_sum = hn::Log(d, sums.sum);  // 1 <= sum <= K
    const V reciprocal = hn::Div(hn::Set(d, 1.0), sums.sum);
    hn::Store(hn::Sqrt(reciprocal), d, scale + i);
    const V density = hn::Add(best, log_sum);
    hn::Store(density, d, log_density + i);
    map_log_likelihood = hn::MulAdd(weight, best, map_log_likelihood);
    log_likelihood = hn::MulAdd(weight, density, log_likelihood);
    entropy = hn::MulAdd(weight, hn::NegMulAdd(sums.weighted, reciprocal, log_sum), entropy);
  }
  return {sum_lanes(log_likelihood), sum_lanes(entropy), sum_lanes(map_log_likelihood)};
}

HWY_ATTR BlockSums assign(std::span<const double> log_constants, const Block& block, const double* HWY_RESTRICT w,
                          const double* m2, double* h, double* HWY_RESTRICT scale, double* HWY_RESTRICT log_density) {
  const V one = hn::Set(d, 1.0);
  V map_log_likelihood = hn::Zero(d);
  for (std::size_t i = 0; i < block.n_padded; i += kLanes) {
    const V best = largest(log_constants, m2 + i, block.stride);
    V left = one;  // 0 once the first component that has the largest q is found
    for (std::size_t k = 0; k < log_constants.size(); ++k) {
      const std::size_t at = k * block.stride + i;
      const V chosen = hn::IfThenElseZero(hn::Eq(log_joint(log_constants[k], m2 + at), best), left);
      left = hn::Sub(left, chosen);
      hn::Store(chosen, d, h + at);
    }
    hn::Store(one, d, scale + i);
    hn::Store(best, d, log_density + i);
    map_log_likelihood = hn::MulAdd(hn::Load(d, w + i), best, map_log_likelihood);
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
                    const double* m2, double* h, double* scale, double* log_density) {
  if (assignment == Assignment::hard) {
    return HWY_DYNAMIC_DISPATCH(assign)(log_constants, block, w, m2, h, scale, log_density);
  }
  return HWY_DYNAMIC_DISPATCH(normalise)(log_constants, block, w, m2, h, scale, log_density);
}

}  // namespace mogul::cpu
#endif
