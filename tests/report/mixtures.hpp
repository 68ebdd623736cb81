// Mixtures that pictures must manage, of every structure and shape.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "mogul/mixture.hpp"

namespace mogul::test {

/// One feature: broad and narrow components, one of them without weight.
inline Mixture uneven_line() {
  return {families::full, {0.5, 0.3, 0, 0.2}, Matrix(4, 1, {0, 40, 7, 41}), {100, 1e-4, 1, 4}};
}

/// Two features, correlated, one component inside another one.
inline Mixture uneven_plane() {
  return {families::full, {0.6, 0.4}, Matrix(2, 2, {0, 0, 3, -1}), {9, 4, 4, 4, 0.01, -0.004, -0.004, 0.02}};
}

/// D features of any structure: K means on a line, standard deviations near 1.
inline Mixture of_structure(CovarianceFamily structure, std::size_t k, std::size_t d) {
  Matrix means(k, d);
  for (std::size_t c = 0; c < k; ++c) {
    for (std::size_t j = 0; j < d; ++j) means(c, j) = 3.0 * static_cast<double>(c) - static_cast<double>(j);
  }
  std::vector<double> covariances;
  const auto matrix = [&](double scale) {
    for (std::size_t i = 0; i < d; ++i) {
      for (std::size_t j = 0; j < d; ++j) covariances.push_back(scale * (i == j ? 1 : 0.3));
    }
  };
  const std::size_t n_stored = structure.shared ? 1 : k;
  for (std::size_t c = 0; c < n_stored; ++c) {
    if (structure.layout == Layout::matrix) matrix(structure.shared ? 1.5 : 1 + 0.1 * static_cast<double>(c));
    if (structure.layout == Layout::spherical)
      covariances.push_back(structure.shared ? 2 : 0.5 + 0.1 * static_cast<double>(c));
    for (std::size_t i = 0; structure.layout == Layout::diagonal && i < d; ++i) {
      covariances.push_back(0.5 + 0.1 * static_cast<double>((c * d + i) % 7));
    }
  }
  return {structure, std::vector<double>(k, 1.0 / static_cast<double>(k)), std::move(means), std::move(covariances)};
}

inline const std::vector<CovarianceFamily>& all_structures() {
  static const std::vector<CovarianceFamily> all{families::full,      families::tied,
                                                 families::diagonal,  families::tied_diagonal,
                                                 families::spherical, families::tied_spherical};
  return all;
}

}  // namespace mogul::test
