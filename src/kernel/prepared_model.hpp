// A mixture laid out for the kernels: whitening factors packed by row tiles, constants of the log-density.
// Made once per pass; the only form of the model that kernels see.
#pragma once

#include <cstddef>
#include <vector>

#include "mogul/mixture.hpp"
#include "mogul/stats.hpp"

namespace mogul {

/// Rows of a whitening factor that a kernel works on at once.
inline constexpr std::size_t kTileRows = 4;

/// For component k: |W_k (x - mu_k)|^2 is the squared Mahalanobis distance, W_k = L_k^-1.
struct PreparedModel {
  explicit PreparedModel(const Mixture& model);

  std::size_t n_components;
  std::size_t n_features;
  bool triangular;                    ///< W_k is lower triangular; otherwise diagonal
  const double* means;                ///< (K, D), borrowed from the mixture
  std::vector<double> log_constants;  ///< (K), log pi_k - (D log 2pi + log|Sigma_k|) / 2

  /// The whitening factors, one after the other; components share them where the structure is tied.
  /// Diagonal: D reciprocals of standard deviations. Triangular: tiles of kTileRows rows (the last one
  /// may be lower), tile by tile: columns 0 .. last row of the tile, each column's rows side by side,
  /// zero above the diagonal.
  const double* factor(std::size_t component) const { return factors.data() + component * factor_stride; }
  std::vector<double> factors;
  std::size_t factor_stride = 0;  ///< 0 where tied
};

/// log N at the mean: -(D log 2pi + log|Sigma_k|) / 2.
double log_normaliser(const Mixture& model, std::size_t component);

}  // namespace mogul
