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
inline constexpr std::size_t kPad = 32;

/// Geometry of one block: `stride` (a multiple of 16) elements lie between features or components.
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
/// @param scratch  whiten_scratch(D, stride) elements
/// @error          |out - exact| <= 8 D eps cond(L_k) out, from the product with the triangular inverse. Tied
///                 triangular: plus 8 D eps cond(L) |W (x - centre)| sqrt(out), as rows are whitened about one centre
/// @cost           n K D^2 flops triangular, n (D^2 + 3 K D) tied triangular, 4 n K D diagonal, 3 n K D spherical
void whiten(const PreparedModel& model, const Block& block, const double* x, double* out, double* scratch);
std::size_t whiten_scratch(std::size_t n_features, std::size_t stride);

/// Sums over the rows of a block, times their weights.
struct BlockSums {
  double log_likelihood = 0;
  double entropy = 0;
  double map_log_likelihood = 0;
};

/// What the distances of a block's rows say of them.
struct Posterior {
  double* h;            ///< (K, stride), exp((q_k - max q) / 2); 0 below exp(-350)
  double* reciprocal;   ///< (stride), 1 / sum_k h^2: the responsibility is r = h^2 reciprocal
  double* nearest;      ///< (stride), the squared distance to the component of the largest q
  double* log_density;  ///< (stride), log sum_k exp q_k
};

/// Log-sum-exp over the components, shifted by the maximum, of q[k,i] = log_constants[k] - m2[k,i] / 2.
///
/// The square root h of the responsibility is what accumulate() needs. Where hard, h is the one-hot vector of the first
/// largest q, reciprocal is 1 and log_density the largest q.
/// @param m2   (K, stride) from whiten()
/// @param out  overwritten up to n_padded; out.h may be m2 itself
/// @error      4 ulp of exp and log
BlockSums normalise(std::span<const double> log_constants, const Block& block, Assignment assignment, const double* w,
                    const double* m2, const Posterior& out);

/// Adds a block's moments about stats.shift, with responsibilities r = h^2 reciprocal and weights w, to stats.
///
/// Second moments are the Gram matrix of sqrt(w r) (x - shift). Where most rows have r < 2^-64 for a component, and all
/// of these together do not change its N_k in double precision, only the others are added; rows far from every
/// component (nearest > 100 + 4 D) always are. Pooled second moments are not this kernel's but accumulate_pooled()'s.
/// @param x        (D, stride) panel
/// @param scratch  accumulate_scratch(D, stride) elements
/// @cost           n K D^2 flops full, 5 n K D diagonal and spherical, 3 n K D pooled
void accumulate(const Block& block, const double* x, const double* w, const Posterior& posterior, double* scratch,
                Stats& stats);
std::size_t accumulate_scratch(std::size_t n_features, std::size_t stride);

/// Adds sum w (x - centre)(x - centre)^T, the second moment of all components together about one centre, to a packed
/// lower triangle.
/// @param scratch  accumulate_scratch(D, stride) elements
/// @cost           n D^2 flops, whatever K
void accumulate_pooled(const Block& block, const double* x, const double* w, std::span<const double> centre,
                       double* scratch, std::span<double> second);

}  // namespace mogul::cpu
