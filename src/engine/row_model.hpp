// What the engine asks of a row: its distance to every component, and how the distances become a density. The only form
// of a model that engines and kernels see; free functions make it of a mixture.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "mogul/matrix.hpp"
#include "mogul/mixture.hpp"

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

/// How the distance |W_k (x - mu_k)|, W_k = L_k^-1 and Sigma_k = L_k L_k^T, is computed.
enum class FactorForm {
  triangular,       ///< by W_k
  tied_triangular,  ///< W is the same for all components, and kMaxWhitenedMean holds: rows are whitened once
  diagonal,         ///< by the reciprocals of standard deviations
  spherical,
};

/// Numbers for lanes of T. For float lanes each is split in two, of which `low` is what `high` has no room for.
template <class T>
struct Coordinates {
  Coordinates() = default;
  explicit Coordinates(std::span<const double> values);

  std::vector<T> high;
  std::vector<T> low;  ///< empty for double
};

/// What the kernels subtract and multiply by, in lanes of T.
template <class T>
struct Operands {
  Coordinates<T> means;  ///< (K, D)

  /// The factors, one after the other; components share them where the family is tied.
  /// Spherical: the reciprocal of the standard deviation. Diagonal: D of them. Triangular: W_k strip by strip, each
  /// column by column, the strip's rows side by side, nothing above the diagonal.
  std::vector<T> factors;

  /// Tied triangular: |W (x - centre) - whitened_means_k|^2 is the squared distance as well.
  Coordinates<T> centre;          ///< (D), halfway between the smallest and the largest mean
  Coordinates<T> whitened_means;  ///< (K, D), W (mu_k - centre)
};

struct RowModel {
  std::size_t n_components;
  std::size_t n_features;
  FactorForm form;

  /// (K), log pi_k - (D log 2pi + log|Sigma_k|) / 2, less the largest of them, which float lanes thereby lose nothing
  /// of.
  std::vector<double> log_constants;
  double largest_log_constant;

  Operands<double> operands;
  std::size_t factor_stride;  ///< from the factor of one component to the next; 0 where tied

  /// What narrower lanes than double are chosen by.
  std::vector<double> inflation;     ///< (K), by how much correlations inflate the variance of a feature, at most
  double largest_whitened_mean = 0;  ///< what coordinates of whitened means are added up from; see kMaxWhitenedMean

  Matrix means() const { return {n_components, n_features, operands.means.high}; }
};

/// @cost  of a copy of the mixture
RowModel row_model(const Mixture& mixture);

/// log N at the mean: -(D log 2pi + log|Sigma_k|) / 2.
double log_normaliser(const Mixture& mixture, std::size_t component);

}  // namespace mogul
