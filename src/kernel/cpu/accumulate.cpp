// Fourth kernel: a block's rows, shared out by their responsibilities, are added to the statistics.
// Lanes are rows.

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernel/cpu/accumulate.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
#include <hwy/highway.h>

#include <algorithm>
#include <cstdint>
#include <span>

#include "kernel/cpu/gram-inl.hpp"
#include "kernel/cpu/kernels.hpp"
#include "kernel/cpu/vector-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace mogul::cpu::HWY_NAMESPACE {

// With fewer features, to find the rows that count for a component costs more than to add them all.
constexpr std::size_t kMinFeaturesToCompress = 4;

// Rows as one component sees them: features `stride` apart, and root[i] = sqrt(w_i r_ki).
struct Shared {
  const double* x;
  std::size_t stride;
  std::size_t n;  // a multiple of kLanes
  const double* root;
};

// sqrt(w / sum_k h^2): what a row's h is multiplied by for every component.
HWY_ATTR HWY_INLINE void row_factors(const Block& block, const double* HWY_RESTRICT w,
                                     const double* HWY_RESTRICT reciprocal, double* HWY_RESTRICT out) {
  for (std::size_t i = 0; i < block.n_padded; i += kLanes) {
    hn::Store(hn::Sqrt(hn::Mul(hn::Load(d, w + i), hn::Load(d, reciprocal + i))), d, out + i);
  }
}

// The h beyond which a row counts for a component: r > 2^-64, but every r > 0 of a row that is far from all of them, as
// its distance makes up for a small r.
HWY_ATTR HWY_INLINE void row_thresholds(const Block& block, std::size_t n_features, const double* HWY_RESTRICT nearest,
                                        double* HWY_RESTRICT out) {
  const V far = hn::Set(d, 100 + 4 * static_cast<double>(n_features));
  for (std::size_t i = 0; i < block.n_padded; i += kLanes) {
    hn::Store(hn::IfThenElseZero(hn::Le(hn::Load(d, nearest + i), far), hn::Set(d, 0x1p-32)), d, out + i);
  }
}

// What a component gets of a block.
struct Share {
  double n;              // sum of root^2
  double n_active;       // rows that count
  double of_the_others;  // their part of n
};

// root = factor h, and its sums.
template <bool kFindActive>
HWY_ATTR HWY_INLINE Share share(const Block& block, const double* HWY_RESTRICT factor,
                                const double* HWY_RESTRICT threshold, const double* HWY_RESTRICT h,
                                double* HWY_RESTRICT root) {
  constexpr std::size_t kVectors = 2;
  V n[kVectors], n_active[kVectors], of_the_others[kVectors];
  HWY_UNROLL(2) for (std::size_t j = 0; j < kVectors; ++j) n[j] = n_active[j] = of_the_others[j] = hn::Zero(d);
  for (std::size_t i = 0; i < block.n_padded; i += kVectors * kLanes) {
    HWY_UNROLL(2) for (std::size_t j = 0; j < kVectors; ++j) {
      const V h_i = hn::Load(d, h + i + j * kLanes);
      const V product = hn::Mul(hn::Load(d, factor + i + j * kLanes), h_i);
      hn::Store(product, d, root + i + j * kLanes);
      n[j] = hn::MulAdd(product, product, n[j]);
      if (kFindActive) {
        const auto active = hn::Gt(h_i, hn::Load(d, threshold + i + j * kLanes));
        n_active[j] = hn::Add(n_active[j], hn::IfThenElseZero(active, hn::Set(d, 1.0)));
        const V other = hn::IfThenZeroElse(active, product);
        of_the_others[j] = hn::MulAdd(other, other, of_the_others[j]);
      }
    }
  }
  return {sum_lanes(hn::Add(n[0], n[1])), sum_lanes(hn::Add(n_active[0], n_active[1])),
          sum_lanes(hn::Add(of_the_others[0], of_the_others[1]))};
}

// Features feature .. feature + kCount - 1: adds sum r (x - mu) to `first_moment`; sum r (x - mu)^2 where asked for.
template <std::size_t kCount, bool kSecond>
HWY_ATTR HWY_INLINE void feature_sums(const Shared& rows, const double* HWY_RESTRICT shift, std::size_t feature,
                                      double* first_moment, double (&second_moment)[kCount]) {
  V first[kCount];
  V second[kCount];
  HWY_UNROLL(4) for (std::size_t c = 0; c < kCount; ++c) first[c] = second[c] = hn::Zero(d);
  const double* HWY_RESTRICT x = rows.x + feature * rows.stride;
  for (std::size_t i = 0; i < rows.n; i += kLanes) {
    const V root = hn::Load(d, rows.root + i);
    const V r = hn::Mul(root, root);
    HWY_UNROLL(4) for (std::size_t c = 0; c < kCount; ++c) {
      const V centred = hn::Sub(hn::Load(d, x + c * rows.stride + i), hn::Set(d, shift[feature + c]));
      if (kSecond) {
        const V weighted = hn::Mul(r, centred);
        first[c] = hn::Add(first[c], weighted);
        second[c] = hn::MulAdd(weighted, centred, second[c]);
      } else {
        first[c] = hn::MulAdd(r, centred, first[c]);
      }
    }
  }
  double sums[kCount];
  sum_lanes(first, sums);
  for (std::size_t c = 0; c < kCount; ++c) first_moment[feature + c] += sums[c];
  sum_lanes(second, second_moment);
}

template <std::size_t kCount>
HWY_ATTR HWY_INLINE void add_features(const Shared& rows, std::size_t k, std::size_t feature, Stats& stats) {
  const double* shift = stats.shift.row(k).data();
  double* first = stats.first.row(k).data();
  double second[kCount];
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

HWY_ATTR HWY_INLINE void add_features(const Shared& rows, std::size_t k, Stats& stats) {
  std::size_t feature = 0;
  for (; feature + 4 <= stats.n_features(); feature += 4) add_features<4>(rows, k, feature, stats);
  for (; feature < stats.n_features(); ++feature) add_features<1>(rows, k, feature, stats);
}

// z = root (x - shift) for kCount features, and their first moments, sum root z.
template <std::size_t kCount>
HWY_ATTR HWY_INLINE void scale_features(const Shared& rows, const double* HWY_RESTRICT shift, std::size_t feature,
                                        double* HWY_RESTRICT z, double* first_moment) {
  V first[kCount];
  HWY_UNROLL(4) for (std::size_t c = 0; c < kCount; ++c) first[c] = hn::Zero(d);
  const double* HWY_RESTRICT x = rows.x + feature * rows.stride;
  double* HWY_RESTRICT out = z + feature * rows.stride;
  for (std::size_t i = 0; i < rows.n; i += kLanes) {
    const V root = hn::Load(d, rows.root + i);
    HWY_UNROLL(4) for (std::size_t c = 0; c < kCount; ++c) {
      const V centred = hn::Sub(hn::Load(d, x + c * rows.stride + i), hn::Set(d, shift[feature + c]));
      const V scaled = hn::Mul(centred, root);
      hn::Store(scaled, d, out + c * rows.stride + i);
      first[c] = hn::MulAdd(scaled, root, first[c]);
    }
  }
  double sums[kCount];
  sum_lanes(first, sums);
  for (std::size_t c = 0; c < kCount; ++c) first_moment[feature + c] += sums[c];
}

// Adds the Gram matrix of root (x - shift) to `second`, and to `first` the sum of r (x - shift).
HWY_ATTR HWY_INLINE void add_full(const Shared& rows, std::span<const double> shift, double* HWY_RESTRICT z,
                                  std::span<double> first, std::span<double> second) {
  const std::size_t n_features = shift.size();
  std::size_t feature = 0;
  for (; feature + 4 <= n_features; feature += 4) scale_features<4>(rows, shift.data(), feature, z, first.data());
  for (; feature < n_features; ++feature) scale_features<1>(rows, shift.data(), feature, z, first.data());
  add_gram({z, rows.stride, rows.n}, n_features, second);
}

// Up to three features: all sums of one component stay in registers, and nothing is stored between.
template <std::size_t kFeatures>
HWY_ATTR HWY_INLINE void add_full_at_once(const Shared& rows, std::size_t k, Stats& stats) {
  constexpr std::size_t kPairs = kFeatures * (kFeatures + 1) / 2;
  V first[kFeatures];
  V second[kPairs];
  V mu[kFeatures];
  HWY_UNROLL(8) for (std::size_t c = 0; c < kFeatures; ++c) {
    first[c] = hn::Zero(d);
    mu[c] = hn::Set(d, stats.shift(k, c));
  }
  HWY_UNROLL(8) for (std::size_t p = 0; p < kPairs; ++p) second[p] = hn::Zero(d);
  for (std::size_t i = 0; i < rows.n; i += kLanes) {
    const V root = hn::Load(d, rows.root + i);
    V z[kFeatures];
    HWY_UNROLL(8) for (std::size_t c = 0; c < kFeatures; ++c) {
      z[c] = hn::Mul(hn::Sub(hn::Load(d, rows.x + c * rows.stride + i), mu[c]), root);
      first[c] = hn::MulAdd(z[c], root, first[c]);
    }
    HWY_UNROLL(8) for (std::size_t r = 0; r < kFeatures; ++r) {
      HWY_UNROLL(8) for (std::size_t c = 0; c <= r; ++c) {
        second[r * (r + 1) / 2 + c] = hn::MulAdd(z[r], z[c], second[r * (r + 1) / 2 + c]);
      }
    }
  }
  for (std::size_t c = 0; c < kFeatures; ++c) stats.first(k, c) += sum_lanes(first[c]);
  for (std::size_t p = 0; p < kPairs; ++p) stats.second(k, p) += sum_lanes(second[p]);
}

HWY_ATTR HWY_INLINE void add_moments(const Shared& rows, std::size_t k, double* HWY_RESTRICT z, Stats& stats) {
  if (stats.moments != Moments::full) return add_features(rows, k, stats);
  switch (stats.n_features()) {
    case 1: return add_full_at_once<1>(rows, k, stats);
    case 2: return add_full_at_once<2>(rows, k, stats);
    case 3: return add_full_at_once<3>(rows, k, stats);
    default: return add_full(rows, stats.shift.row(k), z, stats.first.row(k), stats.second.row(k));
  }
}

// Copies the active rows side by side, padded with zeros.
Shared compress(const Block& block, std::size_t n_features, const double* HWY_RESTRICT x,
                const double* HWY_RESTRICT threshold, const double* HWY_RESTRICT h, const double* HWY_RESTRICT root,
                double* HWY_RESTRICT out, std::uint32_t* HWY_RESTRICT active) {
  std::size_t n_active = 0;
  for (std::size_t i = 0; i < block.n_padded; ++i) {
    active[n_active] = static_cast<std::uint32_t>(i);
    n_active += h[i] > threshold[i];
  }
  const std::size_t n = hwy::RoundUpTo(n_active, kLanes);
  const auto gather = [&](const double* HWY_RESTRICT from, double* HWY_RESTRICT to) {
    for (std::size_t i = 0; i < n_active; ++i) to[i] = from[active[i]];
    std::fill(to + n_active, to + n, 0.0);
  };
  gather(root, out);
  for (std::size_t c = 0; c < n_features; ++c) gather(x + c * block.stride, out + (c + 1) * block.stride);
  return {out + block.stride, block.stride, n, out};
}

HWY_ATTR void accumulate(const Block& block, const double* HWY_RESTRICT x, const double* HWY_RESTRICT w,
                         const Posterior& posterior, double* HWY_RESTRICT scratch, Stats& stats) {
  const std::size_t n_features = stats.n_features();
  double* factor = scratch;
  double* threshold = scratch + block.stride;
  double* root = scratch + 2 * block.stride;
  double* compressed = scratch + 3 * block.stride;           // (D + 1, stride)
  double* z = compressed + (n_features + 1) * block.stride;  // (D, stride)
  auto* active = reinterpret_cast<std::uint32_t*>(z + n_features * block.stride);
  row_factors(block, w, posterior.reciprocal, factor);
  row_thresholds(block, n_features, posterior.nearest, threshold);
  const bool may_compress = n_features >= kMinFeaturesToCompress;
  for (std::size_t k = 0; k < stats.n_components(); ++k) {
    const double* h = posterior.h + k * block.stride;
    const Share of_k =
        may_compress ? share<true>(block, factor, threshold, h, root) : share<false>(block, factor, threshold, h, root);
    stats.n[k] += of_k.n;
    if (stats.moments == Moments::none || of_k.n == 0) continue;
    const bool sparse =
        may_compress && 2 * of_k.n_active < static_cast<double>(block.n_rows) && of_k.of_the_others <= 0x1p-57 * of_k.n;
    const Shared rows = sparse ? compress(block, n_features, x, threshold, h, root, compressed, active)
                               : Shared{x, block.stride, block.n_padded, root};
    add_moments(rows, k, z, stats);
  }
}

HWY_ATTR void accumulate_pooled(const Block& block, const double* HWY_RESTRICT x, const double* HWY_RESTRICT w,
                                std::span<const double> centre, double* HWY_RESTRICT scratch,
                                std::span<double> second) {
  double* root = scratch;
  double* z = scratch + block.stride;                // (D, stride)
  double* first = z + centre.size() * block.stride;  // (D), which accumulate() has by component
  std::fill_n(first, centre.size(), 0.0);
  for (std::size_t i = 0; i < block.n_padded; i += kLanes) hn::Store(hn::Sqrt(hn::Load(d, w + i)), d, root + i);
  add_full({x, block.stride, block.n_padded, root}, centre, z, {first, centre.size()}, second);
}

}  // namespace mogul::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mogul::cpu {

HWY_EXPORT(accumulate);

void accumulate(const Block& block, const double* x, const double* w, const Posterior& posterior, double* scratch,
                Stats& stats) {
  HWY_DYNAMIC_DISPATCH(accumulate)(block, x, w, posterior, scratch, stats);
}

HWY_EXPORT(accumulate_pooled);

void accumulate_pooled(const Block& block, const double* x, const double* w, std::span<const double> centre,
                       double* scratch, std::span<double> second) {
  HWY_DYNAMIC_DISPATCH(accumulate_pooled)(block, x, w, centre, scratch, second);
}

std::size_t accumulate_scratch(std::size_t n_features, std::size_t stride) { return (2 * n_features + 5) * stride; }

}  // namespace mogul::cpu
#endif
