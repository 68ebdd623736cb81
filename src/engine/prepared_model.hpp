// A mixture laid out for the kernels: whitening factors packed by strips of rows, constants of the log-density.
// Made once per pass, or once for all passes that visit single rows; the only form of the model that kernels see.
#pragma once

#include <cstddef>
#include <span>
#include <type_traits>
#include <vector>

#include "engine/engine.hpp"
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

/// Float lanes are for covariances whose correlations inflate no variance more than this, for standard deviations that
/// are not smaller than 1 / kLargestFloatFactor, and for whitened means up to kMaxFloatWhitenedMean.
inline constexpr double kMaxFloatInflation = 1e4;
inline constexpr double kLargestFloatFactor = 1e12;
inline constexpr double kMaxFloatWhitenedMean = 8;

/// What a whitening factor W_k = L_k^-1 looks like.
enum class FactorForm {
  triangular,       ///< one per component
  tied_triangular,  ///< one for all, and kMaxWhitenedMean holds: rows are whitened once
  diagonal,
  spherical,
};

/// x less what it is as a float. Out of line, because gcc 12 vectorises two of these and then takes float(x) for x.
float lost_by_float(double x);

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

  /// The whitening factors, one after the other; components share them where the family is tied.
  /// Spherical: the reciprocal of the standard deviation. Diagonal: D of them. Triangular: strip by strip, each
  /// column by column, the strip's rows side by side, nothing above the diagonal.
  std::vector<T> factors;

  /// Tied triangular: |W (x - centre) - whitened_means_k|^2 is the squared distance as well.
  Coordinates<T> centre;          ///< (D), halfway between the smallest and the largest mean
  Coordinates<T> whitened_means;  ///< (K, D), W (mu_k - centre)
};

/// For component k: |W_k (x - mu_k)|^2 is the squared Mahalanobis distance, W_k = L_k^-1.
struct PreparedModel {
  /// @param lanes  float32 is a wish, which a model that float cannot hold is not granted
  explicit PreparedModel(const Mixture& model, Lanes lanes = Lanes::float64);

  std::size_t n_components;
  std::size_t n_features;
  FactorForm form;
  Lanes lanes;

  /// (K), log pi_k - (D log 2pi + log|Sigma_k|) / 2, less the largest of them, which float lanes thereby lose nothing
  /// of.
  std::vector<double> log_constants;
  double largest_log_constant;

  std::size_t factor_stride = 0;  ///< from the factor of one component to the next; 0 where tied
  std::vector<char> promoted;     ///< (K), 1 if computed in double because float would lose too much
  Operands<double> in_double;
  Operands<float> in_float;  ///< empty for Lanes::float64

  template <class T>
  const Operands<T>& in() const {
    if constexpr (std::is_same_v<T, float>)
      return in_float;
    else
      return in_double;
  }
  template <class T>
  const T* factor(std::size_t component) const {
    return in<T>().factors.data() + component * factor_stride;
  }

 private:
  void share_whitening(const Matrix& w, const Matrix& all_means);
};

/// In double lanes; kept with the mixture, as it takes longer than a pass over a few rows.
const PreparedModel& prepared(const Mixture& model);

/// log N at the mean: -(D log 2pi + log|Sigma_k|) / 2.
double log_normaliser(const Mixture& model, std::size_t component);

}  // namespace mogul
