// Standard errors by differences: the oracle of the observed information. Coordinates are volumes, shapes and rotations
// of axes, one plane after the other, for every family alike, which are not those of the library.
#pragma once

#include <vector>

#include "mogul/dataset.hpp"
#include "mogul/mixture.hpp"
#include "mogul/options.hpp"

namespace mogul::test {

/// Of weights, means and covariances as they are stored, from second differences of the log-likelihood, or with priors
/// of the penalised one, at a maximum.
/// @param options  hold, and a complete prior, if there is one
std::vector<double> numerical_errors(const Mixture& mixture, const DataView& data, const FitOptions& options = {});

/// A fit of textbook EM that has nothing left to gain.
Mixture fitted_to_the_end(const DataView& data, FitOptions options);

}  // namespace mogul::test
