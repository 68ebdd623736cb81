// What a fit returns, of the run that is kept.
#pragma once

#include <cstddef>

#include "em/effort.hpp"
#include "mogul/fit.hpp"
#include "search/restarts.hpp"

namespace mogul {

/// @param report  has the restarts and the search
/// @param n_rows  of any weight
/// @param row     row_weight()
FitResult fit_result(BestRun found, FitReport report, const Effort& effort, const FitOptions& options,
                     std::size_t n_rows, double row, const RowFacts& rows);

}  // namespace mogul
