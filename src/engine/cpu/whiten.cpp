// Second kernel: distances of a block's rows to every component. Lanes are rows.

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/cpu/whiten.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
#include <hwy/highway.h>

#include "base/check_interrupted.hpp"
#include "engine/cpu/kernels.hpp"
#include "engine/cpu/vector-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace mogul::cpu::HWY_NAMESPACE {

// A few vectors of rows: with those of a strip of factor rows, enough independent sums to hide the latency of a
// multiply-add, and few enough for the registers.
template <class T, std::size_t kVectors>
struct Points {
  V<T> v[kVectors];
};
constexpr std::size_t kStripVectors = kManyRegisters ? 4 : 2;
constexpr std::size_t kFeatureVectors = 4;

template <class T, std::size_t kVectors>
HWY_ATTR HWY_INLINE Points<T, kVectors> load_points(const T* p) {
  Points<T, kVectors> x;
  HWY_UNROLL(4) for (std::size_t v = 0; v < kVectors; ++v) x.v[v] = load<T>(p + v * kLanes<T>);
  return x;
}

// The mean is subtracted before anything is multiplied: exact however far the data are from the origin.
template <class T, std::size_t kVectors, class X>
HWY_ATTR HWY_INLINE Points<T, kVectors> centred(const X* p, const Centre<T>& mean) {
  Points<T, kVectors> x;
  HWY_UNROLL(4) for (std::size_t v = 0; v < kVectors; ++v) x.v[v] = mean.from(load<T>(p + v * kLanes<T>));
  return x;
}

template <class T, std::size_t kVectors>
HWY_ATTR HWY_INLINE void store_points(const Points<T, kVectors>& x, T* p) {
  HWY_UNROLL(4) for (std::size_t v = 0; v < kVectors; ++v) store<T>(x.v[v], p + v * kLanes<T>);
}

// Squared distances are capped, so that what is computed of them stays finite.
template <class T, std::size_t kVectors, class X>
HWY_ATTR HWY_INLINE void store_capped(const Points<T, kVectors>& m2, X* p) {
  HWY_UNROLL(4) for (std::size_t v = 0; v < kVectors; ++v) {
    store<T>(hn::Min(m2.v[v], set<T>(kFarthest<X>)), p + v * kLanes<T>);
  }
}

template <class T, std::size_t kVectors>
HWY_ATTR HWY_INLINE void multiply_add(V<T> factor, const Points<T, kVectors>& x, Points<T, kVectors>& sum) {
  HWY_UNROLL(4) for (std::size_t v = 0; v < kVectors; ++v) sum.v[v] = hn::MulAdd(factor, x.v[v], sum.v[v]);
}

template <class T, std::size_t kVectors>
HWY_ATTR HWY_INLINE void add_squares(const Points<T, kVectors>& x, Points<T, kVectors>& sum) {
  HWY_UNROLL(4) for (std::size_t v = 0; v < kVectors; ++v) sum.v[v] = hn::MulAdd(x.v[v], x.v[v], sum.v[v]);
}

template <class T, std::size_t kVectors>
HWY_ATTR HWY_INLINE Points<T, kVectors> zero() {
  Points<T, kVectors> x;
  HWY_UNROLL(4) for (std::size_t v = 0; v < kVectors; ++v) x.v[v] = set<T>(0);
  return x;
}

// y = one strip of the factor times centred rows; column(c) gives their feature c. The strip's columns before
// its triangle, then the triangle column by column, as RowModel packs them.
template <class T, std::size_t kVectors, std::size_t kRows, class Column>
HWY_ATTR HWY_INLINE void multiply_strip(const T* HWY_RESTRICT w, std::size_t n_before, const Column& column,
                                        Points<T, kVectors> (&y)[kRows]) {
  HWY_UNROLL(8) for (std::size_t r = 0; r < kRows; ++r) y[r] = zero<T, kVectors>();
  for (std::size_t c = 0; c < n_before; ++c, w += kRows) {
    const Points<T, kVectors> x = column(c);
    HWY_UNROLL(8) for (std::size_t r = 0; r < kRows; ++r) multiply_add(set<T>(w[r]), x, y[r]);
  }
  HWY_UNROLL(8) for (std::size_t c = 0; c < kRows; ++c) {
    const Points<T, kVectors> x = column(n_before + c);
    HWY_UNROLL(8) for (std::size_t r = c; r < kRows; ++r) multiply_add(set<T>(*w++), x, y[r]);
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
template <class T, std::size_t kFeatures, class X>
HWY_ATTR HWY_INLINE void whiten_one_strip(const Operands<T>& operands, std::size_t k, const T* HWY_RESTRICT factor,
                                          const Block& block, const X* HWY_RESTRICT x, X* HWY_RESTRICT out) {
  constexpr std::size_t kSums = kManyRegisters ? 24 : 12;
  constexpr std::size_t kVectors = 4 * kFeatures <= kSums ? 4 : 2 * kFeatures <= kSums ? 2 : 1;
  for (std::size_t i = 0; i < block.n_padded; i += kVectors * kLanes<T>) {
    Points<T, kVectors> y[kFeatures];
    const auto column = [&](std::size_t c) HWY_ATTR {
      return centred<T, kVectors>(x + c * block.stride + i, Centre<T>(operands.means, k * kFeatures + c));
    };
    multiply_strip(factor, 0, column, y);
    Points<T, kVectors> sum = zero<T, kVectors>();
    HWY_UNROLL(8) for (std::size_t r = 0; r < kFeatures; ++r) add_squares(y[r], sum);
    store_capped(sum, out + i);
  }
}

// Hands each strip's y = W (x - mean) of one vector group of rows to use(first row of the strip, y).
template <class T, class X, class Use>
HWY_ATTR HWY_INLINE void for_each_strip(const T* factor, const Coordinates<T>& means, std::size_t k, const Block& block,
                                        std::size_t n_features, const X* HWY_RESTRICT x, T* HWY_RESTRICT scratch,
                                        const Use& use) {
  constexpr std::size_t kRowsAtOnce = kStripVectors * kLanes<T>;
  for (std::size_t c = 0; c < n_features; ++c) {
    const Centre<T> mean(means, k * n_features + c);
    store_points(centred<T, kStripVectors>(x + c * block.stride, mean), scratch + c * kRowsAtOnce);
  }
  const auto column = [&](std::size_t c) HWY_ATTR { return load_points<T, kStripVectors>(scratch + c * kRowsAtOnce); };
  const std::size_t n_strips = strip_count(n_features);
  for (std::size_t s = 0; s < n_strips; ++s) {
    const std::size_t first = strip_begin(s, n_features);
    const std::size_t rows = strip_begin(s + 1, n_features) - first;
    with_rows(rows, [&](auto constant) HWY_ATTR {
      constexpr std::size_t kRows = decltype(constant)::value;
      Points<T, kStripVectors> y[kRows];
      multiply_strip(factor, first, column, y);
      use(first, y);
    });
    factor += strip_size(first, rows);
  }
}

template <class T, class X>
HWY_ATTR HWY_INLINE void whiten_strips(const Operands<T>& operands, std::size_t k, const T* factor,
                                       std::size_t n_features, const Block& block, const X* HWY_RESTRICT x,
                                       X* HWY_RESTRICT out, T* HWY_RESTRICT scratch) {
  for (std::size_t i = 0; i < block.n_padded; i += kStripVectors * kLanes<T>) {
    auto sum = zero<T, kStripVectors>();
    for_each_strip(factor, operands.means, k, block, n_features, x + i, scratch,
                   [&](std::size_t /*first*/, const auto& y) HWY_ATTR {
                     HWY_UNROLL(8) for (const auto& y_r : y) add_squares(y_r, sum);
                   });
    store_capped(sum, out + i);
  }
}

// One component, in lanes of T.
template <class T, class X>
HWY_ATTR HWY_INLINE void whiten_component(const LaneModel& model, std::size_t k, const Block& block,
                                          const X* HWY_RESTRICT x, X* HWY_RESTRICT out, X* HWY_RESTRICT scratch) {
  const Operands<T>& operands = model.in<T>();
  const T* factor = model.factor<T>(k);
  out += k * block.stride;
  if (model.n_features() > kOneStripRows) {
    return whiten_strips(operands, k, factor, model.n_features(), block, x, out, reinterpret_cast<T*>(scratch));
  }
  with_rows(model.n_features(), [&](auto constant) HWY_ATTR {
    whiten_one_strip<T, decltype(constant)::value>(operands, k, factor, block, x, out);
  });
}

template <class X>
HWY_ATTR HWY_INLINE void whiten_triangular(const LaneModel& model, const Block& block, const X* HWY_RESTRICT x,
                                           X* HWY_RESTRICT out, X* HWY_RESTRICT scratch) {
  for (std::size_t k = 0; k < model.n_components(); ++k) {
    if (takes_long(model.n_features())) check_interrupted();
    if (model.promoted()[k]) {
      whiten_component<double>(model, k, block, x, out, scratch);
    } else {
      whiten_component<X>(model, k, block, x, out, scratch);
    }
  }
}

// Squared distances of rows to components k .. k + kCount - 1, which share the loads of the rows. A diagonal factor
// scales each feature, a spherical one the sum.
template <class X, std::size_t kCount, bool kDiagonal>
HWY_ATTR HWY_INLINE void distances(const LaneModel& model, const Coordinates<X>& means, std::size_t k,
                                   const Block& block, const X* HWY_RESTRICT x, X* HWY_RESTRICT out) {
  const std::size_t n_features = model.n_features();
  const X* factors[kCount];
  for (std::size_t j = 0; j < kCount; ++j) factors[j] = model.factor<X>(k + j);
  for (std::size_t i = 0; i < block.n_padded; i += kFeatureVectors * kLanes<X>) {
    Points<X, kFeatureVectors> sum[kCount];
    HWY_UNROLL(4) for (std::size_t j = 0; j < kCount; ++j) sum[j] = zero<X, kFeatureVectors>();
    for (std::size_t c = 0; c < n_features; ++c) {
      const auto row = load_points<X, kFeatureVectors>(x + c * block.stride + i);
      HWY_UNROLL(4) for (std::size_t j = 0; j < kCount; ++j) {
        const Centre<X> mean(means, (k + j) * n_features + c);
        HWY_UNROLL(4) for (std::size_t v = 0; v < kFeatureVectors; ++v) {
          V<X> y = mean.from(row.v[v]);
          if (kDiagonal) y = hn::Mul(y, set<X>(factors[j][c]));
          sum[j].v[v] = hn::MulAdd(y, y, sum[j].v[v]);
        }
      }
    }
    HWY_UNROLL(4) for (std::size_t j = 0; j < kCount; ++j) {
      if (model.form() == FactorForm::spherical) {
        const V<X> scale = set<X>(*factors[j]);
        HWY_UNROLL(4) for (V<X>& m2 : sum[j].v) m2 = hn::Mul(hn::Mul(m2, scale), scale);
      }
      store_capped(sum[j], out + (k + j) * block.stride + i);
    }
  }
}

template <class X, bool kDiagonal>
HWY_ATTR HWY_INLINE void all_distances(const LaneModel& model, const Coordinates<X>& means, const Block& block,
                                       const X* HWY_RESTRICT x, X* HWY_RESTRICT out) {
  std::size_t k = 0;
  for (; k + 2 <= model.n_components(); k += 2) distances<X, 2, kDiagonal>(model, means, k, block, x, out);
  if (k < model.n_components()) distances<X, 1, kDiagonal>(model, means, k, block, x, out);
}

// A shared factor whitens a row once; what is left are Euclidean distances to whitened means.
template <class X>
HWY_ATTR HWY_INLINE void whiten_tied(const LaneModel& model, const Block& block, const X* HWY_RESTRICT x,
                                     X* HWY_RESTRICT out, X* HWY_RESTRICT scratch) {
  X* whitened = scratch + model.n_features() * kPad<X>;
  for (std::size_t i = 0; i < block.n_padded; i += kStripVectors * kLanes<X>) {
    for_each_strip(model.factor<X>(0), model.in<X>().centre, 0, block, model.n_features(), x + i, scratch,
                   [&](std::size_t first, const auto& y) HWY_ATTR {
                     X* row = whitened + first * block.stride + i;
                     for (const auto& y_r : y) {
                       store_points(y_r, row);
                       row += block.stride;
                     }
                   });
  }
  all_distances<X, false>(model, model.in<X>().whitened_means, block, whitened, out);
}

template <class X>
HWY_ATTR HWY_INLINE void whiten_block(const LaneModel& model, const Block& block, const X* HWY_RESTRICT x,
                                      X* HWY_RESTRICT out, X* HWY_RESTRICT scratch) {
  static_assert(kStripVectors * kLanes<X> <= kPad<X> && kFeatureVectors * kLanes<X> <= kPad<X>);
  switch (model.form()) {
    case FactorForm::spherical: return all_distances<X, false>(model, model.in<X>().means, block, x, out);
    case FactorForm::diagonal: return all_distances<X, true>(model, model.in<X>().means, block, x, out);
    case FactorForm::tied_triangular: return whiten_tied(model, block, x, out, scratch);
    case FactorForm::triangular: return whiten_triangular(model, block, x, out, scratch);
  }
}

HWY_ATTR void whiten_double(const LaneModel& model, const Block& block, const double* x, double* out, double* scratch) {
  whiten_block(model, block, x, out, scratch);
}
HWY_ATTR void whiten_float(const LaneModel& model, const Block& block, const float* x, float* out, float* scratch) {
  whiten_block(model, block, x, out, scratch);
}

}  // namespace mogul::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mogul::cpu {

HWY_EXPORT(whiten_double);
HWY_EXPORT(whiten_float);

// A group of centred rows, and, where the factor is shared, the whitened block.
std::size_t whiten_scratch(FactorForm form, std::size_t n_features, std::size_t stride) {
  switch (form) {
    case FactorForm::triangular: return n_features * kPad<float>;
    case FactorForm::tied_triangular: return n_features * (kPad<float> + stride);
    case FactorForm::diagonal:
    case FactorForm::spherical: break;
  }
  return 0;
}

template <>
void whiten(const LaneModel& model, const Block& block, const double* x, double* out, double* scratch) {
  HWY_DYNAMIC_DISPATCH(whiten_double)(model, block, x, out, scratch);
}
template <>
void whiten(const LaneModel& model, const Block& block, const float* x, float* out, float* scratch) {
  HWY_DYNAMIC_DISPATCH(whiten_float)(model, block, x, out, scratch);
}

}  // namespace mogul::cpu
#endif
