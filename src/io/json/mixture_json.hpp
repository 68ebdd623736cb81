// The parameters of a mixture as the fields of an object. For model_json.cpp, trace_json.cpp and checkpoint_json.cpp.
#pragma once

#include <cstddef>
#include <vector>

#include "io/json/json_fields.hpp"
#include "mogul/mixture.hpp"

namespace mogul {

/// Adds the fields covariance, weights, means and covariances.
void add_mixture(JsonValue& object, const Mixture& mixture);
/// Reads them.
/// @throws invalid_data naming the field; invalid_argument for a rule of Mixture, which does not know the file
Mixture read_mixture(const JsonField& object, Size n_components, Size n_features);

/// Numbers of the shape of stored covariances: values row by row.
JsonValue covariances_json(const std::vector<double>& values, const CovarianceFamily& family, std::size_t n_components,
                           std::size_t n_features);
std::vector<double> read_covariances(const JsonField& field, const CovarianceFamily& family, Size n_components,
                                     Size n_features);

}  // namespace mogul
