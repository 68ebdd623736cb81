// The model: a mixture of K Gaussians in D dimensions. Made by fit() or from known parameters.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "mogul/covariances.hpp"
#include "mogul/matrix.hpp"

namespace mogul {

/// How the K covariance matrices are constrained. The shape is that of `Mixture::covariances()`.
enum class CovarianceStructure {
  full,            ///< each component its own matrix: (K, D, D)
  tied,            ///< one matrix for all: (D, D)
  diagonal,        ///< each component its own variances: (K, D)
  tied_diagonal,   ///< one set of variances for all: (D)
  spherical,       ///< each component one variance: (K)
  tied_spherical,  ///< one variance for all: (1)
};

/// The six structures with the names that the command line and the model files use.
struct CovarianceStructureName {
  CovarianceStructure structure;
  std::string_view name;
};
std::span<const CovarianceStructureName> covariance_structures();
std::string_view to_string(CovarianceStructure structure);
/// @throws invalid_argument for an unknown name, listing the six
CovarianceStructure covariance_structure_from(std::string_view name);

bool is_tied(CovarianceStructure structure);
Layout layout_of(CovarianceStructure structure);
/// Number of doubles that hold the covariances of K components in D dimensions.
/// @throws out_of_memory if no process could address so many
std::size_t covariance_size(CovarianceStructure structure, std::size_t n_components, std::size_t n_features);

class MadeOnce;
struct PreparedModel;

/// A Gaussian mixture, p(x) = sum_k pi_k N(x | mu_k, Sigma_k), that always holds its invariant: finite
/// parameters, weights >= 0 that sum to one, symmetric positive definite covariances. Once moved from, it may only be
/// assigned to or destroyed.
class Mixture {
 public:
  /// @param weights      (K), >= 0, sum within 1e-8 of 1
  /// @param means        (K, D), finite, |value| <= 1e100; in the data's unit
  /// @param covariances  row-major, of the structure's shape; in the data's unit squared, variances in
  ///                     [1e-300, 1e300]. A matrix must be symmetric within 1e-6 of its diagonal (it is
  ///                     then made exactly symmetric) and have a Cholesky factor in double precision.
  /// @throws             invalid_argument naming the component, the value and the rule
  /// @cost               O(K D^3) full, O(D^3) tied, O(K D) otherwise
  Mixture(CovarianceStructure structure, std::vector<double> weights, Matrix means, std::vector<double> covariances);

  std::size_t n_components() const { return weights_.size(); }
  std::size_t n_features() const { return means_.cols(); }
  CovarianceStructure structure() const { return structure_; }

  const std::vector<double>& weights() const { return weights_; }
  const Matrix& means() const { return means_; }
  /// As stored, row-major, of the structure's shape.
  const std::vector<double>& covariances() const { return covariances_.values(); }
  /// Sigma_k as a full (D, D) matrix, whatever the structure.
  Matrix covariance(std::size_t component) const { return covariances_.matrix(component); }
  /// The variance of feature d under component k, without forming a matrix.
  double variance(std::size_t component, std::size_t feature) const {
    return covariances_.variance(component, feature);
  }
  /// Lower Cholesky factor L of Sigma_k = L L^T as a (D, D) matrix, whatever the structure.
  Matrix cholesky(std::size_t component) const { return covariances_.cholesky(component); }
  /// log |Sigma_k|, from the Cholesky factor's diagonal.
  double log_determinant(std::size_t component) const { return covariances_.log_determinant(component); }

  /// Number of free parameters: K - 1 weights, K D means, and the covariances of the structure.
  std::size_t n_parameters() const;

  /// The mixture of the chosen features, in the given order: sub-vectors and sub-matrices.
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
  /// What the engine computes with: made when single rows are first asked about, then kept, and shared by copies.
  friend const PreparedModel& prepared(const Mixture& model);

  Mixture(CovarianceStructure structure, std::vector<double> weights, Matrix means, Covariances covariances);

  CovarianceStructure structure_;
  std::vector<double> weights_;
  Matrix means_;
  Covariances covariances_;
  std::shared_ptr<MadeOnce> prepared_;
};

}  // namespace mogul
