// The CPU kernels of one pass, in the order in which a block of rows meets them:
//
//   transpose -> whiten -> normalise -> accumulate
//
// A block is a panel: feature-major, feature d of the block's rows at x + d * stride. Panels are of X: double, or float
// where the rows are float and the model allows. The kernels are compiled for several instruction sets and chosen at
// run time; no SIMD type appears here.
#pragma once

#include <cstddef>
#include <span>

#include "engine/cpu/lane_model.hpp"
#include "engine/engine.hpp"

namespace mogul::cpu {

/// Rows of a panel are padded to a multiple of this, so that every instruction set runs whole vectors.
template <class X>
inline constexpr std::size_t kPad = 256 / sizeof(X);

/// Squared distances are capped at this, so that what is computed from them is finite.
template <class X>
inline constexpr double kFarthest = sizeof(X) == 8 ? 1e300 : 1e24;

/// Geometry of one block: `stride` (a multiple of 16) elements lie between features or components.
struct Block {
  std::size_t first_row;
  std::size_t n_rows;
  std::size_t n_padded;  ///< n_rows rounded up to kPad; the padding rows are zero and have weight zero
  std::size_t stride;
};

/// Whether a block takes a component so long, some 0.1 ms, that kernels ask before each whether they are interrupted
/// (base/interruption.hpp).
constexpr bool takes_long(std::size_t n_features) { return n_features >= 32; }

/// Copies rows into a feature-major panel, converting to X, and their weights.
/// @param first  row of `data` that is the first of the block
/// @param x  (D, stride), overwritten up to n_padded
/// @param w  (stride), likewise
template <class X>
void transpose(const DataView& data, std::size_t first, const Block& block, X* x, X* w);
/// The same into float, with the centre (D) subtracted from the rows before they are rounded.
void transpose_about(std::span<const double> centre, const DataView& data, std::size_t first, const Block& block,
                     float* x, float* w);

/// Squared Mahalanobis distance of each row under each component, capped at kFarthest.
///
///   out[k,i] = |W_k (x_i - mu_k)|^2
///
/// @param x        (D, stride) panel
/// @param out      (K, stride), overwritten up to n_padded
/// @param scratch  whiten_scratch(form, D, stride) elements
/// @error          |out - exact| <= 8 D eps cond(L_k) out, from the product with the triangular inverse; eps of X, but
///                 of double for promoted components. Tied triangular: plus 8 D eps cond(L) |W (x - centre)| sqrt(out),
///                 as rows are whitened about one centre
/// @cost           n K D^2 flops triangular, n (D^2 + 3 K D) tied triangular, 4 n K D diagonal, 3 n K D
/// spherical
template <class X>
void whiten(const LaneModel& model, const Block& block, const X* x, X* out, X* scratch);
std::size_t whiten_scratch(FactorForm form, std::size_t n_features, std::size_t stride);

/// Sums over the rows of a block, times their weights.
struct BlockSums {
  double log_likelihood = 0;
  double entropy = 0;
  double map_log_likelihood = 0;
};

/// What the distances of a block's rows say of them.
template <class X>
struct Posterior {
  X* h;            ///< (K, stride), exp((q_k - max q) / 2); 0 below exp(-350), in float exp(-42)
  X* reciprocal;   ///< (stride), 1 / sum_k h^2: the responsibility is r = h^2 reciprocal
  X* nearest;      ///< (stride), the squared distance to the component of the largest q
  X* log_density;  ///< (stride), log sum_k exp q_k
};

/// Log-sum-exp over the components, shifted by the maximum, of q[k,i] = log_constants[k] - m2[k,i] / 2.
///
/// The square root h of the responsibility is what accumulate() needs. Where hard, h is the one-hot vector of the first
/// largest q, reciprocal is 1 and log_density the largest q.
/// @param log_constants  (K), in [-kFarthest, kFarthest]
/// @param m2             (K, stride) from whiten()
/// @param out            overwritten up to n_padded; out.h may be m2 itself
/// @error                4 ulp of exp and log
template <class X>
BlockSums normalise(std::span<const X> log_constants, const Block& block, Assignment assignment, const X* w,
                    const X* m2, const Posterior<X>& out);

/// Adds a block's moments about stats.shift, with responsibilities r = h^2 reciprocal and weights w, to stats.
///
/// Second moments are the Gram matrix of sqrt(w r) (x - shift), those of promoted components in double. Where most rows
/// have an r too small to count for a component (2^-60, in float 2^-32), and all of these together do not change its
/// N_k in the precision of X, only the others are added; rows far from every component (nearest > 100 + 4 D) always
/// are. Pooled second moments are not this kernel's but accumulate_pooled()'s.
/// @param x         (D, stride) panel
/// @param promoted  (K), as LaneModel's
/// @param scratch   accumulate_scratch(stats.moments, D, stride) elements
/// @cost            n K D^2 flops full, 5 n K D diagonal and spherical, 3 n K D pooled
template <class X>
void accumulate(const Block& block, const X* x, const X* w, const Posterior<X>& posterior,
                std::span<const char> promoted, X* scratch, Stats& stats);
std::size_t accumulate_scratch(Moments moments, std::size_t n_features, std::size_t stride);

/// Adds sum w (x - centre)(x - centre)^T, the second moment of all components together about one centre, in double to a
/// packed lower triangle.
/// @param scratch  accumulate_scratch(Moments::pooled, D, stride) elements
/// @cost           n D^2 flops, whatever K
template <class X>
void accumulate_pooled(const Block& block, const X* x, const X* w, std::span<const double> centre, X* scratch,
                       std::span<double> second);

}  // namespace mogul::cpu
