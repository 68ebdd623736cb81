// The model of a verb.
#pragma once

#include <string>

#include "mogul/io.hpp"

namespace mogul::cli {

/// What a file of another version has more or less is said on standard error.
/// @throws as read_model()
ModelFile read_model_with_notes(const std::string& path);

}  // namespace mogul::cli
