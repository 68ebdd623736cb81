// What the kernels share: vectors of float or double, and sums over their lanes. Compiled once per instruction set.

#if defined(MOGUL_VECTOR_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MOGUL_VECTOR_INL_HPP
#undef MOGUL_VECTOR_INL_HPP
#else
#define MOGUL_VECTOR_INL_HPP
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cstddef>
#include <span>
#include <type_traits>

#include "engine/cpu/lane_model.hpp"

HWY_BEFORE_NAMESPACE();
namespace mogul::cpu::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

template <class T>
using Tag = hn::ScalableTag<T>;
template <class T>
using V = hn::Vec<Tag<T>>;
template <class T>
constexpr std::size_t kLanes = hn::MaxLanes(Tag<T>());

/// AVX-512 and NEON have 32 vector registers, older x86 has 16: what a tile of sums may hold.
constexpr bool kManyRegisters = HWY_MAX_BYTES == 64 || HWY_ARCH_ARM_A64;

template <class T>
HWY_ATTR HWY_INLINE V<T> set(double value) {
  return hn::Set(Tag<T>(), static_cast<T>(value));
}

/// Lanes of T from a panel of T, or of float that becomes double.
template <class T, class X>
HWY_ATTR HWY_INLINE V<T> load(const X* p) {
  if constexpr (std::is_same_v<T, X>) {
    return hn::Load(Tag<T>(), p);
  } else {
    return hn::PromoteTo(Tag<T>(), hn::Load(hn::Rebind<X, Tag<T>>(), p));
  }
}

/// Lanes of T to a panel of T, or of double that becomes float.
template <class T, class X>
HWY_ATTR HWY_INLINE void store(V<T> v, X* p) {
  if constexpr (std::is_same_v<T, X>) {
    hn::Store(v, Tag<T>(), p);
  } else {
    const hn::Rebind<X, Tag<T>> narrow;
    hn::Store(hn::DemoteTo(narrow, v), narrow, p);
  }
}

/// What is subtracted from rows: in float lanes in two steps, so that the difference is as exact as the rows are,
/// however far from the origin.
template <class T>
class Centre {
 public:
  HWY_ATTR explicit Centre(double x)
      : high_(set<T>(x)), low_(set<T>(std::is_same_v<T, float> ? lost_by_float(x) : 0)) {}
  HWY_ATTR Centre(const Coordinates<T>& x, std::size_t i)
      : high_(set<T>(x.high[i])), low_(set<T>(std::is_same_v<T, float> ? x.low[i] : 0)) {}

  /// A feature in each lane: x[i], x[i + 1], ..., and zeros where x ends.
  HWY_ATTR Centre(std::span<const double> x, std::size_t i) : high_(set<T>(0)), low_(set<T>(0)) {
    HWY_ALIGN T high[kLanes<T>] = {};
    HWY_ALIGN T low[kLanes<T>] = {};
    for (std::size_t lane = 0; lane < std::min(kLanes<T>, x.size() - i); ++lane) {
      high[lane] = static_cast<T>(x[i + lane]);
      if constexpr (std::is_same_v<T, float>) low[lane] = lost_by_float(x[i + lane]);
    }
    high_ = hn::Load(Tag<T>(), high);
    low_ = hn::Load(Tag<T>(), low);
  }

  HWY_ATTR V<T> from(V<T> x) const {
    const V<T> y = hn::Sub(x, high_);
    return std::is_same_v<T, float> ? hn::Sub(y, low_) : y;
  }

 private:
  V<T> high_;
  V<T> low_;
};

template <class T>
HWY_ATTR HWY_INLINE double sum_lanes(V<T> v) {
  return static_cast<double>(hn::GetLane(hn::SumOfLanes(Tag<T>(), v)));
}

#if HWY_TARGET != HWY_SCALAR
// Lane i of the result is the sum of the lanes of v[i]: a transposition in which every exchange halves the vectors.
template <class T>
HWY_ATTR HWY_INLINE V<T> sums_of(V<T> (&v)[kLanes<T>]) {
  constexpr Tag<T> d;
  std::size_t n = kLanes<T> / 2;
  for (std::size_t i = 0; i < n; ++i) {
    v[i] = hn::Add(hn::InterleaveLower(d, v[2 * i], v[2 * i + 1]), hn::InterleaveUpper(d, v[2 * i], v[2 * i + 1]));
  }
  if constexpr (std::is_same_v<T, float>) {  // pairs, of which a block of 16 bytes holds two
    constexpr hn::Repartition<double, Tag<T>> pairs;
    n /= 2;
    for (std::size_t i = 0; i < n; ++i) {
      const auto a = hn::BitCast(pairs, v[2 * i]);
      const auto b = hn::BitCast(pairs, v[2 * i + 1]);
      v[i] =
          hn::Add(hn::BitCast(d, hn::InterleaveLower(pairs, a, b)), hn::BitCast(d, hn::InterleaveUpper(pairs, a, b)));
    }
  }
  constexpr std::size_t kBlocks = kLanes<T> * sizeof(T) / 16;
  static_assert(kBlocks == 1 || kBlocks == 2 || kBlocks == 4);
  if constexpr (kBlocks == 2) {
    v[0] = hn::Add(hn::ConcatLowerLower(d, v[1], v[0]), hn::ConcatUpperUpper(d, v[1], v[0]));
  } else if constexpr (kBlocks == 4) {
    const V<T> even = hn::Add(hn::ConcatLowerLower(d, v[2], v[0]), hn::ConcatUpperUpper(d, v[2], v[0]));
    const V<T> odd = hn::Add(hn::ConcatLowerLower(d, v[3], v[1]), hn::ConcatUpperUpper(d, v[3], v[1]));
    v[0] = hn::Add(hn::OddEvenBlocks(odd, even), hn::SwapAdjacentBlocks(hn::OddEvenBlocks(even, odd)));
  }
  return v[0];
}
#endif

/// out[i] = sum of the lanes of v[i], as many at a time as there are lanes.
template <class T, std::size_t kCount>
HWY_ATTR HWY_INLINE void sum_lanes(const V<T> (&v)[kCount], T (&out)[kCount]) {
#if HWY_TARGET == HWY_SCALAR
  for (std::size_t i = 0; i < kCount; ++i) out[i] = hn::GetLane(v[i]);
#else
  HWY_UNROLL(16) for (std::size_t first = 0; first < kCount; first += kLanes<T>) {
    V<T> group[kLanes<T>];
    HWY_UNROLL(16) for (std::size_t i = 0; i < kLanes<T>; ++i) {
      group[i] = first + i < kCount ? v[first + i] : hn::Zero(Tag<T>());
    }
    HWY_ALIGN T sums[kLanes<T>];
    hn::Store(sums_of<T>(group), Tag<T>(), sums);
    for (std::size_t i = 0; i < kLanes<T> && first + i < kCount; ++i) out[first + i] = sums[i];
  }
#endif
}

}  // namespace mogul::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
