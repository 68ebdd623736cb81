// What happens to a component that the M-step leaves without rows or with a singular covariance.
#pragma once

#include <cstddef>

#include "em/m_step.hpp"
#include "kernel/engine.hpp"
#include "mogul/options.hpp"

namespace mogul {

/// A valid mixture from the parameters of an M-step. Each degenerate component becomes, where the options
/// let its parameters change, a broad one at one of the worst-explained rows: the mean that row, the
/// covariance that of all rows, the weight 1 / K (the others shrink to make room). Components that are empty again
/// after 10 K revivals, as where K is larger than the number of different rows, are left without weight.
/// @param n_revived  increased by the number of components moved
/// @throws           fit_error under DegeneratePolicy::error, where no component can be moved (the
///                   covariance of all rows is singular too), or if one is singular after 10 K revivals
Mixture make_valid(Parameters parameters, const Stats& stats, const MStepOptions& step, DegeneratePolicy policy,
                   Engine& engine, std::size_t& n_revived);

}  // namespace mogul
