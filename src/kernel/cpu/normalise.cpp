// Third kernel: distances become responsibilities, and the likelihood comes with them. Lanes are rows.

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernel/cpu/normalise.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
#include <hwy/highway.h>

#include <hwy/contrib/math/math-inl.h>  // in a block of its own: it must come after foreach_target.h

#include "kernel/cpu/kernels.hpp"

HWY_BEFORE_NAMESPACE();
namespace mogul::cpu::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<double>;
using V = hn::Vec<D>;
constexpr D d;

struct Best {
  V value;      // the largest q
  V component;  // the first component that has it
};

HWY_ATTR HWY_INLINE V log_joint(double log_constant, const double* m2) {
  return hn::NegMulAdd(hn::Set(d, 0.5), hn::Load(d, m2), hn::Set(d, log_constant));
}

HWY_ATTR HWY_INLINE Best best_component(std::span<const double> log_constants, const double* m2, std::size_t stride) {
  Best best = {log_joint(log_constants[0], m2), hn::Zero(d)};
  for (std::size_t k = 1; k < log_constants.size(); ++k) {
    const V q = log_joint(log_constants[k], m2 + k * stride);
    const auto larger = hn::Gt(q, best.value);
    best.value = hn::IfThenElse(larger, q, best.value);
    best.component = hn::IfThenElse(larger, hn::Set(d, static_cast<double>(k)), best.component);
  }
  return best;
}

struct RowSums {
  V sum;       // sum_k e, e = exp(q - best)
  V weighted;  // sum_k e (q - best)
};

HWY_ATTR HWY_INLINE RowSums exponentials(std::span<const double> log_constants, const double* m2, std::size_t stride,
                                         V best, double* r) {
  const V negligible = hn::Set(d, -700.0);  // exp is below 1e-304: zero, before it becomes a slow denormal
  RowSums sums = {hn::Zero(d), hn::Zero(d)};
  for (std::size_t k = 0; k < log_constants.size(); ++k) {
    const V t = hn::Max(hn::Sub(log_joint(log_constants[k], m2 + k * stride), best), negligible);
    const V e = hn::IfThenElseZero(hn::Gt(t, negligible), hn::Exp(d, t));
    sums.sum = hn::Add(sums.sum, e);
    sums.weighted = hn::MulAdd(e, t, sums.weighted);
    hn::Store(e, d, r + k * stride);
  }
  return sums;
}

HWY_ATTR BlockSums normalise(std::span<const double> log_constants, const Block& block, Assignment assignment,
                             const double* HWY_RESTRICT w, const double* m2, double* r,
                             double* HWY_RESTRICT log_density) {
  V log_likelihood = hn::Zero(d);
  V entropy = hn::Zero(d);
  V map_log_likelihood = hn::Zero(d);
  for (std::size_t i = 0; i < block.n_padded; i += hn::Lanes(d)) {
    const V weight = hn::Load(d, w + i);
    const Best best = best_component(log_constants, m2 + i, block.stride);
    map_log_likelihood = hn::MulAdd(weight, best.value, map_log_likelihood);
    if (assignment == Assignment::hard) {
      for (std::size_t k = 0; k < log_constants.size(); ++k) {
        const auto chosen = hn::Eq(best.component, hn::Set(d, static_cast<double>(k)));
        hn::Store(hn::IfThenElseZero(chosen, hn::Set(d, 1.0)), d, r + k * block.stride + i);
      }
      hn::Store(best.value, d, log_density + i);
      continue;
    }
    const RowSums sums = exponentials(log_constants, m2 + i, block.stride, best.value, r + i);
    const V log_sum = hn::Log(d, sums.sum);  // 1 <= sum <= K
    const V reciprocal = hn::Div(hn::Set(d, 1.0), sums.sum);
    for (std::size_t k = 0; k < log_constants.size(); ++k) {
      double* out = r + k * block.stride + i;
      hn::Store(hn::Mul(hn::Load(d, out), reciprocal), d, out);
    }
    const V density = hn::Add(best.value, log_sum);
    hn::Store(density, d, log_density + i);
    log_likelihood = hn::MulAdd(weight, density, log_likelihood);
    entropy = hn::MulAdd(weight, hn::NegMulAdd(sums.weighted, reciprocal, log_sum), entropy);
  }
  BlockSums sums;
  sums.map_log_likelihood = hn::GetLane(hn::SumOfLanes(d, map_log_likelihood));
  sums.log_likelihood =
      assignment == Assignment::hard ? sums.map_log_likelihood : hn::GetLane(hn::SumOfLanes(d, log_likelihood));
  sums.entropy = hn::GetLane(hn::SumOfLanes(d, entropy));
  return sums;
}

}  // namespace mogul::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mogul::cpu {

HWY_EXPORT(normalise);

BlockSums normalise(std::span<const double> log_constants, const Block& block, Assignment assignment, const double* w,
                    const double* m2, double* r, double* log_density) {
  return HWY_DYNAMIC_DISPATCH(normalise)(log_constants, block, assignment, w, m2, r, log_density);
}

}  // namespace mogul::cpu
#endif
