// The model: a mixture of K Gaussians in D dimensions. Made by fit() or from known parameters.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "mogul/covariance_family.hpp"
#include "mogul/covariances.hpp"
#include "mogul/matrix.hpp"

namespace mogul {

/// A Gaussian mixture, p(x) = sum_k pi_k N(x | mu_k, Sigma_k), that always holds its invariant: finite
/// parameters, mixing weights >= 0 that sum to one, symmetric positive definite covariances. Once moved from, it may
/// only be assigned to or destroyed.
class Mixture {
 public:
  /// @param weights      (K), mixing weights, >= 0, sum within 1e-8 of 1
  /// @param means        (K, D), finite, |value| <= 1e100; in the data's unit
  /// @param family       what fits that go on from this mixture maximise over; given covariances, and those with a
  ///                     reg_covar, need not belong to it
  /// @param covariances  as Covariances has them in the family's layout
  /// @throws             invalid_argument naming the component, the value and the rule
  /// @cost               O(D^3) for each stored matrix, O(1) for each stored variance
  Mixture(const CovarianceFamily& family, std::vector<double> weights, Matrix means, std::vector<double> covariances);
  /// The same from covariances that were made before.
  /// @throws  invalid_argument also if these have another shape than the family, the weights and the means
  Mixture(const CovarianceFamily& family, std::vector<double> weights, Matrix means, Covariances covariances);

  std::size_t n_components() const { return weights_.size(); }
  std::size_t n_features() const { return means_.cols(); }
  const CovarianceFamily& family() const { return family_; }

  const std::vector<double>& weights() const { return weights_; }
  const Matrix& means() const { return means_; }
  const Covariances& covariances() const { return covariances_; }
  /// Sigma_k as a (D, D) matrix, whatever the layout.
  Matrix covariance(std::size_t component) const { return covariances_.matrix(component); }
  /// The variance of feature d under component k, without forming a matrix.
  double variance(std::size_t component, std::size_t feature) const {
    return covariances_.variance(component, feature);
  }
  /// Lower Cholesky factor L of Sigma_k = L L^T as a (D, D) matrix, whatever the layout.
  Matrix cholesky(std::size_t component) const { return covariances_.cholesky(component); }
  /// log |Sigma_k|, from the Cholesky factor's diagonal.
  double log_determinant(std::size_t component) const { return covariances_.log_determinant(component); }

  /// Number of free parameters: K - 1 weights, K D means, and those of the family's covariances.
  std::size_t n_parameters() const;

  /// The mixture of the chosen features, in the given order: sub-vectors and sub-matrices, of the family that marginals
  /// belong to.
  /// @throws invalid_argument if features is empty, has a duplicate or an index >= D
  /// @source Bishop (2006), eq. 2.98
  Mixture marginal(std::span<const std::size_t> features) const;

  /// The same density with its components reordered: new component i is old component order[i].
  /// @throws invalid_argument if order is not a permutation of 0..K-1
  Mixture permuted(std::span<const std::size_t> order) const;

  bool operator==(const Mixture& other) const;
  /// A number that equal mixtures share, on every machine, and different ones as good as never (1 in 2^64); never 0.
  std::uint64_t fingerprint() const;

 private:
  CovarianceFamily family_;
  std::vector<double> weights_;
  Matrix means_;
  Covariances covariances_;
};

}  // namespace mogul
