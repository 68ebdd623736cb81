// What the kernels share: vectors of doubles, and sums over their lanes. Compiled once per instruction set.

#if defined(MOGUL_VECTOR_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MOGUL_VECTOR_INL_HPP
#undef MOGUL_VECTOR_INL_HPP
#else
#define MOGUL_VECTOR_INL_HPP
#endif

#include <hwy/highway.h>

#include <cstddef>

HWY_BEFORE_NAMESPACE();
namespace mogul::cpu::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<double>;
using V = hn::Vec<D>;
constexpr D d;
constexpr std::size_t kLanes = hn::MaxLanes(d);

/// AVX-512 and NEON have 32 vector registers, older x86 has 16: what a tile of sums may hold.
constexpr bool kManyRegisters = HWY_MAX_BYTES == 64 || HWY_ARCH_ARM_A64;

/// out[i] = sum of the lanes of v[i], four at a time in nine operations.
template <std::size_t kCount>
HWY_ATTR HWY_INLINE void sum_lanes(const V (&v)[kCount], double (&out)[kCount]) {
  std::size_t i = 0;
#if HWY_TARGET != HWY_SCALAR
  for (; kLanes == 4 && i + 4 <= kCount; i += 4) {
    const V a = hn::Add(hn::InterleaveLower(d, v[i], v[i + 1]), hn::InterleaveUpper(d, v[i], v[i + 1]));
    const V b = hn::Add(hn::InterleaveLower(d, v[i + 2], v[i + 3]), hn::InterleaveUpper(d, v[i + 2], v[i + 3]));
    hn::StoreU(hn::Add(hn::ConcatLowerLower(d, b, a), hn::ConcatUpperUpper(d, b, a)), d, out + i);
  }
#endif
  for (; i < kCount; ++i) out[i] = hn::GetLane(hn::SumOfLanes(d, v[i]));
}

HWY_ATTR HWY_INLINE double sum_lanes(V v) { return hn::GetLane(hn::SumOfLanes(d, v)); }

}  // namespace mogul::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
