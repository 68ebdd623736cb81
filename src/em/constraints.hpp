// The rules that priors, held parameters and bounds keep among each other.
#pragma once

#include <cstddef>

#include "mogul/em_loop.hpp"
#include "mogul/options.hpp"
#include "mogul/stats.hpp"

namespace mogul {

/// What can be said without knowing the number of features.
/// @throws invalid_argument naming the option, its value and the rule
void check_constraints(const CovarianceFamily& family, const MStepOptions& options, std::size_t n_components);

/// That tol and reg_covar lie within their ranges.
/// @throws invalid_argument naming the option, its value and the rule
void check_step_rules(const EmOptions& options);

/// That rows have as many names as features, if any, and are not fewer than one.
/// @throws invalid_argument naming the fact, its value and the rule
void check_rows(const RowFacts& rows, std::size_t n_features);

/// That a start has no mixing weight whose prior density is 0.
/// @throws invalid_argument naming the component
void check_weights_of_start(const Mixture& start, const EmOptions& options);

/// That held covariances are of the family.
/// @throws invalid_argument naming both families
void check_family_of_start(const Mixture& start, const EmOptions& options);

/// Whether a start has equal mixing weights and the bound on eigenvalues, where they are asked for.
bool keeps_bounds(const Mixture& start, const EmOptions& options);

/// Whether the model of a start keeps the constraints that the M-step puts on mixing weights and covariances. From one
/// that does not, the first step may lower the objective.
bool keeps_constraints(const Mixture& start, const EmOptions& options);

}  // namespace mogul
