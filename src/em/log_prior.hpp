// The log density of the priors of a mixture's parameters.
#pragma once

#include <cstddef>

#include "mogul/mixture.hpp"
#include "mogul/stats.hpp"

namespace mogul {

/// Log density of those parameters that `options` estimates, under options.prior (mogul/prior.hpp), which must be
/// complete, and under the Dirichlet prior of weight_concentration; 0 without priors.
///
/// The density of a covariance is that of its family's layout, whatever further constraints the family has.
/// @return  in nats; normalised, so that it changes with the data's unit
/// @cost    O(K D^3) for matrices, O(K D) otherwise
double log_prior(const Mixture& mixture, const CovarianceFamily& family, const MStepOptions& options);

}  // namespace mogul
