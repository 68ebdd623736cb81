// The search for the highest maximum: starts, short runs of which the better ones are followed, and moves of components
// from where they are of little use to where they are missing.
#pragma once

#include "engine/engine.hpp"
#include "search/restarts.hpp"

namespace mogul {

/// @param search  not none
/// @param row     row_weight()
/// @param report  receives what the search did, and its runs
/// @throws        as best_of_restarts(), whose best run is found in its place where every start collapses, or where
///                rows have fewer different values than there are components
BestRun best_of_search(Engine& engine, const FitOptions& options, Search search, const RowFacts& rows, double row,
                       Effort& effort, FitReport& report);

}  // namespace mogul
