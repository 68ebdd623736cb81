// Which rows starts look at where there are many. Public twin: mogul/row_sample.hpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/engine.hpp"
#include "mogul/row_sample.hpp"
#include "start/units.hpp"

namespace mogul {

/// How many rows a start of so many components looks at: 65,536 or 16 MiB, but at least 30 per component.
std::size_t n_seeding_rows(const Engine& engine, std::size_t n_components);

/// The rows that lie outermost, ascending: of each column the least and the largest, those of the most standard
/// deviations where there would be too many, and the rows farthest from the mean of all.
/// @param units   standard_units()
/// @param n_most  about how many
/// @cost          two passes, for full and tied families three
std::vector<std::size_t> outermost_rows(Engine& engine, const Units& units, CovarianceFamily family,
                                        std::size_t n_most);

/// An evenly spread sample of n_rows rows of positive weight, the outermost ones among them; all if there are no more.
/// @param outermost  ascending; stand for themselves only
RowSample sample_rows(const Engine& engine, std::size_t n_rows, const std::vector<std::size_t>& outermost,
                      std::uint64_t seed, std::size_t restart);

}  // namespace mogul
