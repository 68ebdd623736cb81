// Fourth kernel: a block's rows, shared out by their responsibilities, are added to the statistics.
// Lanes are rows.

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernel/cpu/accumulate.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
#include <hwy/highway.h>

#include "kernel/cpu/kernels.hpp"

HWY_BEFORE_NAMESPACE();
namespace mogul::cpu::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<double>;
using V = hn::Vec<D>;
constexpr D d;

constexpr std::size_t kGramRows = 4;  // a tile of 4 x 2 products: eight independent sums
constexpr std::size_t kGramCols = 2;

HWY_ATTR HWY_INLINE double total(V v) { return hn::GetLane(hn::SumOfLanes(d, v)); }

// z = sqrt(w r) [x - shift; 1], padded with zero rows to a multiple of kGramRows.
HWY_ATTR HWY_INLINE void scale_rows(const Block& block, std::size_t n_features, const double* HWY_RESTRICT x,
                                    const double* HWY_RESTRICT w, const double* HWY_RESTRICT r,
                                    const double* HWY_RESTRICT shift, double* HWY_RESTRICT z) {
  double* root = z + n_features * block.stride;
  for (std::size_t i = 0; i < block.n_padded; i += hn::Lanes(d)) {
    hn::Store(hn::Sqrt(hn::Mul(hn::Load(d, w + i), hn::Load(d, r + i))), d, root + i);
  }
  for (std::size_t c = 0; c < n_features; ++c) {
    const V mu = hn::Set(d, shift[c]);
    for (std::size_t i = 0; i < block.n_padded; i += hn::Lanes(d)) {
      const V centred = hn::Sub(hn::Load(d, x + c * block.stride + i), mu);
      hn::Store(hn::Mul(centred, hn::Load(d, root + i)), d, z + c * block.stride + i);
    }
  }
  const std::size_t n_rows = hwy::RoundUpTo(n_features + 1, kGramRows);
  for (std::size_t c = n_features + 1; c < n_rows; ++c) {
    for (std::size_t i = 0; i < block.n_padded; i += hn::Lanes(d)) hn::Store(hn::Zero(d), d, z + c * block.stride + i);
  }
}

// One tile of Z Z^T, rows row0.. and columns col0.. of z.
HWY_ATTR HWY_INLINE void gram_tile(const Block& block, const double* HWY_RESTRICT z, std::size_t row0, std::size_t col0,
                                   double out[kGramRows][kGramCols]) {
  V sums[kGramRows][kGramCols];
  for (auto& row : sums) {
    for (V& sum : row) sum = hn::Zero(d);
  }
  for (std::size_t i = 0; i < block.n_padded; i += hn::Lanes(d)) {
    V cols[kGramCols];
    for (std::size_t c = 0; c < kGramCols; ++c) cols[c] = hn::Load(d, z + (col0 + c) * block.stride + i);
    for (std::size_t r = 0; r < kGramRows; ++r) {
      const V row = hn::Load(d, z + (row0 + r) * block.stride + i);
      for (std::size_t c = 0; c < kGramCols; ++c) sums[r][c] = hn::MulAdd(row, cols[c], sums[r][c]);
    }
  }
  for (std::size_t r = 0; r < kGramRows; ++r) {
    for (std::size_t c = 0; c < kGramCols; ++c) out[r][c] = total(sums[r][c]);
  }
}

// The lower triangle of the Gram matrix: rows 0..D-1 are the second moment, row D the first and n.
HWY_ATTR HWY_INLINE void add_full(const Block& block, const double* HWY_RESTRICT z, std::size_t k, Stats& stats) {
  const std::size_t n_features = stats.n_features();
  const auto second = stats.second.row(k);
  const auto first = stats.first.row(k);
  for (std::size_t row0 = 0; row0 <= n_features; row0 += kGramRows) {
    for (std::size_t col0 = 0; col0 < row0 + kGramRows && col0 <= n_features; col0 += kGramCols) {
      double tile[kGramRows][kGramCols];
      gram_tile(block, z, row0, col0, tile);
      for (std::size_t i = row0; i < row0 + kGramRows; ++i) {
        for (std::size_t j = col0; j < col0 + kGramCols && j <= i; ++j) {
          const double value = tile[i - row0][j - col0];
          if (i < n_features) second[i * (i + 1) / 2 + j] += value;
          if (i == n_features && j < n_features) first[j] += value;
          if (i == n_features && j == n_features) stats.n[k] += value;
        }
      }
    }
  }
}

struct FeatureSums {
  double first, second;
};

// sum a (x - mu) and sum a (x - mu)^2 of one feature; two vectors at a time hide the adds' latency.
HWY_ATTR HWY_INLINE FeatureSums feature_sums(const Block& block, const double* HWY_RESTRICT x,
                                             const double* HWY_RESTRICT a, double shift) {
  const V mu = hn::Set(d, shift);
  const std::size_t lanes = hn::Lanes(d);
  V first[2] = {hn::Zero(d), hn::Zero(d)};
  V second[2] = {hn::Zero(d), hn::Zero(d)};
  for (std::size_t i = 0; i < block.n_padded; i += 2 * lanes) {
    for (std::size_t half = 0; half < 2; ++half) {
      const V centred = hn::Sub(hn::Load(d, x + i + half * lanes), mu);
      const V weighted = hn::Mul(hn::Load(d, a + i + half * lanes), centred);
      first[half] = hn::Add(first[half], weighted);
      second[half] = hn::MulAdd(weighted, centred, second[half]);
    }
  }
  return {total(hn::Add(first[0], first[1])), total(hn::Add(second[0], second[1]))};
}

HWY_ATTR HWY_INLINE void add_features(const Block& block, const double* HWY_RESTRICT x, const double* HWY_RESTRICT a,
                                      std::size_t k, Stats& stats) {
  for (std::size_t c = 0; c < stats.n_features(); ++c) {
    const FeatureSums sums = feature_sums(block, x + c * block.stride, a, stats.shift(k, c));
    stats.first(k, c) += sums.first;
    if (stats.moments == Moments::diagonal) stats.second(k, c) += sums.second;
    if (stats.moments == Moments::spherical) stats.second(k, 0) += sums.second;
  }
}

// a = w r, and its sum.
HWY_ATTR HWY_INLINE double weigh(const Block& block, const double* HWY_RESTRICT w, const double* HWY_RESTRICT r,
                                 double* HWY_RESTRICT a) {
  V sum = hn::Zero(d);
  for (std::size_t i = 0; i < block.n_padded; i += hn::Lanes(d)) {
    const V product = hn::Mul(hn::Load(d, w + i), hn::Load(d, r + i));
    hn::Store(product, d, a + i);
    sum = hn::Add(sum, product);
  }
  return total(sum);
}

HWY_ATTR void accumulate(const Block& block, const double* HWY_RESTRICT x, const double* HWY_RESTRICT w,
                         const double* HWY_RESTRICT r, double* HWY_RESTRICT scratch, Stats& stats) {
  for (std::size_t k = 0; k < stats.n_components(); ++k) {
    const double* r_k = r + k * block.stride;
    if (stats.moments == Moments::full) {
      scale_rows(block, stats.n_features(), x, w, r_k, stats.shift.row(k).data(), scratch);
      add_full(block, scratch, k, stats);
      continue;
    }
    stats.n[k] += weigh(block, w, r_k, scratch);
    if (stats.moments != Moments::none) add_features(block, x, scratch, k, stats);
  }
}

}  // namespace mogul::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mogul::cpu {

HWY_EXPORT(accumulate);

void accumulate(const Block& block, const double* x, const double* w, const double* r, double* scratch, Stats& stats) {
  HWY_DYNAMIC_DISPATCH(accumulate)(block, x, w, r, scratch, stats);
}

std::size_t accumulate_scratch(std::size_t n_features, std::size_t stride) { return (n_features + kPad) * stride; }

}  // namespace mogul::cpu
#endif
