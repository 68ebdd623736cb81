// The covariances of a mixture's components as they are stored: one number, D variances or a matrix each, or one of
// these for all components.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "mogul/matrix.hpp"

namespace mogul {

/// What is stored of one covariance.
enum class Layout {
  spherical,  ///< one variance, the same in every direction
  diagonal,   ///< D variances, one for each feature
  matrix,     ///< a symmetric (D, D) matrix
};

/// The word for a layout of K separate covariances, or of one that all components share: "full", "tied", "diagonal",
/// "tied_diagonal", "spherical" or "tied_spherical".
std::string_view to_string(Layout layout, bool shared);

/// Number of doubles that hold the covariances of K components in D dimensions.
/// @throws out_of_memory if no process could address so many
std::size_t covariance_size(Layout layout, bool shared, std::size_t n_components, std::size_t n_features);

/// The shape in which they are stored: (K, D, D), (K, D) or (K); where shared, (D, D), (D) or (1).
std::vector<std::size_t> covariance_shape(Layout layout, bool shared, std::size_t n_components, std::size_t n_features);

/// The range of a variance: within it, reciprocals and products with rows stay finite.
inline constexpr double kSmallestVariance = 1e-300;
inline constexpr double kLargestVariance = 1e300;

/// The covariances Sigma_1..Sigma_K of K components in D dimensions. They are always positive definite in double
/// precision; their Cholesky factors and the inverses of these are kept. Once moved from, they may only be assigned to
/// or destroyed.
class Covariances {
 public:
  /// @param shared  whether all components have the same covariance, which is then stored once
  /// @param values  row-major, of shape(); in the data's unit squared, variances in [1e-300, 1e300]. A matrix must be
  ///                symmetric within 1e-6 of its diagonal (it is then made exactly symmetric) and have a Cholesky
  ///                factor in double precision.
  /// @throws        invalid_argument naming the component, the value and the rule
  /// @cost          O(D^3) for each stored matrix, O(1) for each stored variance
  Covariances(Layout layout, bool shared, std::size_t n_components, std::size_t n_features, std::vector<double> values);

  Layout layout() const { return layout_; }
  bool is_shared() const { return shared_; }
  std::size_t n_components() const { return n_components_; }
  std::size_t n_features() const { return n_features_; }

  /// As stored, row-major, of shape().
  const std::vector<double>& values() const { return values_; }
  /// As covariance_shape() has it.
  std::vector<std::size_t> shape() const { return covariance_shape(layout_, shared_, n_components_, n_features_); }

  /// The variance of feature d under component k, without forming a matrix.
  double variance(std::size_t component, std::size_t feature) const;
  /// Sigma_k as a (D, D) matrix, whatever the layout.
  Matrix matrix(std::size_t component) const;
  /// Lower Cholesky factor L of Sigma_k = L L^T as a (D, D) matrix, whatever the layout.
  Matrix cholesky(std::size_t component) const;
  /// Its inverse, which whitens: under component k the covariance of L^-1 (x - mu_k) is the identity.
  Matrix whitening(std::size_t component) const;
  /// log |Sigma_k|, from the Cholesky factor's diagonal.
  double log_determinant(std::size_t component) const;

  /// The covariances of the chosen features, in the given order: sub-matrices.
  /// @throws invalid_argument if features is empty, has a duplicate or an index >= D
  Covariances marginal(std::span<const std::size_t> features) const;
  /// The same covariances in another order: new component i is old component order[i].
  /// @throws invalid_argument if order is not a permutation of 0..K-1
  Covariances permuted(std::span<const std::size_t> order) const;

  bool operator==(const Covariances& other) const;

 private:
  /// An M-step that knows the factors hands them on.
  friend Covariances with_known_factors(Layout layout, bool shared, std::size_t n_components, std::size_t n_features,
                                        std::vector<double> values, std::vector<double> factors);
  Covariances(Layout layout, bool shared, std::size_t n_components, std::size_t n_features, std::vector<double> values,
              std::vector<double> factors);

  void invert_factors();
  std::size_t index(std::size_t component) const { return shared_ ? 0 : component; }
  Matrix expanded(const std::vector<double>& stored, std::size_t component) const;

  Layout layout_;
  bool shared_;
  std::size_t n_components_;
  std::size_t n_features_;
  std::vector<double> values_;
  std::vector<double> factors_;   // Cholesky factors, shaped as values_; standard deviations where not matrices
  std::vector<double> inverses_;  // of the factors, shaped as they are
};

}  // namespace mogul
