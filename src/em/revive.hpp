// What happens to a component that the M-step leaves without rows or with a singular covariance.
#pragma once

#include <cstddef>
#include <limits>
#include <vector>

#include "em/degenerate.hpp"
#include "em/m_step.hpp"
#include "kernel/engine.hpp"
#include "mogul/options.hpp"

namespace mogul {

/// What is done about degenerate components, and how often it was.
struct Revival {
  DegeneratePolicy policy = DegeneratePolicy::revive;
  std::size_t n_distinct_rows = std::numeric_limits<std::size_t>::max();  ///< or more; see count_distinct_rows()
  std::size_t n_revived = 0;                                              ///< components that were moved so far
};

/// A valid mixture from the parameters of an M-step. Each degenerate component becomes, where the options let its
/// parameters change, a broad one at a row that is explained badly: the mean that row, the covariance that of all rows,
/// the weight 1 / K (the others shrink to make room). They are placed one after another, each under the density that
/// those before it have changed, on rows that differ in value; so a row of weight n is as good as n equal ones.
///
/// Left without weight are components beyond the number of different rows, and those that are empty again after 10 K
/// revivals.
/// @param degenerate  degenerate_components() of the parameters
/// @throws            fit_error under DegeneratePolicy::error, where no component can be moved (the
///                    covariance of all rows is singular too), or if one is singular after 10 K revivals
Mixture make_valid(Parameters parameters, const Stats& stats, const MStepOptions& step,
                   const std::vector<Degenerate>& degenerate, Engine& engine, Revival& revival);

}  // namespace mogul
