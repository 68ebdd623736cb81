// The observed information of a mixture's parameters, minus the second derivatives of the log-likelihood at its
// maximum, and the standard errors that follow from its inverse.
#pragma once

#include <vector>

#include "engine/engine.hpp"
#include "mogul/mixture.hpp"
#include "mogul/options.hpp"

namespace mogul {

/// The log-likelihood, with priors the penalised one, near a mixture: derivatives by coordinates of its estimated
/// parameters, log-ratios of weights to the last one, means in whitened coordinates, and those of covariance_chart().
struct LocalLikelihood {
  std::vector<double> gradient;  ///< (P), P = n_estimated_parameters()
  Matrix information;            ///< (P, P)
  Matrix jacobian;               ///< (P, ...), of weights, means and covariances, in the order of ParameterValues
};

/// @param options  hold, prior (complete) and weight_concentration
/// @throws         as missing_information() and covariance_chart()
LocalLikelihood local_likelihood(Engine& engine, const Mixture& mixture, const FitOptions& options);

/// The standard error of each of values_of().
/// @throws fit_error where there is no inverse, or the mixture is not at a maximum
std::vector<double> errors_by_information(Engine& engine, const Mixture& mixture, const FitOptions& options);

}  // namespace mogul
