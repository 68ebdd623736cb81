// The parameters of a mixture in a row: weights, means, covariances as they are stored.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "mogul/mixture.hpp"
#include "mogul/standard_errors.hpp"

namespace mogul {

/// How many they are.
std::size_t n_values(const Mixture& mixture);
std::vector<double> values_of(const Mixture& mixture);
/// @param values  (n_values())
ParameterValues values_from(std::span<const double> values, const Mixture& mixture);

/// Where each stands.
class ValuePlaces {
 public:
  explicit ValuePlaces(const Mixture& mixture)
      : n_components_(mixture.n_components()),
        n_features_(mixture.n_features()),
        layout_(mixture.family().layout),
        shared_(mixture.family().shared) {}

  std::size_t weight(std::size_t k) const { return k; }
  std::size_t mean(std::size_t k, std::size_t i) const { return n_components_ + k * n_features_ + i; }

  /// Calls visit(place, i, j) for each element of Sigma_k that is stored for component k, and for no other: those of a
  /// shared covariance are stored for component 0.
  template <class Visit>
  void visit_covariance(std::size_t k, const Visit& visit) const {
    if (shared_ && k > 0) return;
    const std::size_t rows = layout_ == Layout::spherical ? 1 : n_features_;
    const std::size_t size = layout_ == Layout::matrix ? rows * rows : rows;
    const std::size_t first = mean(n_components_, 0) + k * size;
    for (std::size_t i = 0; i < rows; ++i) {
      if (layout_ != Layout::matrix) {
        visit(first + i, i, i);
        continue;
      }
      for (std::size_t j = 0; j < rows; ++j) visit(first + i * rows + j, i, j);
    }
  }

 private:
  std::size_t n_components_;
  std::size_t n_features_;
  Layout layout_;
  bool shared_;
};

}  // namespace mogul
