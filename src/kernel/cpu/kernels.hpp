// The CPU kernels of one pass, in the order in which a block of rows meets them:
//
//   transpose -> whiten -> normalise -> accumulate
//
// A block is a panel: feature-major, feature d of the block's rows at x + d * stride. The kernels
// are compiled for several instruction sets and chosen at run time; no SIMD type appears here.
#pragma once

#include <cstddef>
#include <span>

#include "kernel/engine.hpp"
#include "kernel/prepared_model.hpp"

namespace mogul::cpu {

/// Rows of a panel are padded to a multiple of this, so that every instruction set runs whole vectors.
inline constexpr std::size_t kPad = 16;

/// Geometry of one block: `stride` (a multiple of kPad) elements lie between features or components.
struct Block {
  std::size_t first_row;
  std::size_t n_rows;
  std::size_t n_padded;  ///< n_rows rounded up to kPad; the padding rows are zero and have weight zero
  std::size_t stride;
};

/// Copies rows into a feature-major panel, converting to double, and their weights.
/// @param x  (D, stride), overwritten up to n_padded
/// @param w  (stride), likewise
void transpose(const DataView& data, const Block& block, double* x, double* w);

/// Squared Mahalanobis distance of each row under each component, capped at 1e300.
///
///   out[k,i] = |W_k (x_i - mu_k)|^2
///
/// @param x        (D, stride) panel
/// @param out      (K, stride), overwritten up to n_padded
/// @param scratch  whiten_scratch(D) elements
/// @error          |out - exact| <= 8 D eps cond(L_k) out, from the product with the triangular inverse
/// @cost           n K D^2 flops triangular, 3 n K D diagonal
void whiten(const PreparedModel& model, const Block& block, const double* x, double* out, double* scratch);
std::size_t whiten_scratch(std::size_t n_features);

/// Sums over the rows of a block, times their weights.
struct BlockSums {
  double log_likelihood = 0;
  double entropy = 0;
  double map_log_likelihood = 0;
};

/// Log-sum-exp over the components, shifted by the maximum.
///
///   q[k,i] = log_constants[k] - m2[k,i] / 2,  log_density[i] = log sum_k exp q[k,i],
///   r[k,i] = exp(q[k,i] - log_density[i]), or the one-hot vector of the first largest q where hard
///
/// @param m2           (K, stride) from whiten()
/// @param r            (K, stride), overwritten up to n_padded; may be m2 itself. Below 1e-304 it is 0.
/// @param log_density  (stride), overwritten up to n_padded
/// @error              4 ulp of exp and log
BlockSums normalise(std::span<const double> log_constants, const Block& block, Assignment assignment, const double* w,
                    const double* m2, double* r, double* log_density);

/// Adds a block's moments about stats.shift, with responsibilities r and weights w, to stats.
///
/// Second moments as the Gram matrix of sqrt(w r) [x - shift; 1], whose last row holds n and the first
/// moments as well.
/// @param x        (D, stride) panel
/// @param r        (K, stride)
/// @param scratch  accumulate_scratch(D, stride) elements
/// @cost           n K D^2 flops full, 5 n K D diagonal
void accumulate(const Block& block, const double* x, const double* w, const double* r, double* scratch, Stats& stats);
std::size_t accumulate_scratch(std::size_t n_features, std::size_t stride);

}  // namespace mogul::cpu
