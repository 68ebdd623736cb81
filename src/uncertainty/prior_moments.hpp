// A prior as rows: what it adds to a component's moments in the second derivatives of the penalised log-likelihood.
#pragma once

#include <cstddef>
#include <vector>

#include "mogul/matrix.hpp"
#include "mogul/mixture.hpp"
#include "mogul/options.hpp"

namespace mogul {

/// The log density of the priors of mu_k and Sigma_k is, but for a constant,
///
///   -a / 2 log |Sigma_k| - tr(Sigma_k^-1 (Lambda + kappa (mu_k - m)(mu_k - m)^T)) / 2,
///
/// the expected log-likelihood of kappa rows at m, and others, whose numbers differ between mean and covariance.
struct PriorMoments {
  double n_of_mean = 0;        ///< kappa
  double n_of_covariance = 0;  ///< a
  std::vector<double> first;   ///< (D), kappa z of the row m, in whitened coordinates
  Matrix second;               ///< (D, D), of Lambda and m
};

/// @param options    hold, and a complete prior, if there is one; else all is 0. What is held has no prior. That of a
///                   shared covariance is counted for component 0.
/// @param whitening  F_k^-1
PriorMoments prior_moments(const Mixture& mixture, const FitOptions& options, std::size_t k, const Matrix& whitening);

}  // namespace mogul
