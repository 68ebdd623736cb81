// Where the first restart from k-means begins. One clustering alone leaves it to chance which local maximum EM ends in;
// the best of a few short runs leaves less to it.
#pragma once

#include <cstddef>
#include <optional>

#include "em/effort.hpp"
#include "engine/engine.hpp"
#include "mogul/em_loop.hpp"
#include "mogul/options.hpp"

namespace mogul {

/// The best model that five steps of EM reach from each of four clusterings, of a sample where rows are many; nothing
/// where all of them collapse, or where nothing is to be fitted (K = 1, max_iter = 0).
/// @param effort       grows by the passes; the seconds are those of the start
/// @param n_seed_rows  receives how many rows the clusterings looked at
/// @source  Biernacki, Celeux, Govaert (2003), Choosing starting values for the EM algorithm, CSDA 41
/// @throws  interrupted_error
/// @cost    20 passes over at most 16,384 rows or 16 MiB, but 64 rows for each component
std::optional<Mixture> best_of_short_runs(Engine& engine, const FitOptions& options, const RowFacts& rows,
                                          Effort& effort, std::size_t& n_seed_rows);

}  // namespace mogul
