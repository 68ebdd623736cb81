// A mixture laid out for the kernels: whitening factors packed by strips of rows, constants of the log-density.
// Made once per pass; the only form of the model that kernels see.
#pragma once

#include <cstddef>
#include <vector>

#include "mogul/mixture.hpp"
#include "mogul/stats.hpp"

namespace mogul {

/// Rows of a triangular factor are cut into strips, which a kernel works on at once: of at most kStripRows rows, but a
/// factor of up to kOneStripRows rows is left whole.
inline constexpr std::size_t kStripRows = 6;
inline constexpr std::size_t kOneStripRows = 8;

/// The strips are as equal as can be: strip s is rows strip_begin(s, D) .. strip_begin(s + 1, D) - 1.
inline std::size_t strip_count(std::size_t n_features) {
  return n_features <= kOneStripRows ? 1 : (n_features + kStripRows - 1) / kStripRows;
}
inline std::size_t strip_begin(std::size_t strip, std::size_t n_features) {
  return strip * n_features / strip_count(n_features);
}
/// Elements of a packed strip: a rectangle of the columns before its first row, then a triangle.
inline std::size_t strip_size(std::size_t first_row, std::size_t n_rows) {
  return first_row * n_rows + n_rows * (n_rows + 1) / 2;
}

/// What any coordinate of a whitened mean may be added up from, in absolute values: it is what rounding is relative to,
/// its square in second moments. Where it is larger, as means are far apart or the shared covariance is nearly
/// singular, every component whitens for itself.
inline constexpr double kMaxWhitenedMean = 64;

/// What a whitening factor W_k = L_k^-1 looks like.
enum class FactorForm {
  triangular,       ///< one per component
  tied_triangular,  ///< one for all, and kMaxWhitenedMean holds: rows are whitened once
  diagonal,
  spherical,
};

/// For component k: |W_k (x - mu_k)|^2 is the squared Mahalanobis distance, W_k = L_k^-1.
struct PreparedModel {
  explicit PreparedModel(const Mixture& model);

  std::size_t n_components;
  std::size_t n_features;
  FactorForm form;
  const double* means;                ///< (K, D), borrowed from the mixture
  std::vector<double> log_constants;  ///< (K), log pi_k - (D log 2pi + log|Sigma_k|) / 2

  /// The whitening factors, one after the other; components share them where the structure is tied.
  /// Spherical: the reciprocal of the standard deviation. Diagonal: D of them. Triangular: strip by strip, each
  /// column by column, the strip's rows side by side, nothing above the diagonal.
  const double* factor(std::size_t component) const { return factors.data() + component * factor_stride; }
  std::vector<double> factors;
  std::size_t factor_stride = 0;  ///< 0 where tied

  /// Tied triangular: |W (x - centre) - whitened_means_k|^2 is the squared distance as well.
  std::vector<double> centre;          ///< (D), halfway between the smallest and the largest mean
  std::vector<double> whitened_means;  ///< (K, D), W (mu_k - centre)

 private:
  void share_whitening(const Matrix& w, const Matrix& all_means);
};

/// log N at the mean: -(D log 2pi + log|Sigma_k|) / 2.
double log_normaliser(const Mixture& model, std::size_t component);

}  // namespace mogul
