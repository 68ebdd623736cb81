// EM from several starts, of which the best end is kept.
#pragma once

#include <cstddef>

#include "engine/engine.hpp"
#include "mogul/em_loop.hpp"
#include "mogul/options.hpp"
#include "mogul/report.hpp"
#include "search/beginnings.hpp"

namespace mogul {

/// What the loops are to know about the rows.
/// @cost  as count_distinct_rows(); two passes where a prior is to be made of them
RowFacts facts_of(Engine& engine, std::vector<std::string> feature_names, const FitOptions& options);

struct BestRun {
  EmLoop loop;           ///< at its end
  bool ended_by_caller;  ///< some restarts were cancelled, or not begun
};

/// The loop of the restart with the highest objective; the first of equal ones.
/// @param report  receives the restarts
/// @throws        fit_error of the first restart if all fail; interrupted_error before the first model
BestRun best_of_restarts(Engine& engine, const FitOptions& options, const RowFacts& rows, FirstStart first_start,
                         Effort& effort, FitReport& report);

}  // namespace mogul
