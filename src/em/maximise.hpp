// The M-step: statistics -> parameters. A pure function; whether the parameters make a valid mixture is
// asked afterwards (degenerate.hpp), because a degenerate component is repaired elsewhere (repair.hpp).
#pragma once

#include "em/parameters.hpp"
#include "mogul/stats.hpp"

namespace mogul {

/// Which maximum of a family that has several: the one that iterations from the current covariances lead to, or the
/// highest that those from all starts of the family find.
enum class Optimum { nearest, highest };

/// Weighted counts, means and covariances, with the factors of these; what options.hold names comes from
/// `current`, whose means the statistics are about. An empty component keeps its mean and what is its own of its
/// covariance; with a prior it takes those of the prior's mode.
/// @param options              with a complete prior, if there is one
/// @param current_covariances  valid ones, where iterations of the family start; null at the start of EM
Parameters update_parameters(const Stats& stats, const Parameters& current, const MStepOptions& options,
                             const Covariances* current_covariances = nullptr, Optimum optimum = Optimum::nearest);

}  // namespace mogul
