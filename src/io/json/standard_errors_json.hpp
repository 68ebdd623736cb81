// The standard errors that a model file holds, as JSON and back. For model_json.cpp.
#pragma once

#include "io/json/json_fields.hpp"
#include "mogul/mixture.hpp"
#include "mogul/standard_errors.hpp"

namespace mogul {

/// Without the estimates, which are the mixture's parameters.
JsonValue standard_errors_json(const StandardErrors& errors);
/// @throws invalid_data naming the field; invalid_argument as check(), which does not know the file
StandardErrors read_standard_errors(const JsonField& field, const Mixture& mixture);

}  // namespace mogul
