// Second kernel: distances of a block's rows to every component. Lanes are rows.

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernel/cpu/whiten.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
#include <hwy/highway.h>

#include "kernel/cpu/kernels.hpp"
#include "kernel/cpu/vector-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace mogul::cpu::HWY_NAMESPACE {

// A few vectors of rows: with those of a strip of factor rows, enough independent sums to hide the latency of a
// multiply-add, and few enough for the registers.
template <std::size_t kVectors>
struct Points {
  V v[kVectors];
};
constexpr std::size_t kStripVectors = kManyRegisters ? 4 : 2;
constexpr std::size_t kFeatureVectors = 4;
static_assert(kStripVectors * kLanes <= kPad && kFeatureVectors * kLanes <= kPad);

template <std::size_t kVectors>
HWY_ATTR HWY_INLINE Points<kVectors> load(const double* p) {
  Points<kVectors> x;
  HWY_UNROLL(4) for (std::size_t v = 0; v < kVectors; ++v) x.v[v] = hn::Load(d, p + v * kLanes);
  return x;
}

// The mean is subtracted before anything is multiplied: exact however far the data are from the origin.
template <std::size_t kVectors>
HWY_ATTR HWY_INLINE Points<kVectors> centred(const double* p, double mean) {
  const V mu = hn::Set(d, mean);
  Points<kVectors> x;
  HWY_UNROLL(4) for (std::size_t v = 0; v < kVectors; ++v) x.v[v] = hn::Sub(hn::Load(d, p + v * kLanes), mu);
  return x;
}

template <std::size_t kVectors>
HWY_ATTR HWY_INLINE void store(const Points<kVectors>& x, double* p) {
  HWY_UNROLL(4) for (std::size_t v = 0; v < kVectors; ++v) hn::Store(x.v[v], d, p + v * kLanes);
}

// Squared distances are capped, so that what is computed of them stays finite.
template <std::size_t kVectors>
HWY_ATTR HWY_INLINE void store_capped(const Points<kVectors>& m2, double* p) {
  HWY_UNROLL(4) for (std::size_t v = 0; v < kVectors; ++v) {
    hn::Store(hn::Min(m2.v[v], hn::Set(d, 1e300)), d, p + v * kLanes);
  }
}

template <std::size_t kVectors>
HWY_ATTR HWY_INLINE void multiply_add(V factor, const Points<kVectors>& x, Points<kVectors>& sum) {
  HWY_UNROLL(4) for (std::size_t v = 0; v < kVectors; ++v) sum.v[v] = hn::MulAdd(factor, x.v[v], sum.v[v]);
}

template <std::size_t kVectors>
HWY_ATTR HWY_INLINE void add_squares(const Points<kVectors>& x, Points<kVectors>& sum) {
  HWY_UNROLL(4) for (std::size_t v = 0; v < kVectors; ++v) sum.v[v] = hn::MulAdd(x.v[v], x.v[v], sum.v[v]);
}

template <std::size_t kVectors>
HWY_ATTR HWY_INLINE Points<kVectors> zero() {
  Points<kVectors> x;
  HWY_UNROLL(4) for (std::size_t v = 0; v < kVectors; ++v) x.v[v] = hn::Zero(d);
  return x;
}

// y = one strip of the factor times centred rows; column(c) gives their feature c. The strip's columns before
// its triangle, then the triangle column by column, as PreparedModel packs them.
template <std::size_t kVectors, std::size_t kRows, class Column>
HWY_ATTR HWY_INLINE void multiply_strip(const double* HWY_RESTRICT w, std::size_t n_before, const Column& column,
                                        Points<kVectors> (&y)[kRows]) {
  HWY_UNROLL(8) for (std::size_t r = 0; r < kRows; ++r) y[r] = zero<kVectors>();
  for (std::size_t c = 0; c < n_before; ++c, w += kRows) {
    const Points<kVectors> x = column(c);
    HWY_UNROLL(8) for (std::size_t r = 0; r < kRows; ++r) multiply_add(hn::Set(d, w[r]), x, y[r]);
  }
  HWY_UNROLL(8) for (std::size_t c = 0; c < kRows; ++c) {
    const Points<kVectors> x = column(n_before + c);
    HWY_UNROLL(8) for (std::size_t r = c; r < kRows; ++r) multiply_add(hn::Set(d, *w++), x, y[r]);
  }
}

// Calls use(constant) with n as a constant of the type.
template <class Use>
HWY_ATTR HWY_INLINE void with_rows(std::size_t n, const Use& use) {
  static_assert(kStripRows <= 8 && kOneStripRows <= 8);
  switch (n) {
    case 1: return use(std::integral_constant<std::size_t, 1>());
    case 2: return use(std::integral_constant<std::size_t, 2>());
    case 3: return use(std::integral_constant<std::size_t, 3>());
    case 4: return use(std::integral_constant<std::size_t, 4>());
    case 5: return use(std::integral_constant<std::size_t, 5>());
    case 6: return use(std::integral_constant<std::size_t, 6>());
    case 7: return use(std::integral_constant<std::size_t, 7>());
    default: return use(std::integral_constant<std::size_t, 8>());
  }
}

// Few features: the factor is one strip, and centred rows need not be kept.
template <std::size_t kFeatures>
HWY_ATTR HWY_INLINE void whiten_one_strip(const PreparedModel& model, const Block& block, const double* HWY_RESTRICT x,
                                          double* HWY_RESTRICT out) {
  constexpr std::size_t kSums = kManyRegisters ? 24 : 12;
  constexpr std::size_t kVectors = 4 * kFeatures <= kSums ? 4 : 2 * kFeatures <= kSums ? 2 : 1;
  for (std::size_t k = 0; k < model.n_components; ++k) {
    const double* mean = model.means + k * kFeatures;
    for (std::size_t i = 0; i < block.n_padded; i += kVectors * kLanes) {
      Points<kVectors> y[kFeatures];
      const auto column = [&](std::size_t c) HWY_ATTR { return centred<kVectors>(x + c * block.stride + i, mean[c]); };
      multiply_strip(model.factor(k), 0, column, y);
      Points<kVectors> sum = zero<kVectors>();
      HWY_UNROLL(8) for (std::size_t r = 0; r < kFeatures; ++r) add_squares(y[r], sum);
      store_capped(sum, out + k * block.stride + i);
    }
  }
}

using StripPoints = Points<kStripVectors>;

// Hands each strip's y = W (x - mean) of one vector group of rows to use(first row of the strip, y).
template <class Use>
HWY_ATTR HWY_INLINE void for_each_strip(const double* factor, const double* mean, const Block& block,
                                        std::size_t n_features, const double* HWY_RESTRICT x,
                                        double* HWY_RESTRICT scratch, const Use& use) {
  constexpr std::size_t kRowsAtOnce = kStripVectors * kLanes;
  for (std::size_t c = 0; c < n_features; ++c) {
    store(centred<kStripVectors>(x + c * block.stride, mean[c]), scratch + c * kRowsAtOnce);
  }
  const auto column = [&](std::size_t c) HWY_ATTR { return load<kStripVectors>(scratch + c * kRowsAtOnce); };
  const std::size_t n_strips = strip_count(n_features);
  for (std::size_t s = 0; s < n_strips; ++s) {
    const std::size_t first = strip_begin(s, n_features);
    const std::size_t rows = strip_begin(s + 1, n_features) - first;
    with_rows(rows, [&](auto constant) HWY_ATTR {
      constexpr std::size_t kRows = decltype(constant)::value;
      StripPoints y[kRows];
      multiply_strip(factor, first, column, y);
      use(first, y);
    });
    factor += strip_size(first, rows);
  }
}

HWY_ATTR HWY_INLINE void whiten_strips(const PreparedModel& model, const Block& block, const double* HWY_RESTRICT x,
                                       double* HWY_RESTRICT out, double* HWY_RESTRICT scratch) {
  for (std::size_t k = 0; k < model.n_components; ++k) {
    const double* mean = model.means + k * model.n_features;
    for (std::size_t i = 0; i < block.n_padded; i += kStripVectors * kLanes) {
      StripPoints sum = zero<kStripVectors>();
      for_each_strip(model.factor(k), mean, block, model.n_features, x + i, scratch,
                     [&](std::size_t /*first*/, const auto& y) HWY_ATTR {
                       HWY_UNROLL(8) for (const StripPoints& y_r : y) add_squares(y_r, sum);
                     });
      store_capped(sum, out + k * block.stride + i);
    }
  }
}

// Squared distances of rows to components k .. k + kCount - 1, which share the loads of the rows. A diagonal factor
// scales each feature, a spherical one the sum.
template <std::size_t kCount, bool kDiagonal>
HWY_ATTR HWY_INLINE void distances(const PreparedModel& model, const double* HWY_RESTRICT all_means, std::size_t k,
                                   const Block& block, const double* HWY_RESTRICT x, double* HWY_RESTRICT out) {
  const std::size_t n_features = model.n_features;
  const double* means = all_means + k * n_features;
  const double* factors[kCount];
  for (std::size_t j = 0; j < kCount; ++j) factors[j] = model.factor(k + j);
  for (std::size_t i = 0; i < block.n_padded; i += kFeatureVectors * kLanes) {
    Points<kFeatureVectors> sum[kCount];
    HWY_UNROLL(4) for (std::size_t j = 0; j < kCount; ++j) sum[j] = zero<kFeatureVectors>();
    for (std::size_t c = 0; c < n_features; ++c) {
      const Points<kFeatureVectors> row = load<kFeatureVectors>(x + c * block.stride + i);
      HWY_UNROLL(4) for (std::size_t j = 0; j < kCount; ++j) {
        const V mu = hn::Set(d, means[j * n_features + c]);
        HWY_UNROLL(4) for (std::size_t v = 0; v < kFeatureVectors; ++v) {
          V y = hn::Sub(row.v[v], mu);
          if (kDiagonal) y = hn::Mul(y, hn::Set(d, factors[j][c]));
          sum[j].v[v] = hn::MulAdd(y, y, sum[j].v[v]);
        }
      }
    }
    HWY_UNROLL(4) for (std::size_t j = 0; j < kCount; ++j) {
      if (model.form == FactorForm::spherical) {
        const V scale = hn::Set(d, *factors[j]);
        HWY_UNROLL(4) for (V& m2 : sum[j].v) m2 = hn::Mul(hn::Mul(m2, scale), scale);
      }
      store_capped(sum[j], out + (k + j) * block.stride + i);
    }
  }
}

template <bool kDiagonal>
HWY_ATTR HWY_INLINE void all_distances(const PreparedModel& model, const double* HWY_RESTRICT means, const Block& block,
                                       const double* HWY_RESTRICT x, double* HWY_RESTRICT out) {
  std::size_t k = 0;
  for (; k + 2 <= model.n_components; k += 2) distances<2, kDiagonal>(model, means, k, block, x, out);
  if (k < model.n_components) distances<1, kDiagonal>(model, means, k, block, x, out);
}

// A shared factor whitens a row once; what is left are Euclidean distances to whitened means.
HWY_ATTR HWY_INLINE void whiten_tied(const PreparedModel& model, const Block& block, const double* HWY_RESTRICT x,
                                     double* HWY_RESTRICT out, double* HWY_RESTRICT scratch) {
  double* whitened = scratch + model.n_features * kPad;
  for (std::size_t i = 0; i < block.n_padded; i += kStripVectors * kLanes) {
    for_each_strip(model.factor(0), model.centre.data(), block, model.n_features, x + i, scratch,
                   [&](std::size_t first, const auto& y) HWY_ATTR {
                     double* row = whitened + first * block.stride + i;
                     for (const StripPoints& y_r : y) {
                       store(y_r, row);
                       row += block.stride;
                     }
                   });
  }
  all_distances<false>(model, model.whitened_means.data(), block, whitened, out);
}

HWY_ATTR void whiten(const PreparedModel& model, const Block& block, const double* HWY_RESTRICT x,
                     double* HWY_RESTRICT out, double* HWY_RESTRICT scratch) {
  switch (model.form) {
    case FactorForm::spherical: return all_distances<false>(model, model.means, block, x, out);
    case FactorForm::diagonal: return all_distances<true>(model, model.means, block, x, out);
    case FactorForm::tied_triangular: return whiten_tied(model, block, x, out, scratch);
    case FactorForm::triangular: break;
  }
  if (model.n_features > kOneStripRows) return whiten_strips(model, block, x, out, scratch);
  with_rows(model.n_features,
            [&](auto constant) HWY_ATTR { whiten_one_strip<decltype(constant)::value>(model, block, x, out); });
}

}  // namespace mogul::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mogul::cpu {

HWY_EXPORT(whiten);

void whiten(const PreparedModel& model, const Block& block, const double* x, double* out, double* scratch) {
  HWY_DYNAMIC_DISPATCH(whiten)(model, block, x, out, scratch);
}

std::size_t whiten_scratch(std::size_t n_features, std::size_t stride) { return n_features * (kPad + stride); }

}  // namespace mogul::cpu
#endif
