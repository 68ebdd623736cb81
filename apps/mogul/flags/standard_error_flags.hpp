// The flags of `mogul fit` about standard errors.
#pragma once

#include <cstddef>
#include <optional>

#include "flags/command_line.hpp"
#include "mogul/options.hpp"
#include "mogul/report.hpp"
#include "mogul/standard_errors.hpp"

namespace mogul::cli {

struct StandardErrorFlags {
  std::optional<StandardErrorMethod> method;  ///< none: no standard errors
  std::optional<std::size_t> n_bootstrap;
  std::optional<double> level;
};

void add_standard_error_flags(CommandLine& line, StandardErrorFlags& flags);

/// @throws UsageError for a flag without --standard-errors, or with a method that it does not concern;
///         invalid_argument as check() of the options
void check(const StandardErrorFlags& flags);

/// @param fit     of the mixture
/// @param report  of that fit, which knows the prior
StandardErrorOptions standard_error_options(const StandardErrorFlags& flags, const FitOptions& fit,
                                            const FitReport& report);

}  // namespace mogul::cli
