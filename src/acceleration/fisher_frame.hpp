// Mixtures as vectors, about one of them.
//
// The coordinates are scaled by the Fisher information of the complete data, in which EM's step is the gradient of the
// mean log-likelihood: with p_k the mixing weights and L_k the Cholesky factors of the mixture in the middle, and
// A_k = L_k^-1 L'_k of another mixture,
//
//   sqrt(p_k) log(p'_k / p_k)      sqrt(p_k) L_k^-1 (mu'_k - mu_k)      sqrt(2 p_k) log diag A_k, sqrt(p_k) offdiag A_k
//
// For a covariance that all components share, 1 stands for p_k. Diagonal families have logarithms of standard
// deviations, scaled by sqrt(2 p_k), spherical ones by sqrt(2 D p_k). Every vector is a mixture of the family, or, for
// families that tie only some of volume, shape and orientation, of the free one of their layout (VVV or VVI): there the
// Fisher information is that of the family for moves within it.
// Source: Jamshidian, Jennrich (1997), Acceleration of the EM algorithm by using quasi-Newton methods, JRSS B 59(3).
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "mogul/hold.hpp"
#include "mogul/mixture.hpp"

namespace mogul {

/// Whether every vector is a member of the family: those with a plain word, such as full, tied and diagonal.
bool has_fisher_coordinates(const CovarianceFamily& family);

/// The family that the vectors of mixtures of a family make: the same, or the free one of its layout.
const CovarianceFamily& family_of_vectors(const CovarianceFamily& family);

class FisherFrame {
 public:
  /// @param middle  all mixing weights positive
  /// @param hold    parameters that have no coordinates, as they stay those of the middle
  FisherFrame(Mixture middle, const Hold& hold);

  /// @param mixture  of the same family and shape
  /// @cost           O(K D^3) where covariances are matrices
  std::vector<double> coordinates(const Mixture& mixture) const;
  /// Of family_of_vectors(). Nothing where a parameter leaves its range.
  /// @cost  as coordinates()
  std::optional<Mixture> mixture(std::span<const double> coordinates) const;

 private:
  bool has_matrices() const { return middle_.family().layout == Layout::matrix; }
  std::size_t n_covariances() const { return middle_.family().shared ? 1 : middle_.n_components(); }
  std::size_t covariance_of(std::size_t k) const { return middle_.family().shared ? 0 : k; }
  double scale_of_covariance(std::size_t k) const { return middle_.family().shared ? 1 : scales_[k]; }
  double scale_of_deviation(std::size_t k) const;
  std::size_t n_deviations() const;

  void append_matrix(std::size_t k, const Mixture& mixture, std::vector<double>& coordinates) const;
  void append_deviations(std::size_t k, const Mixture& mixture, std::vector<double>& coordinates) const;

  Mixture middle_;
  Hold hold_;
  std::vector<double> scales_;      // (K), sqrt(p_k)
  std::vector<Matrix> factors_;     // L_k of families with matrices; one where they share it
  std::vector<Matrix> whitenings_;  // their inverses
};

}  // namespace mogul
