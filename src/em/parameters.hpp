// A mixture's parameters as an M-step makes them, before they are known to be a valid mixture. Its covariances are
// factorised once: whether they are singular (singular.hpp) and the mixture itself are both made of these factors.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "mogul/mixture.hpp"

namespace mogul {

/// Cholesky factors of covariances that are stored as matrices.
struct Factors {
  std::vector<double> values;                          ///< shaped as the covariances
  std::vector<std::optional<std::size_t>> failed_row;  ///< of each stored covariance: the first row without a pivot
};

/// Shapes as in Mixture.
struct Parameters {
  CovarianceFamily family;
  std::vector<double> weights;
  Matrix means;
  std::vector<double> covariances;
  std::optional<Factors> factors = {};  ///< of `covariances`; who changes those resets them
  bool has_prior = false;               ///< the covariances are not made of rows alone
};

Parameters parameters_of(const Mixture& mixture);

/// What is stored for component k: a matrix, D variances or one.
std::span<const double> covariance_of(const Parameters& parameters, std::size_t k);
double variance_of(const Parameters& parameters, std::size_t k, std::size_t feature);

/// The factors of all stored covariances; nothing to compute where they are not matrices.
/// @cost  O(D^3) for each stored matrix
Factors factorised(const Parameters& parameters);

/// @throws invalid_argument as Mixture's constructor
Mixture to_mixture(Parameters parameters);

}  // namespace mogul
