// --covariance: the family of the covariances, by its name here or in other programs.
#pragma once

#include <optional>
#include <string>

#include "flags/flag_group.hpp"
#include "mogul/mixture.hpp"

namespace mogul::cli {

/// The family that a word of --covariance names. @throws UsageError that lists the words, with the closest one
const CovarianceFamily& family_of_word(const std::string& word);

void add_covariance_flag(FlagGroup& group, std::optional<CovarianceFamily>& family, const std::string& help);

}  // namespace mogul::cli
