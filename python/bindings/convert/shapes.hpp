// Shapes of arrays that the library keeps flat.
#pragma once

#include <cstddef>
#include <vector>

#include "mogul/mixture.hpp"

namespace mogul::python {

/// (K, D, D), (D, D), (K, D), (D), (K) or (1).
std::vector<std::size_t> covariance_shape(CovarianceFamily family, std::size_t n_components,
                                          std::size_t n_features);

}  // namespace mogul::python
