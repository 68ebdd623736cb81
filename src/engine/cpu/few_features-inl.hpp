// Moments where features are so few that all sums of a component stay in registers, and nothing is stored between.
// Compiled once per instruction set.

#if defined(MOGUL_FEW_FEATURES_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MOGUL_FEW_FEATURES_INL_HPP
#undef MOGUL_FEW_FEATURES_INL_HPP
#else
#define MOGUL_FEW_FEATURES_INL_HPP
#endif

#include <array>
#include <utility>

#include "engine/cpu/kernels.hpp"
#include "engine/cpu/vector-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace mogul::cpu::HWY_NAMESPACE {

constexpr std::size_t kFewFeatures = 3;

/// A block as one component sees it: root_i = sqrt(w_i r_ki) = factor_i h_i.
template <class X>
struct Weighed {
  const X* x;
  std::size_t stride;
  std::size_t n;
  const X* factor;
  const X* h;
};

/// Adds N_k and the moments of kFeatures features; spherical ones are diagonal ones added up.
template <class T, std::size_t kFeatures, Moments kMoments, class X>
HWY_ATTR HWY_INLINE void add_few(const Weighed<X>& rows, std::size_t k, Stats& stats) {
  constexpr std::size_t kFirst = kMoments == Moments::none ? 0 : kFeatures;
  constexpr std::size_t kSecond = kMoments == Moments::full       ? kFeatures * (kFeatures + 1) / 2
                                  : kMoments == Moments::diagonal ? kFeatures
                                                                  : 0;
  const auto means = [&]<std::size_t... c>(std::index_sequence<c...>) HWY_ATTR {
    return std::array<Centre<T>, kFirst>{Centre<T>(stats.shift(k, c))...};
  }
  (std::make_index_sequence<kFirst>());
  V<T> added[1 + kFirst + kSecond];  // N_k, first moments, second moments
  HWY_UNROLL(16) for (V<T>& sum : added) sum = set<T>(0);
  V<T>* first = added + 1;
  V<T>* second = first + kFirst;
  for (std::size_t i = 0; i < rows.n; i += kLanes<T>) {
    const V<T> root = hn::Mul(load<T>(rows.factor + i), load<T>(rows.h + i));
    const V<T> r = hn::Mul(root, root);
    added[0] = hn::Add(added[0], r);
    V<T> centred[kFeatures];
    HWY_UNROLL(4) for (std::size_t c = 0; c < kFirst; ++c) {
      centred[c] = means[c].from(load<T>(rows.x + c * rows.stride + i));
      const V<T> weighted = hn::Mul(r, centred[c]);
      first[c] = hn::Add(first[c], weighted);
      if constexpr (kMoments == Moments::diagonal) second[c] = hn::MulAdd(weighted, centred[c], second[c]);
      HWY_UNROLL(4) for (std::size_t b = 0; kMoments == Moments::full && b <= c; ++b) {
        second[c * (c + 1) / 2 + b] = hn::MulAdd(weighted, centred[b], second[c * (c + 1) / 2 + b]);
      }
    }
  }
  T sums[1 + kFirst + kSecond];
  sum_lanes<T>(added, sums);
  stats.n[k] += sums[0];
  for (std::size_t c = 0; c < kFirst; ++c) stats.first(k, c) += sums[1 + c];
  for (std::size_t s = 0; s < kSecond; ++s) {
    stats.second(k, stats.moments == Moments::spherical ? 0 : s) += sums[1 + kFirst + s];
  }
}

template <class T, std::size_t kFeatures, class X>
HWY_ATTR HWY_INLINE void add_few(const Weighed<X>& rows, std::size_t k, Stats& stats) {
  switch (stats.moments) {
    case Moments::full: return add_few<T, kFeatures, Moments::full>(rows, k, stats);
    case Moments::diagonal:
    case Moments::spherical: return add_few<T, kFeatures, Moments::diagonal>(rows, k, stats);
    case Moments::mean:
    case Moments::pooled: return add_few<T, kFeatures, Moments::mean>(rows, k, stats);
    case Moments::none: return add_few<T, kFeatures, Moments::none>(rows, k, stats);
  }
}

/// Component k's moments of up to kFewFeatures features, in lanes of T.
template <class T, class X>
HWY_ATTR HWY_INLINE void add_few(const Weighed<X>& rows, std::size_t k, Stats& stats) {
  static_assert(kFewFeatures == 3);
  switch (stats.n_features()) {
    case 1: return add_few<T, 1>(rows, k, stats);
    case 2: return add_few<T, 2>(rows, k, stats);
    default: return add_few<T, 3>(rows, k, stats);
  }
}

}  // namespace mogul::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
