// Covariances whose Cholesky factors have been computed already, as by an M-step that had to know whether they exist.
#pragma once

#include <cstddef>
#include <vector>

#include "mogul/covariances.hpp"

namespace mogul {

/// Covariances in the matrix layout, made without factorising them again.
/// @param values   exactly symmetric; shapes as Covariances has them
/// @param factors  what cholesky() (base/cholesky.hpp) makes of each; shaped as the values
/// @throws         invalid_argument if a variance lies outside [1e-300, 1e300]
Covariances with_known_factors(Layout layout, bool shared, std::size_t n_components, std::size_t n_features,
                               std::vector<double> values, std::vector<double> factors);

}  // namespace mogul
