// Variances typed behind a flag, and the family that they are the covariances of.
#pragma once

#include <optional>
#include <string>

#include "flags/known_covariances.hpp"
#include "flags/numbers.hpp"

namespace mogul::cli {

/// @param flag   that the variances were given with, for messages
/// @param asked  family of --covariance
/// @throws       UsageError where the numbers are not of the family's shape, or of that of two families
KnownCovariances covariances_from_variances(const std::string& flag, const NumberLists& variances,
                                            std::optional<CovarianceFamily> asked, const MixtureSize& size);

}  // namespace mogul::cli
