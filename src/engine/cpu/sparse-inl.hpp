// Moments of the few rows of a block that count for a component. Lanes are features: there is nothing to be summed over
// lanes, which is most of the work where rows are few. Compiled once per instruction set.

#if defined(MOGUL_SPARSE_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef MOGUL_SPARSE_INL_HPP
#undef MOGUL_SPARSE_INL_HPP
#else
#define MOGUL_SPARSE_INL_HPP
#endif

#include <algorithm>
#include <cstdint>
#include <span>

#include "engine/cpu/kernels.hpp"
#include "engine/cpu/vector-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace mogul::cpu::HWY_NAMESPACE {

constexpr std::size_t kSparseRows = kManyRegisters ? 8 : 4;  // of the Gram matrix, at a time

/// Rows one after the other: feature c of row i at z + i * stride + c, zero from D up to the stride.
template <class T>
struct FewRows {
  T* z;
  std::size_t n;
  std::size_t stride;
};

/// The stride for D features.
template <class T>
constexpr std::size_t few_rows_stride(std::size_t n_features) {
  return hwy::RoundUpTo(n_features, std::max(kLanes<T>, kSparseRows));
}

/// Takes rows out of a block's panel.
template <class T, class X>
HWY_ATTR HWY_INLINE FewRows<T> take_rows(const X* HWY_RESTRICT x, const Block& block, std::size_t n_features,
                                         std::span<const std::uint32_t> active, T* HWY_RESTRICT z) {
  const std::size_t stride = few_rows_stride<T>(n_features);
  for (std::size_t i = 0; i < active.size(); ++i) {
    T* HWY_RESTRICT row = z + i * stride;
    const X* HWY_RESTRICT from = x + active[i];
    for (std::size_t c = 0; c < n_features; ++c) row[c] = from[c * block.stride];
    std::fill(row + n_features, row + stride, T{0});
  }
  return {z, active.size(), stride};
}

/// z = root (x - shift) in place, and for the features of each vector use(feature, sum root z, sum z^2).
template <class T, class Use>
HWY_ATTR HWY_INLINE void scale_rows(const FewRows<T>& rows, const T* HWY_RESTRICT roots, std::span<const double> shift,
                                    const Use& use) {
  for (std::size_t c = 0; c < shift.size(); c += kLanes<T>) {
    const Centre<T> mean(shift, c);
    V<T> first = set<T>(0);
    V<T> second = set<T>(0);
    for (std::size_t i = 0; i < rows.n; ++i) {
      T* HWY_RESTRICT at = rows.z + i * rows.stride + c;
      const V<T> root = hn::Set(Tag<T>(), roots[i]);
      const V<T> z = hn::Mul(mean.from(load<T>(at)), root);
      store<T>(z, at);
      first = hn::MulAdd(z, root, first);
      second = hn::MulAdd(z, z, second);
    }
    HWY_ALIGN T sums[2][kLanes<T>];
    store<T>(first, sums[0]);
    store<T>(second, sums[1]);
    for (std::size_t v = 0; v < std::min(kLanes<T>, shift.size() - c); ++v) use(c + v, sums[0][v], sums[1][v]);
  }
}

/// Adds rows `row` .. row + kSparseRows - 1 and columns col .. of Z^T Z to its packed lower triangle.
template <std::size_t kVectors, class T>
HWY_ATTR HWY_INLINE void add_sparse_tile(const FewRows<T>& rows, std::size_t n_features, std::size_t row,
                                         std::size_t col, std::span<double> packed) {
  constexpr std::size_t kCols = kVectors * kLanes<T>;
  V<T> sums[kSparseRows][kVectors];
  HWY_UNROLL(8) for (auto& sum : sums) { HWY_UNROLL(2) for (V<T>& vector : sum) vector = set<T>(0); }
  const T* HWY_RESTRICT z = rows.z;
  for (std::size_t i = 0; i < rows.n; ++i, z += rows.stride) {
    HWY_UNROLL(2) for (std::size_t v = 0; v < kVectors; ++v) {
      const V<T> right = load<T>(z + col + v * kLanes<T>);
      HWY_UNROLL(8) for (std::size_t r = 0; r < kSparseRows; ++r) {
        sums[r][v] = hn::MulAdd(hn::Set(Tag<T>(), z[row + r]), right, sums[r][v]);
      }
    }
  }
  HWY_ALIGN T out[kSparseRows][kCols];
  HWY_UNROLL(8) for (std::size_t r = 0; r < kSparseRows; ++r) {
    HWY_UNROLL(2) for (std::size_t v = 0; v < kVectors; ++v) store<T>(sums[r][v], out[r] + v * kLanes<T>);
  }
  for (std::size_t r = row; r < std::min(row + kSparseRows, n_features); ++r) {
    double* HWY_RESTRICT to = packed.data() + r * (r + 1) / 2 + col;
    const std::size_t n_cols = std::min(kCols, r + 1 - std::min(col, r + 1));
    for (std::size_t c = 0; c < n_cols; ++c) to[c] += out[r - row][c];
  }
}

/// Adds Z^T Z to a packed lower triangle: row i at i (i + 1) / 2.
/// @cost  n D^2 flops
template <class T>
HWY_ATTR HWY_INLINE void add_sparse_gram(const FewRows<T>& rows, std::size_t n_features, std::span<double> packed) {
  for (std::size_t row = 0; row < n_features; row += kSparseRows) {
    const std::size_t last = std::min(row + kSparseRows, n_features) - 1;
    std::size_t col = 0;
    for (; col + kLanes<T> <= last; col += 2 * kLanes<T>) add_sparse_tile<2>(rows, n_features, row, col, packed);
    if (col <= last) add_sparse_tile<1>(rows, n_features, row, col, packed);
  }
}

/// Adds the moments of the active rows to component k's, in lanes of T.
/// @param scratch  few_rows_stride(D) + 1 elements per active row
template <class T, class X>
HWY_ATTR HWY_INLINE void add_sparse(const Block& block, const X* HWY_RESTRICT x, const X* HWY_RESTRICT root,
                                    std::span<const std::uint32_t> active, std::size_t k, T* HWY_RESTRICT scratch,
                                    Stats& stats) {
  const std::size_t n_features = stats.n_features();
  const FewRows<T> rows = take_rows(x, block, n_features, active, scratch);
  T* roots = scratch + rows.n * rows.stride;
  for (std::size_t i = 0; i < rows.n; ++i) roots[i] = root[active[i]];
  scale_rows(rows, roots, stats.shift.row(k), [&](std::size_t c, T first, T second) HWY_ATTR {
    stats.first(k, c) += first;
    if (stats.moments == Moments::diagonal) stats.second(k, c) += second;
    if (stats.moments == Moments::spherical) stats.second(k, 0) += second;
  });
  if (stats.moments == Moments::full) add_sparse_gram(rows, n_features, stats.second.row(k));
}

}  // namespace mogul::cpu::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
