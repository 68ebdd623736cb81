// Covariances that are known rather than fitted, as `mogul model` takes them. What the numbers are follows from
// --covariance, else from how many there are.
#pragma once

#include <cstddef>
#include <vector>

#include "mogul/mixture.hpp"

namespace mogul::cli {

struct MixtureSize {
  std::size_t n_components;  ///< K
  std::size_t n_features;    ///< D
};

struct KnownCovariances {
  CovarianceFamily family;
  std::vector<double> values;  ///< as Mixture takes them
};

}  // namespace mogul::cli
