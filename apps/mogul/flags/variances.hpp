// Variances typed behind a flag, and the structure that they are the covariances of.
#pragma once

#include <optional>
#include <string>

#include "flags/known_covariances.hpp"
#include "flags/numbers.hpp"

namespace mogul::cli {

/// @param flag   that the variances were given with, for messages
/// @param asked  structure of --covariance
/// @throws       UsageError where the numbers are not of the structure's shape, or of that of two structures
KnownCovariances covariances_from_variances(const std::string& flag, const NumberLists& variances,
                                            std::optional<CovarianceStructure> asked, const MixtureSize& size);

}  // namespace mogul::cli
