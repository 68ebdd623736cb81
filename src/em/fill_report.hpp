// What a fit tells about the run that is kept: its numbers, and what a user should look at first.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "mogul/em_loop.hpp"
#include "mogul/options.hpp"
#include "mogul/report.hpp"

namespace mogul {

/// All of the report but restarts, seeding and seconds.
/// @param loop             of the restart that is kept, at its end
/// @param n_rows           of any weight
/// @param row              what one of positive weight weighs: row_weight()
/// @param ended_by_caller  some restarts were cancelled, or not begun
void fill_report(FitReport& report, const EmLoop& loop, bool ended_by_caller, const FitOptions& options,
                 std::size_t n_rows, double row, const RowFacts& rows);

/// Components with a direction in which what reg_covar has added makes up `share` or more of the variance; all of them
/// where the covariance is shared. The order of the features does not matter.
/// @param added  added_variances()
/// @cost         O(K D^3) full, O(D^3) tied, O(K D) otherwise
std::size_t count_regularised(const Mixture& mixture, const std::vector<double>& added, double share);

}  // namespace mogul
