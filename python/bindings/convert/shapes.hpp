// Shapes of arrays that the library keeps flat.
#pragma once

#include <cstddef>
#include <vector>

#include "mogul/mixture.hpp"

namespace mogul::python {

inline std::vector<std::size_t> covariance_shape(const CovarianceFamily& family, std::size_t n_components,
                                                 std::size_t n_features) {
  return covariance_shape(family.layout, family.shared, n_components, n_features);
}

}  // namespace mogul::python
