// The flags of `mogul fit` about priors, bounds and what is held.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "flags/flag_group.hpp"
#include "mogul/options.hpp"

namespace mogul::cli {

struct ConstraintFlags {
  std::vector<std::string> hold;  ///< words of --hold, as they were separated by commas
  bool equal_weights = false;
  std::optional<Prior> prior;
  std::optional<double> weight_concentration;
  std::optional<double> max_eigenvalue_ratio;
  std::optional<RegCovar> reg_covar;  ///< default: that of the library, or 0 with a prior or a bound
};

/// @param zero_with  the flags with which its default is 0
void add_reg_covar_flag(FlagGroup& group, ConstraintFlags& flags, const std::string& zero_with);
void add_eigenvalue_ratio_flag(FlagGroup& group, ConstraintFlags& flags);
/// Those two, priors, and equal weights.
void add_constraint_flags(FlagGroup& group, ConstraintFlags& flags);
/// --hold, of fits that have one start.
void add_hold_flag(FlagGroup& group, ConstraintFlags& flags);

/// @throws UsageError for words of --hold that are not known
void check(const ConstraintFlags& flags);
void set_constraints(FitOptions& options, const ConstraintFlags& flags);

}  // namespace mogul::cli
