// Fourth kernel: a block's rows, shared out by their responsibilities, are added to the statistics.
// Lanes are rows.

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/cpu/accumulate.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
#include <hwy/highway.h>

#include <algorithm>
#include <cstdint>
#include <span>

#include "base/check_interrupted.hpp"
#include "engine/cpu/few_features-inl.hpp"
#include "engine/cpu/gram-inl.hpp"
#include "engine/cpu/kernels.hpp"
#include "engine/cpu/sparse-inl.hpp"
#include "engine/cpu/vector-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace mogul::cpu::HWY_NAMESPACE {

// A share r up to the square of this does not count, nor do such rows if together they are at most this part of N_k.
template <class X>
constexpr double kNegligibleRoot = std::is_same_v<X, double> ? 0x1p-30 : 0x1p-16;
template <class X>
constexpr double kNegligiblePart = std::is_same_v<X, double> ? 0x1p-53 : 0x1p-25;

// Rows as one component sees them: features `stride` apart, and root[i] = sqrt(w_i r_ki).
template <class X>
struct Shared {
  const X* x;
  std::size_t stride;
  std::size_t n;  // a multiple of kLanes
  const X* root;
};

// sqrt(w / sum_k h^2): what a row's h is multiplied by for every component.
template <class X>
HWY_ATTR HWY_INLINE void row_factors(const Block& block, const X* HWY_RESTRICT w, const X* HWY_RESTRICT reciprocal,
                                     X* HWY_RESTRICT out) {
  for (std::size_t i = 0; i < block.n_padded; i += kLanes<X>) {
    store<X>(hn::Sqrt(hn::Mul(load<X>(w + i), load<X>(reciprocal + i))), out + i);
  }
}

// The h beyond which a row counts for a component; of a row that is far from all of them every h > 0 does, as its
// distance makes up for a small r.
template <class X>
HWY_ATTR HWY_INLINE void row_thresholds(const Block& block, std::size_t n_features, const X* HWY_RESTRICT nearest,
                                        X* HWY_RESTRICT out) {
  const V<X> far = set<X>(100 + 4 * static_cast<double>(n_features));
  for (std::size_t i = 0; i < block.n_padded; i += kLanes<X>) {
    store<X>(hn::IfThenElseZero(hn::Le(load<X>(nearest + i), far), set<X>(kNegligibleRoot<X>)), out + i);
  }
}

// What a component gets of a block.
struct Share {
  double n;              // sum of root^2
  double n_active;       // rows that count
  double of_the_others;  // their part of n
};

// root = factor h, and its sums.
template <class X>
HWY_ATTR HWY_INLINE Share share(const Block& block, const X* HWY_RESTRICT factor, const X* HWY_RESTRICT threshold,
                                const X* HWY_RESTRICT h, X* HWY_RESTRICT root) {
  constexpr std::size_t kVectors = 2;
  V<X> n[kVectors], n_active[kVectors], of_the_others[kVectors];
  HWY_UNROLL(2) for (std::size_t j = 0; j < kVectors; ++j) n[j] = n_active[j] = of_the_others[j] = set<X>(0);
  for (std::size_t i = 0; i < block.n_padded; i += kVectors * kLanes<X>) {
    HWY_UNROLL(2) for (std::size_t j = 0; j < kVectors; ++j) {
      const std::size_t at = i + j * kLanes<X>;
      const V<X> h_i = load<X>(h + at);
      const V<X> product = hn::Mul(load<X>(factor + at), h_i);
      store<X>(product, root + at);
      n[j] = hn::MulAdd(product, product, n[j]);
      const auto active = hn::Gt(h_i, load<X>(threshold + at));
      n_active[j] = hn::Add(n_active[j], hn::IfThenElseZero(active, set<X>(1)));
      const V<X> other = hn::IfThenZeroElse(active, product);
      of_the_others[j] = hn::MulAdd(other, other, of_the_others[j]);
    }
  }
  return {sum_lanes<X>(hn::Add(n[0], n[1])), sum_lanes<X>(hn::Add(n_active[0], n_active[1])),
          sum_lanes<X>(hn::Add(of_the_others[0], of_the_others[1]))};
}

template <class T, class X>
HWY_ATTR HWY_INLINE double sum_of_squares(const X* HWY_RESTRICT root, std::size_t n) {
  V<T> sum = set<T>(0);
  for (std::size_t i = 0; i < n; i += kLanes<T>) {
    const V<T> value = load<T>(root + i);
    sum = hn::MulAdd(value, value, sum);
  }
  return sum_lanes<T>(sum);
}

// Features feature .. feature + kCount - 1: adds sum r (x - mu) to `first_moment`; sum r (x - mu)^2 where asked for.
template <std::size_t kCount, bool kSecond, class X>
HWY_ATTR HWY_INLINE void feature_sums(const Shared<X>& rows, const double* HWY_RESTRICT shift, std::size_t feature,
                                      double* first_moment, X (&second_moment)[kCount]) {
  V<X> first[kCount];
  V<X> second[kCount];
  HWY_UNROLL(4) for (std::size_t c = 0; c < kCount; ++c) first[c] = second[c] = set<X>(0);
  const X* HWY_RESTRICT x = rows.x + feature * rows.stride;
  for (std::size_t i = 0; i < rows.n; i += kLanes<X>) {
    const V<X> root = load<X>(rows.root + i);
    const V<X> r = hn::Mul(root, root);
    HWY_UNROLL(4) for (std::size_t c = 0; c < kCount; ++c) {
      const V<X> centred = Centre<X>(shift[feature + c]).from(load<X>(x + c * rows.stride + i));
      if (kSecond) {
        const V<X> weighted = hn::Mul(r, centred);
        first[c] = hn::Add(first[c], weighted);
        second[c] = hn::MulAdd(weighted, centred, second[c]);
      } else {
        first[c] = hn::MulAdd(r, centred, first[c]);
      }
    }
  }
  X sums[kCount];
  sum_lanes<X>(first, sums);
  for (std::size_t c = 0; c < kCount; ++c) first_moment[feature + c] += sums[c];
  sum_lanes<X>(second, second_moment);
}

template <std::size_t kCount, class X>
HWY_ATTR HWY_INLINE void add_features(const Shared<X>& rows, std::size_t k, std::size_t feature, Stats& stats) {
  const double* shift = stats.shift.row(k).data();
  double* first = stats.first.row(k).data();
  X second[kCount];
  switch (stats.moments) {
    case Moments::diagonal:
      feature_sums<kCount, true>(rows, shift, feature, first, second);
      for (std::size_t c = 0; c < kCount; ++c) stats.second(k, feature + c) += second[c];
      break;
    case Moments::spherical:
      feature_sums<kCount, true>(rows, shift, feature, first, second);
      for (std::size_t c = 0; c < kCount; ++c) stats.second(k, 0) += second[c];
      break;
    default: feature_sums<kCount, false>(rows, shift, feature, first, second);
  }
}

template <class X>
HWY_ATTR HWY_INLINE void add_features(const Shared<X>& rows, std::size_t k, Stats& stats) {
  std::size_t feature = 0;
  for (; feature + 4 <= stats.n_features(); feature += 4) add_features<4>(rows, k, feature, stats);
  for (; feature < stats.n_features(); ++feature) add_features<1>(rows, k, feature, stats);
}

// z = root (x - shift) for kCount features, and their first moments, sum root z.
template <std::size_t kCount, class T, class X>
HWY_ATTR HWY_INLINE void scale_features(const Shared<X>& rows, const double* HWY_RESTRICT shift, std::size_t feature,
                                        T* HWY_RESTRICT z, double* first_moment) {
  V<T> first[kCount];
  HWY_UNROLL(4) for (std::size_t c = 0; c < kCount; ++c) first[c] = set<T>(0);
  const X* HWY_RESTRICT x = rows.x + feature * rows.stride;
  T* HWY_RESTRICT out = z + feature * rows.stride;
  for (std::size_t i = 0; i < rows.n; i += kLanes<T>) {
    const V<T> root = load<T>(rows.root + i);
    HWY_UNROLL(4) for (std::size_t c = 0; c < kCount; ++c) {
      const V<T> centred = Centre<T>(shift[feature + c]).from(load<T>(x + c * rows.stride + i));
      const V<T> scaled = hn::Mul(centred, root);
      store<T>(scaled, out + c * rows.stride + i);
      first[c] = hn::MulAdd(scaled, root, first[c]);
    }
  }
  T sums[kCount];
  sum_lanes<T>(first, sums);
  for (std::size_t c = 0; c < kCount; ++c) first_moment[feature + c] += sums[c];
}

// Adds the Gram matrix of root (x - shift) to `second`, and to `first` the sum of r (x - shift), in lanes of T.
template <class T, class X>
HWY_ATTR HWY_INLINE void add_full(const Shared<X>& rows, std::span<const double> shift, T* HWY_RESTRICT z,
                                  std::span<double> first, std::span<double> second) {
  const std::size_t n_features = shift.size();
  std::size_t feature = 0;
  for (; feature + 4 <= n_features; feature += 4) scale_features<4>(rows, shift.data(), feature, z, first.data());
  for (; feature < n_features; ++feature) scale_features<1>(rows, shift.data(), feature, z, first.data());
  add_gram(Panel<T>{z, rows.stride, rows.n}, n_features, second);
}

// The rows that count for a component.
template <class X>
std::span<const std::uint32_t> find_active(const Block& block, const X* HWY_RESTRICT threshold, const X* HWY_RESTRICT h,
                                           std::uint32_t* HWY_RESTRICT active) {
  std::size_t n_active = 0;
  for (std::size_t i = 0; i < block.n_rows; ++i) {
    active[n_active] = static_cast<std::uint32_t>(i);
    n_active += h[i] > threshold[i];
  }
  return {active, n_active};
}

// All rows of a block, in lanes of T.
template <class T, class X>
HWY_ATTR HWY_INLINE void add_dense(const Shared<X>& rows, std::size_t k, X* HWY_RESTRICT scratch, Stats& stats) {
  if (stats.moments == Moments::full) {
    return add_full(rows, stats.shift.row(k), reinterpret_cast<T*>(scratch), stats.first.row(k), stats.second.row(k));
  }
  add_features(rows, k, stats);
}

// What component k gets of a block, in lanes of T: of the rows that count where these are few.
template <class T, class X>
HWY_ATTR HWY_INLINE void add_share(const Block& block, const X* HWY_RESTRICT x, const X* HWY_RESTRICT root,
                                   const X* threshold, const X* h, const Share& share, std::size_t k,
                                   X* HWY_RESTRICT scratch, Stats& stats) {
  const bool sparse =
      2 * share.n_active < static_cast<double>(block.n_rows) && share.of_the_others <= kNegligiblePart<X> * share.n;
  if (!sparse) return add_dense<T>(Shared<X>{x, block.stride, block.n_padded, root}, k, scratch, stats);
  auto* active = reinterpret_cast<std::uint32_t*>(scratch);
  X* rows = scratch + block.stride;
  add_sparse(block, x, root, find_active(block, threshold, h, active), k, reinterpret_cast<T*>(rows), stats);
}

// Few features: to find the rows that count for a component would cost more than to add them all.
template <class X>
HWY_ATTR HWY_INLINE void add_few_of_all(const Block& block, const X* x, const X* factor, const X* h,
                                        std::span<const char> promoted, Stats& stats) {
  for (std::size_t k = 0; k < stats.n_components(); ++k) {
    const Weighed<X> rows{x, block.stride, block.n_padded, factor, h + k * block.stride};
    if (promoted[k]) {
      add_few<double>(rows, k, stats);
    } else {
      add_few<X>(rows, k, stats);
    }
  }
}

template <class X>
HWY_ATTR HWY_INLINE void accumulate_block(const Block& block, const X* HWY_RESTRICT x, const X* HWY_RESTRICT w,
                                          const Posterior<X>& posterior, std::span<const char> promoted,
                                          X* HWY_RESTRICT scratch, Stats& stats) {
  const std::size_t n_features = stats.n_features();
  X* factor = scratch;
  X* threshold = scratch + block.stride;
  X* root = scratch + 2 * block.stride;
  X* rest = scratch + 3 * block.stride;
  row_factors(block, w, posterior.reciprocal, factor);
  if (n_features <= kFewFeatures) return add_few_of_all(block, x, factor, posterior.h, promoted, stats);
  row_thresholds(block, n_features, posterior.nearest, threshold);
  for (std::size_t k = 0; k < stats.n_components(); ++k) {
    if (takes_long(n_features)) check_interrupted();
    const X* h = posterior.h + k * block.stride;
    const Share of_k = share(block, factor, threshold, h, root);
    stats.n[k] += promoted[k] ? sum_of_squares<double>(root, block.n_padded) : of_k.n;
    if (stats.moments == Moments::none || of_k.n == 0) continue;
    if (promoted[k]) {
      add_share<double>(block, x, root, threshold, h, of_k, k, rest, stats);
    } else {
      add_share<X>(block, x, root, threshold, h, of_k, k, rest, stats);
    }
  }
}

template <class X>
HWY_ATTR HWY_INLINE void accumulate_pooled_block(const Block& block, const X* HWY_RESTRICT x, const X* HWY_RESTRICT w,
                                                 std::span<const double> centre, X* HWY_RESTRICT scratch,
                                                 std::span<double> second) {
  X* root = scratch;
  auto* z = reinterpret_cast<double*>(scratch + block.stride);  // (D, stride)
  double* first = z + centre.size() * block.stride;             // (D), which accumulate() has by component
  std::fill_n(first, centre.size(), 0.0);
  for (std::size_t i = 0; i < block.n_padded; i += kLanes<X>) store<X>(hn::Sqrt(load<X>(w + i)), root + i);
  add_full(Shared<X>{x, block.stride, block.n_padded, root}, centre, z, {first, centre.size()}, second);
}

HWY_ATTR void accumulate_double(const Block& block, const double* x, const double* w,
                                const Posterior<double>& posterior, std::span<const char> promoted, double* scratch,
                                Stats& stats) {
  accumulate_block(block, x, w, posterior, promoted, scratch, stats);
}
HWY_ATTR void accumulate_float(const Block& block, const float* x, const float* w, const Posterior<float>& posterior,
                               std::span<const char> promoted, float* scratch, Stats& stats) {
  accumulate_block(block, x, w, posterior, promoted, scratch, stats);
}
HWY_ATTR void accumulate_pooled_double(const Block& block, const double* x, const double* w,
                                       std::span<const double> centre, double* scratch, std::span<double> second) {
  accumulate_pooled_block(block, x, w, centre, scratch, second);
}
HWY_ATTR void accumulate_pooled_float(const Block& block, const float* x, const float* w,
                                      std::span<const double> centre, float* scratch, std::span<double> second) {
  accumulate_pooled_block(block, x, w, centre, scratch, second);
}

}  // namespace mogul::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mogul::cpu {

HWY_EXPORT(accumulate_double);
HWY_EXPORT(accumulate_float);
HWY_EXPORT(accumulate_pooled_double);
HWY_EXPORT(accumulate_pooled_float);

template <>
void accumulate(const Block& block, const double* x, const double* w, const Posterior<double>& posterior,
                std::span<const char> promoted, double* scratch, Stats& stats) {
  HWY_DYNAMIC_DISPATCH(accumulate_double)(block, x, w, posterior, promoted, scratch, stats);
}
template <>
void accumulate(const Block& block, const float* x, const float* w, const Posterior<float>& posterior,
                std::span<const char> promoted, float* scratch, Stats& stats) {
  HWY_DYNAMIC_DISPATCH(accumulate_float)(block, x, w, posterior, promoted, scratch, stats);
}
template <>
void accumulate_pooled(const Block& block, const double* x, const double* w, std::span<const double> centre,
                       double* scratch, std::span<double> second) {
  HWY_DYNAMIC_DISPATCH(accumulate_pooled_double)(block, x, w, centre, scratch, second);
}
template <>
void accumulate_pooled(const Block& block, const float* x, const float* w, std::span<const double> centre,
                       float* scratch, std::span<double> second) {
  HWY_DYNAMIC_DISPATCH(accumulate_pooled_float)(block, x, w, centre, scratch, second);
}

// Factors, thresholds, roots; then the numbers of the active rows, at most half of them, and these, padded, with
// elements that may be twice as wide; or, for matrices, a panel of such elements.
std::size_t accumulate_scratch(Moments moments, std::size_t n_features, std::size_t stride) {
  const std::size_t panels = moments == Moments::full || moments == Moments::pooled ? 2 : 1;
  return (panels * n_features + 24) * stride + 2 * n_features;
}

}  // namespace mogul::cpu
#endif
