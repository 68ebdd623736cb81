// The sums over rows behind the observed information, in one pass.
//
// Louis (1982), Finding the observed information matrix when using the EM algorithm, JRSS B 44(2): with s_nk the score
// of row n if it came from component k, the observed information is that of the complete data less what is missing,
//
//   missing = sum_n w_n [ sum_k r_nk s_nk s_nk^T - s_n s_n^T ],     s_n = sum_k r_nk s_nk.
//
// The sums are made in free coordinates, K of log-weights, means and symmetric covariances in whitened coordinates,
// without a family's constraints; information.cpp has the rest.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "engine/engine.hpp"
#include "mogul/matrix.hpp"
#include "mogul/mixture.hpp"

namespace mogul {

/// Component k has 1 + D + C free coordinates: log pi_k, delta of mu_k + F_k delta, and S of F_k (I + S) F_k^T, which
/// has an element for each pair of features (the lower triangle), or where covariances are diagonal for each feature.
class FreeCoordinates {
 public:
  explicit FreeCoordinates(const Mixture& mixture);

  std::size_t n_components() const { return n_components_; }
  std::size_t n_features() const { return n_features_; }
  /// The elements of S: row >= column.
  const std::vector<std::pair<std::size_t, std::size_t>>& elements() const { return elements_; }
  std::size_t per_component() const { return 1 + n_features_ + elements_.size(); }
  std::size_t size() const { return n_components_ * per_component(); }

  std::size_t weight(std::size_t k) const { return k * per_component(); }
  std::size_t mean(std::size_t k, std::size_t i) const { return weight(k) + 1 + i; }
  std::size_t covariance(std::size_t k, std::size_t row, std::size_t col) const {
    return mean(k, n_features_) + (has_pairs_ ? row * (row + 1) / 2 + col : row);
  }

 private:
  std::size_t n_components_;
  std::size_t n_features_;
  bool has_pairs_;
  std::vector<std::pair<std::size_t, std::size_t>> elements_;
};

/// What a component's rows sum to, in its whitened coordinates z = F_k^-1 (x - mu_k).
struct WhitenedMoments {
  double n = 0;               ///< N_k
  std::vector<double> first;  ///< (D), sum_n w_n r_nk z_nk
  Matrix second;              ///< (D, D), of z z^T; the diagonal alone where covariances are diagonal
};

struct MissingInformation {
  Matrix missing;  ///< (Q, Q), Q the number of free coordinates
  std::vector<WhitenedMoments> moments;
};

/// @param engine      of one thread, so that blocks come in their order
/// @param whitenings  (K) of (D, D), F_k^-1
/// @param n_threads   that share out the products
/// @throws            interrupted_error
/// @cost              O(N Q^2); memory O(Q^2)
MissingInformation missing_information(Engine& engine, const Mixture& mixture, const std::vector<Matrix>& whitenings,
                                       unsigned n_threads);

}  // namespace mogul
